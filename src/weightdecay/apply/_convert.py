"""λ from one convention to another."""

import math
from difflib import get_close_matches

from weightdecay.apply._conventions import CONVENTIONS, Convention, Penalized
from weightdecay.apply._number import number, shown
from weightdecay.errors import InputError
from weightdecay.language import Words

# Quantities that are whole and at least 1, and those above 0; the others are shares.
_COUNTS = ("rows", "batch_size", "outputs")
_POSITIVE = ("epochs", "lr", "sigma")


class Refused(InputError):
    """A conversion that cannot be made; its words are in the language catalogues."""

    def __init__(self, reason: str, argument: str, **values: object) -> None:
        self.reason, self.argument, self.values = reason, argument, values
        super().__init__(self.text(Words("en"), argument, "optimizer='sgd'"))

    def text(self, words: Words, argument: str, sgd: str) -> str:
        """Say why, with the names that `argument` and the way to say plain SGD have there."""
        of_sgd = self.reason in ("entry", "not_plain")
        values = {"sgd": sgd, **self.values} if of_sgd else self.values
        return words(f"convert.error.{self.reason}", argument=argument, **values)


def convert(
    value: float,
    from_: str,
    to: str,
    *,
    rows: int | None = None,
    batch_size: int | None = None,
    epochs: float | None = None,
    lr: float | None = None,
    sigma: float | None = None,
    l1_ratio: float | None = None,
    momentum: float | None = None,
    dampening: float = 0.0,
    outputs: int = 1,
    optimizer: str | None = None,
) -> float:
    r"""The coefficient that does in one convention what `value` does in another.

    Everything goes through :math:`\lambda`, the ``weight_decay`` of ``torch.optim`` beside a loss
    averaged over rows, :math:`\frac12 r^2` or cross-entropy:

    ====================== =============================================== =======================
    convention             v is                                            λ
    ====================== =============================================== =======================
    ``torch``              ``weight_decay``                                v
    ``torch-mse``          the same, beside ``nn.MSELoss()``               v·outputs / 2
    ``torch-sum``          the same, beside a loss summed over the batch   v / batch_size
    ``torch-mse-sum``      beside ``nn.MSELoss(reduction="sum")``          v / (2·batch_size)
    ``d2l``                ``lambd`` of Dive into Deep Learning            v
    ``keras``              l of ``l2(l)``, or l·Σw² in a loop              2·v
    ``keras-mse``          the same, beside Keras's mean squared error     v·outputs
    ``ridge``              ``Ridge(alpha)``                                v / rows
    ``logistic``           ``LogisticRegression(C)``                       1 / (rows·v)
    ``mlp``                ``MLPRegressor(alpha)``, ``MLPClassifier``      v / batch_size
    ``elastic-net``        ``ElasticNet(alpha)``, its L2 part              v·(1 − l1_ratio)
    ``laplace``            precision of the prior, classification          v / rows
    ``laplace-regression`` precision of the prior, noise of sd sigma       v·sigma² / rows
    ``adamw``              ``weight_decay`` of torch's AdamW, SGDW         v
    ``independent``        times the schedule alone (Composer)             v / lr
    ``normalized``         Loshchilov and Hutter's λ_norm                  v·√(batch_size /
                                                                           (rows·epochs)) / lr
    ``sgds``               stable weight decay of SGD                      v; beside a decay on the
                                                                           step v·(1 − dampening) /
                                                                           (1 − momentum)
    ``ema-steps``          time-scale of AdamW's average, in steps         1 / (lr·v)
    ``ema-epochs``         the same, in epochs                             1 / (lr·v·rows /
                                                                           batch_size)
    ``l1``                 ``Decay(v, L1())``                              v, of Σ|w|
    ``l1-mse``             the same, beside ``nn.MSELoss()``               v·outputs / 2, of Σ|w|
    ``lasso``              ``Lasso(alpha)``                                v, of Σ|w|
    ``elastic-net``        ``ElasticNet(alpha)``, its L1 part              v·l1_ratio, of Σ|w|
    ====================== =============================================== =======================

    ``adamw`` to ``ema-epochs`` are decays on the step, from ``ridge`` to ``laplace`` penalties in
    the loss; only under SGD without momentum are these one thing, and only there are they
    converted (`optimizer`). ``torch`` stands for both: coupled in ``SGD`` and ``Adam``, on the step
    in ``AdamW``. ``sgds`` is a decay on the step that makes up for momentum: its limit is that of a
    penalty in the loss with the same λ, as ``torch.optim.SGD`` has it.

    Parameters
    ----------
    value : float
        v, the coefficient in the convention `from_`.
    from_, to : str
        Names of the table.
    rows : int, optional
        Rows of the training data, n.
    batch_size : int, optional
        Rows of a step, b.
    epochs : float, optional
        Epochs of the whole training, E.
    lr : float, optional
        Learning rate, at its peak where a schedule changes it.
    sigma : float, optional
        Standard deviation of the noise that the regression assumes.
    l1_ratio : float, optional
        Share of L1 in the elastic net, 0 to 1: glmnet's alpha.
    momentum, dampening : float, optional
        Of SGD, 0 or more and less than 1: between ``sgds`` and other decays on the step.
    outputs : int, default 1
        Numbers that the network gives for a row: ``nn.MSELoss`` averages over them too.
    optimizer : {"sgd"}, optional
        "sgd", SGD without momentum, allows conversion between loss and step. With momentum
        ``sgds`` is what a penalty in the loss is.

    Returns
    -------
    float
        The coefficient in the convention `to`; infinite where λ is 0 and `to` is its inverse.

    Raises
    ------
    InputError
        If a quantity that the conversion needs is missing (the message names it), a number is out
        of range, a name unknown, or no number can do in `to` what `value` does in `from_`: L1 and
        L2, or loss and step under other optimizers than plain SGD.

    Examples
    --------
    Keras's ``l2(0.01)``, the scikit-learn ridge of the same fit, and a λ from a time-scale:

    >>> from weightdecay import convert
    >>> convert(0.01, "keras", "torch")
    0.02
    >>> convert(0.02, "torch-mse", "ridge", rows=500)
    5.0
    >>> convert(20, "ema-epochs", "adamw", rows=50_000, batch_size=500, lr=1e-3)
    0.5
    """
    source, target = convention("from_", from_), convention("to", to)
    given = {
        "rows": rows,
        "batch_size": batch_size,
        "epochs": epochs,
        "lr": lr,
        "sigma": sigma,
        "l1_ratio": l1_ratio,
        "momentum": momentum,
        "dampening": dampening,
        "outputs": outputs,
    }
    if not number(value) >= 0:
        raise Refused("value", "value", value=shown(value))
    if optimizer not in (None, "sgd"):
        raise Refused("optimizer", "optimizer", value=optimizer)
    if {source.enters, target.enters} == {"loss", "step"}:
        if optimizer is None:
            raise Refused("entry", "to", **{source.enters: from_, target.enters: to})
        if momentum:
            raise Refused("not_plain", "momentum", value=shown(momentum))
    source, target = source.beside(target), target.beside(source)
    known = _known((source, from_), (target, to), given)
    penalized = _penalized(source, target, from_, to, known)
    weight_decay = (
        math.inf
        if source.inverse and value == 0
        else source.to_torch(float(value), penalized, known)
    )
    if not math.isfinite(weight_decay):
        raise Refused("infinite", "value", value=value, name=from_)
    return target.from_torch(weight_decay, penalized, known)


def convention(argument: str, name: str) -> Convention:
    """The convention called `name`."""
    if name not in CONVENTIONS:
        near = get_close_matches(str(name), CONVENTIONS, n=1, cutoff=0.5)
        if near:
            raise Refused("near", argument, name=name, near=near[0])
        raise Refused("unknown", argument, name=name, names=", ".join(CONVENTIONS))
    return CONVENTIONS[name]


def needed(from_: str, to: str) -> tuple[str, ...]:
    """The quantities that a conversion takes, those with a default among them."""
    source, target = CONVENTIONS[from_], CONVENTIONS[to]
    return tuple(dict.fromkeys([*source.beside(target).needs, *target.beside(source).needs]))


def _known(
    source: tuple[Convention, str], target: tuple[Convention, str], given: dict[str, float | None]
) -> dict[str, float]:
    known = {}
    for side, name in (source, target):
        for quantity in side.needs:
            value = given[quantity]
            if value is None:
                raise Refused("missing", quantity, name=name, formula=side.formula)
            _check(quantity, value)
            known[quantity] = float(value)
    return known


def _check(quantity: str, given: float) -> None:
    value = number(given)
    if quantity in _COUNTS:
        fits, reason = value >= 1 and value % 1 == 0, "count"
    elif quantity in _POSITIVE:
        fits, reason = value > 0, "positive"
    elif quantity == "l1_ratio":
        fits, reason = 0 <= value <= 1, "share"
    else:
        fits, reason = 0 <= value < 1, "momentum"
    if not (fits and math.isfinite(value)):
        raise Refused(reason, quantity, value=shown(given))


def _penalized(
    source: Convention, target: Convention, from_: str, to: str, known: dict[str, float]
) -> Penalized:
    """The penalty that both weigh; of two that both do, the one that the elastic net has."""
    both: list[Penalized] = [name for name in source.factors if name in target.factors]
    if not both:
        one, other = next(iter(source.factors)), next(iter(target.factors))
        raise Refused("penalties", "to", name=to, penalty=other, source=from_, other=one)
    for name in both:
        if source.factors[name](known) and target.factors[name](known):
            return name
    raise Refused("no_part", "l1_ratio", value=known["l1_ratio"], penalty=both[0])
