"""A λ without a search: from the time over which AdamW's weights average their updates."""

import math
from dataclasses import dataclass, replace

from weightdecay.apply._number import number, shown
from weightdecay.errors import InputError

# What a τ that was computed from λ, or λ from τ, may be off by.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Suggestion:
    """A λ for AdamW, the range that it lies in, and the training that it is for.

    Attributes
    ----------
    weight_decay : float
        λ of ``torch.optim.AdamW`` (``Decay(λ, on="step")``): a step takes lr·λ of a weight.
    low, high : float
        The range that the rule of thumb leaves open: an average over the whole training, and over
        one epoch. Both are that over the whole training where it is shorter than an epoch.
    timescale : float
        τ, the epochs over which a weight averages its updates.
    rows, batch_size : int
    epochs, lr : float
    """

    weight_decay: float
    low: float
    high: float
    timescale: float
    rows: int
    batch_size: int
    epochs: float
    lr: float

    @property
    def within(self) -> bool:
        """Whether τ is at least an epoch and at most the whole training, so that the rule holds."""
        longest = self.epochs * (1 + _ROUNDING)
        return 1 - _ROUNDING <= self.timescale <= longest

    def transfer(
        self,
        *,
        rows: int | None = None,
        batch_size: int | None = None,
        epochs: float | None = None,
        lr: float | None = None,
        width: float = 1.0,
    ) -> "Suggestion":
        """λ of the same τ in another training: λ = batch_size / (lr·rows·τ).

        So λ grows with the batch, falls with the rows and with the learning rate, and does not
        depend on the epochs (which may take it out of its range, see :attr:`within`).

        Parameters
        ----------
        rows, batch_size, epochs, lr : optional
            Of the other training; what is left out stays.
        width : float, default 1.0
            How many times as wide the network is. Under µP the learning rate of its hidden matrices
            is divided by it, so their λ is multiplied by it. For these alone; not together with
            `lr`.

        Returns
        -------
        Suggestion
            With the learning rate of the hidden matrices where `width` is given.

        Raises
        ------
        InputError
            If a number is out of range, or both `width` and `lr` are given.

        Examples
        --------
        >>> from weightdecay import suggest
        >>> small = suggest(rows=50_000, batch_size=500, epochs=100, lr=1e-3, weight_decay=0.5)
        >>> small.transfer(rows=500_000).weight_decay
        0.05
        >>> small.transfer(width=4).weight_decay
        2.0
        """
        _positive("width", width)
        if lr is not None and width != 1:
            raise InputError("width: under µP it sets the learning rate; leave out width or lr")
        return suggest(
            rows=self.rows if rows is None else rows,
            batch_size=self.batch_size if batch_size is None else batch_size,
            epochs=self.epochs if epochs is None else epochs,
            lr=self.lr / width if lr is None else lr,
            timescale=self.timescale,
        )


def suggest(
    *,
    rows: int,
    batch_size: int,
    epochs: float,
    lr: float,
    timescale: float | None = None,
    weight_decay: float | None = None,
) -> Suggestion:
    r"""A λ for AdamW without a search, from rows, batch size, epochs and learning rate.

    AdamW's weights are an exponential moving average of its past updates [1]_,

    .. math::
        w_t = (1 - \eta\lambda)\, w_{t-1} + \eta\lambda \left(-\tfrac{1}{\lambda} u_t\right),
        \qquad \tau = \frac{1}{\eta\lambda}\ \text{steps},

    with :math:`u_t` Adam's direction. To have seen all rows it should average over no less than an
    epoch, and to have forgotten the start over no more than the training; the best τ, counted in
    epochs, was nearly constant over sizes of networks and data (ResNet-18 and vision transformers
    on CIFAR-10 and ImageNet, nanoGPT on OpenWebText) [1]_. So

    .. math:: \lambda = \frac{b}{\eta\, n\, \tau}

    with b `batch_size`, n `rows`, τ in epochs. Without `timescale`, τ is the geometric mean of the
    two ends, √epochs: a choice of this package, not of the paper, whose ends are all that is left
    without a search. In less than an epoch no τ is between the two; there it is the whole training,
    since the start is to be forgotten and no row comes twice. For one small search, vary τ and keep
    the best.

    It holds for AdamW (or Adam, Lion and the like with ``Decay(on="step")``) with many steps, on
    the hidden matrices. Where the learning rate has a schedule, `lr` is its peak, and the true
    average is longer. With language models trained on ever more tokens the best τ is not constant:
    it follows a power law in tokens per parameter [2]_. With SGD, use :func:`weightdecay.path`.

    Parameters
    ----------
    rows : int
        Rows of the training data, n.
    batch_size : int
        Rows of a step, b, over all devices and accumulated gradients.
    epochs : float
        Of the whole training.
    lr : float
        Peak learning rate, η.
    timescale : float, optional
        τ in epochs, where it is known from another training.
    weight_decay : float, optional
        A λ that is known to be good in this training, instead of `timescale`: for
        its method ``transfer``.

    Returns
    -------
    Suggestion

    Raises
    ------
    InputError
        If a number is out of range, or both `timescale` and `weight_decay` are given.

    Examples
    --------
    >>> from weightdecay import suggest
    >>> advice = suggest(rows=50_000, batch_size=500, epochs=100, lr=1e-3)
    >>> advice.weight_decay, advice.low, advice.high
    (1.0, 0.1, 10.0)

    References
    ----------
    .. [1] X. Wang and L. Aitchison, "How to set AdamW's weight decay as you scale model and dataset
       size", 2024, arXiv 2405.13698.
    .. [2] S. Bergsma et al., "Power Lines: Scaling Laws for Weight Decay and Batch Size in LLM
       Pre-training", NeurIPS 2025, arXiv 2505.13738.
    """
    for name, count in (("rows", rows), ("batch_size", batch_size)):
        _positive(name, count)
        if count != int(count):
            raise InputError(f"{name}: {count} is not a whole number")
    _positive("epochs", epochs)
    _positive("lr", lr)
    if timescale is not None and weight_decay is not None:
        raise InputError("timescale: weight_decay says the same; leave out one")
    one_epoch = batch_size / (lr * rows)  # λ at τ = 1 epoch
    if weight_decay is not None:
        _positive("weight_decay", weight_decay)
        timescale = one_epoch / weight_decay
    elif timescale is None:
        timescale = min(math.sqrt(epochs), epochs)
    _positive("timescale", timescale)
    low, high = one_epoch / epochs, one_epoch / min(epochs, 1.0)
    found = Suggestion(one_epoch / timescale, low, high, timescale, rows, batch_size, epochs, lr)
    return found if weight_decay is None else replace(found, weight_decay=weight_decay)


def _positive(name: str, value: float) -> None:
    if not 0 < number(value) < math.inf:
        raise InputError(f"{name}: {shown(value)} is not a finite number above 0")
