"""A weight decay as one value: coefficient × penalty × coupling × selection."""

import math
from dataclasses import dataclass, field
from typing import Literal, get_args

from weightdecay.decay._penalties import L2, Penalty, Proximal
from weightdecay.decay._selection import Selection
from weightdecay.errors import InputError

Coupling = Literal["loss", "step", "prox"]


@dataclass(frozen=True)
class Decay:
    r"""λ·Ω(w) on some of a model's parameters, in the loss or on the step.

    With :math:`g` the gradient of the data loss, :math:`\eta` the learning rate and
    :math:`u(\cdot)` the optimizer's direction,

    .. math::
        \text{on="loss":}\quad & w \leftarrow w - \eta\, u(g + \lambda\, \partial\Omega(w)) \\
        \text{on="step":}\quad & w \leftarrow w - \eta\lambda\, \partial\Omega(w) - \eta\, u(g) \\
        \text{on="prox":}\quad & w \leftarrow \mathrm{prox}_{\eta\lambda\Omega}(w - \eta\, u(g))

    "loss" is what ``weight_decay`` means in ``torch.optim.SGD`` and ``Adam``: the optimizer's
    moments see the penalty. "step" is what it means in ``torch.optim.AdamW``: as in PyTorch, and
    unlike the paper [1]_, the decay is multiplied by the learning rate. "prox" is the proximal step
    [2]_, which makes weights exactly 0 under L1; with SGD without momentum its limit minimises the
    same objective as "loss". (Momentum m adds gradients up to g/(1 − m) and leaves the step of ηλ
    as it is: unless ``dampening`` is m too, the limit is that of (1 − m)·λ.)

    Parameters
    ----------
    weight_decay : float, default 0.0
        λ, per mean loss over the rows of a step; with :class:`L2`, whose Ω is ½Σw², it is torch's
        ``weight_decay``, and twice the λ of a loop that adds λ‖w‖². Studies put their own λs in its
        place.
    penalty : Penalty, default L2()
        Ω.
    on : {"loss", "step", "prox"}, default "loss"
        Where it enters.
    select : {"weights", "all", "last"} or callable, default "weights"
        Which parameters decay, see :func:`selected`.

    Raises
    ------
    InputError
        If λ is negative or not finite, or `on` or `penalty` is not one of the above.

    Examples
    --------
    >>> from weightdecay import L1, Decay
    >>> Decay(1e-3, L1(), on="step")
    Decay(weight_decay=0.001, penalty=L1(), on='step', select='weights')

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
       arXiv 1711.05101, algorithm 2.
    .. [2] N. Parikh and S. Boyd, "Proximal Algorithms", Foundations and Trends in Optimization 1
       (2014), section 4.2.
    """

    weight_decay: float = 0.0
    penalty: Penalty = field(default_factory=L2)
    on: Coupling = "loss"
    select: Selection = "weights"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.weight_decay) and self.weight_decay >= 0):
            raise InputError(
                f"weight_decay: {self.weight_decay} is not a finite number of 0 or more"
            )
        if self.on not in get_args(Coupling):
            raise InputError(f"on: {self.on!r} is none of 'loss', 'step', 'prox'")
        if isinstance(self.penalty, type):
            raise InputError(f"penalty: write {self.penalty.__name__}(), not the class")
        if not isinstance(self.penalty, Penalty):
            raise InputError(f"penalty: {self.penalty!r} has no value() and gradient()")
        if self.on == "prox" and not isinstance(self.penalty, Proximal):
            raise InputError(f"penalty: {self.penalty!r} has no prox(), which on='prox' needs")
