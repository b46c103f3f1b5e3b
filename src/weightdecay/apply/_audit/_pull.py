"""What pulls on a parameter: each of its decays, with its coefficient and its rate."""

import cmath
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weightdecay.decay import L2, Adaptive

if TYPE_CHECKING:
    from weightdecay.decay.attaching._attachment import Attachment

LOSS, STEP, PROX, UNKNOWN = "loss", "step", "prox", "unknown"


@dataclass(frozen=True)
class Pull:
    """One decay of one parameter.

    Parameters
    ----------
    source : {"optimizer", "attached", "penalty"}
        The optimizer's own ``weight_decay``, a ``Decay`` attached to it, or the user's penalty.
    form : str
        Where it enters: "loss", "step", "prox", or what a Decay calls it; "unknown" for an
        optimizer that this audit does not know.
    penalty : str
        What is measured: "L2", "L1", "norm", ..., or "unknown".
    weight_decay : float or None
        λ, in torch's convention (mean loss + λ·Ω, Ω = ½Σw² for L2); None where it is not one
        number.
    amount : float or None
        What multiplies ∂Ω(w) per step now: η·λ as a rule.
    factor : float or None
        What one step leaves of the weight if nothing else moves it; None where that is no constant.
    """

    source: str
    form: str
    penalty: str
    weight_decay: float | None
    amount: float | None = None
    factor: float | None = None


# torch's own, and those whose decay stands on the step in every release.
_LOSS = {"SGD", "Adam", "NAdam", "RAdam", "Adamax", "Adadelta", "Adagrad", "ASGD", "RMSprop"}
_STEP = {"AdamW", "Adafactor", "Muon", "Lion"}
# What libraries call the switch between the two: torch, timm, pytorch_optimizer, Prodigy.
_SWITCHES = ("decoupled_weight_decay", "decoupled_decay", "weight_decouple", "decouple")
# Other rules than η·λ, where the amount is not told rather than told wrongly.
_OTHER_RULES = ("corrected_weight_decay", "fixed_decay")


def form_of(optimizer: object, group: Mapping[str, Any]) -> str:
    """Where the ``weight_decay`` of this optimizer enters: "loss", "step" or "unknown"."""
    for switch in _SWITCHES:
        if switch in group:
            return STEP if group[switch] else LOSS
    for cls in type(optimizer).__mro__:
        if cls.__name__ in _STEP or re.search(r"(Adam|SGD|RAdam|Lamb)W", cls.__name__):
            return STEP
        if cls.__module__.startswith("torch.optim") and cls.__name__ in _LOSS:
            return LOSS
    return UNKNOWN


def is_sgd(optimizer: object) -> bool:
    return any(cls.__name__ == "SGD" for cls in type(optimizer).__mro__)


def built_in(optimizer: object, group: Mapping[str, Any]) -> Pull | None:
    """The decay that `group` of `optimizer` applies by itself, if it does."""
    weight_decay = number(group.get("weight_decay"))
    if not weight_decay:
        return None
    form = form_of(optimizer, group)
    lr = number(group.get("lr"))
    amount = None if lr is None or any(map(group.get, _OTHER_RULES)) else lr * weight_decay
    left = factor(form, amount, optimizer, group)
    return Pull("optimizer", form, "L2", weight_decay, amount, left)


def of_attachment(
    attachment: "Attachment", name: str, optimizer: object, group: Mapping[str, Any]
) -> Pull | None:
    """The decay that `attachment` gives the parameter that it calls `name`, if it is not 0.

    One whose λ changes with the steps and is 0 now, as at the start, is one all the same; it has no
    factor, since that of now would say that nothing decays.
    """
    decay = attachment.decay
    weight_decay = number(attachment.weight_decay(name))
    changes = decay.schedule is not None or isinstance(decay.unit, Adaptive)
    if weight_decay == 0 and not (changes and attachment._work.base):
        return None
    amount = number(attachment.amount(name))
    plain = isinstance(decay.penalty, L2) and decay.around == "zero" and decay.mask == "all"
    plain = plain and weight_decay != 0
    left = factor(decay.on, amount, optimizer, group) if plain else None
    penalty = type(decay.penalty).__name__
    return Pull("attached", decay.on, penalty, weight_decay, amount, left)


def factor(
    form: str, amount: float | None, optimizer: object, group: Mapping[str, Any]
) -> float | None:
    """What one step of L2 leaves of a weight: through Adam's moments that is no constant."""
    if amount is None:
        return None
    if form == STEP:
        return 1 - amount
    if form == PROX:
        return 1 / (1 + amount)
    if form == LOSS and is_sgd(optimizer):
        return through_momentum(
            amount,
            number(group.get("momentum")) or 0.0,
            number(group.get("dampening")) or 0.0,
            bool(group.get("nesterov")),
        )
    return None


def through_momentum(
    amount: float, momentum: float, dampening: float, nesterov: bool
) -> float | None:
    """The factor per step, in the long run, of w under SGD whose only gradient is λ·w.

    Weight and momentum buffer are a linear recursion; the factor is its largest eigenvalue, None
    where that is complex (the weight swings).
    """
    if not momentum:  # and torch then ignores dampening
        return 1 - amount
    kept = 1 - dampening
    ahead = 1 + momentum * kept if nesterov else kept
    carried = momentum**2 if nesterov else momentum
    # w ← (1 − a·ahead)·w − a·carried·b and b ← kept·w + m·b, where b is in units of λ.
    trace = 1 - amount * ahead + momentum
    determinant = (1 - amount * ahead) * momentum + amount * carried * kept
    root = cmath.sqrt(trace**2 / 4 - determinant)
    largest = max(trace / 2 + root, trace / 2 - root, key=abs)
    return largest.real if abs(largest.imag) < 1e-12 else None


def half_life(factor: float | None) -> float | None:
    """Steps until half of a weight is left."""
    if factor is None or not 0 <= factor < 1:
        return None
    return math.log(0.5) / math.log(factor) if factor else 1.0


def number(value: Any) -> float | None:
    """A hyperparameter as a float: it may be a tensor, missing, or not known before a step."""
    known = None if value is None else float(value)
    return None if known is None or math.isnan(known) else known
