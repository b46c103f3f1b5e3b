"""The Decays attached to one optimizer, and what they have in common."""

from typing import TYPE_CHECKING, Any

from torch import Tensor, optim

from weightdecay.decay._decay import Decay
from weightdecay.decay.penalties._constraints import CPR, Constraint
from weightdecay.errors import InputError

if TYPE_CHECKING:
    from weightdecay.decay.attaching._attachment import Attachment

_PLACE = "_weightdecay"


class Company:
    """Kept on the optimizer, so that it goes where the optimizer goes.

    Attributes
    ----------
    attached : list of Attachment
    built_in : dict of float
        The optimizer's own weight_decay of each group in which it was set to 0.
    gradients : dict of Tensor
        By the parameter's id, what a decay in the loss has replaced for the time of a step.
    """

    def __init__(self) -> None:
        self.attached: list[Attachment] = []
        self.built_in: dict[int, float] = {}
        self.gradients: dict[int, Tensor] = {}

    def check(self, new: "Attachment") -> None:
        """Raise InputError if `new` has a parameter that another excludes it from."""
        mine = {id(w): name for name, w in new.parameters.items()}
        for other in self.attached:
            if (reason := _exclude(new.decay, other.decay)) is None:
                continue
            for w in other.parameters.values():
                if id(w) in mine:
                    raise InputError(
                        f"select: {mine[id(w)]!r} decays already, by {other.decay}: {reason}; "
                        "detach one, or select others"
                    )

    def take_over(self, groups: set[int], optimizer: optim.Optimizer) -> dict[int, float]:
        """Set weight_decay of `groups` to 0, and return what it was where that is news."""
        taken = {}
        for i in sorted(groups):
            group = optimizer.param_groups[i]
            if old := float(group.get("weight_decay") or 0.0):
                if old != self.built_in.get(i):  # else a loaded state brings back what is known
                    taken[i] = old
                self.built_in[i] = old
                group["weight_decay"] = 0.0
        return taken

    def put_back(self, groups: list[dict[str, Any]]) -> None:
        """Write the optimizer's own weight_decay into saved `groups`: 0 is for the time being."""
        for i, old in self.built_in.items():
            groups[i]["weight_decay"] = old

    def leave(self, leaving: "Attachment") -> None:
        """Give the optimizer its weight_decay back where nobody else decays."""
        self.attached.remove(leaving)
        held = {i for other in self.attached for i in other.groups}
        for i in leaving.groups - held:
            if i in self.built_in:
                leaving.optimizer.param_groups[i]["weight_decay"] = self.built_in.pop(i)


def company_of(optimizer: optim.Optimizer) -> Company:
    """Return the company that `optimizer` keeps, empty if it had none."""
    company: Company = vars(optimizer).setdefault(_PLACE, Company())
    return company


def _exclude(one: Decay, other: Decay) -> str | None:
    """Why the same parameter cannot have both, if it cannot."""
    if one.on == other.on == "prox":
        return "the proximal map of a sum is not one map after the other"
    if one.on == other.on == "constraint":
        return "after the second constraint the first need not hold"
    constraints = (Constraint, CPR)
    same = type(one.penalty) is type(other.penalty) and one.around == other.around
    if same and not isinstance(one.penalty, constraints):
        return "the same penalty twice"
    return None
