"""A Decay resolved, with its memory: what λ and the amount of each part are now."""

from dataclasses import dataclass, field

from torch import Tensor, optim

from weightdecay.decay._decay import Decay
from weightdecay.decay._units import Adaptive
from weightdecay.decay.attaching import _amounts
from weightdecay.decay.attaching._memory import Memory
from weightdecay.decay.attaching._parts import Part
from weightdecay.decay.attaching._update import Amount


@dataclass
class Work:
    """All that a step asks for.

    Attributes
    ----------
    decay : Decay
    optimizer : torch.optim.Optimizer
    parts : list of Part
        Those with a factor above 0.
    memory : Memory
    given : dict of Tensor
        Points around which the penalty is measured, where they were given.
    base : float
        λ before schedule and factor: 1 where it is in the factors, per group.
    spread : float or Tensor []
        What "stable" last divided by.
    """

    decay: Decay
    optimizer: optim.Optimizer
    parts: list[Part]
    memory: Memory
    given: dict[str, Tensor]
    base: float
    spread: Amount = field(default=float("nan"))

    @property
    def points(self) -> dict[str, Tensor]:
        """W0 of each parameter that has one."""
        return self.memory.start or self.given

    def weight_decay(self, part: Part) -> float:
        """λ of a part now."""
        weight_decay = self.base * part.factor
        if isinstance(self.decay.unit, Adaptive):
            weight_decay *= self.memory.average
        if self.decay.schedule is not None:
            weight_decay *= self.decay.schedule(self.memory.steps)
        return weight_decay

    def amount(self, part: Part) -> Amount:
        """What a step takes: λ in the unit of the decay."""
        group = self.optimizer.param_groups[part.group]
        at_attach = self.memory.lr[part.group]
        one = _amounts.per_lambda(self.decay.unit, group, part.corrected, at_attach, self.spread)
        return self.weight_decay(part) * one
