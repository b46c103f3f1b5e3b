"""What an attached Decay must remember between steps."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn, optim

from weightdecay.decay._decay import Decay
from weightdecay.decay._units import Adaptive, Corrected
from weightdecay.decay.attaching._sharding import whole
from weightdecay.decay.penalties._constraints import CPR, FixedNorm
from weightdecay.errors import InputError


@dataclass
class Memory:
    """Goes into ``optimizer.state_dict()``, and comes back.

    Attributes
    ----------
    steps : int
        Steps that the optimizer has taken since, those that a GradScaler skipped left out.
    lr : list of float
        Learning rate of each group when the Decay was attached.
    start : dict of Tensor
        Weights then, where the penalty is measured around them.
    norms : dict of Tensor []
        Their norms, where a constraint keeps them.
    average : float
        The average of :class:`Adaptive`, for λ = 1.
    multipliers, bounds : dict of Tensor []
        Lagrange multiplier and κ of each tensor under :class:`CPR`; κ is infinite until it is set.
    """

    steps: int = 0
    lr: list[float] = field(default_factory=list)
    start: dict[str, Tensor] = field(default_factory=dict)
    norms: dict[str, Tensor] = field(default_factory=dict)
    average: float = 0.0
    multipliers: dict[str, Tensor] = field(default_factory=dict)
    bounds: dict[str, Tensor] = field(default_factory=dict)

    def saved(self) -> dict[str, Any]:
        """Plain containers, which ``torch.load(weights_only=True)`` reads."""
        return {
            name: dict(kept) if isinstance(kept, dict) else kept
            for name, kept in vars(self).items()
        }

    def load(self, saved: Mapping[str, Any], parameters: Mapping[str, nn.Parameter]) -> None:
        """Take what :meth:`saved` returned, to where the parameters are.

        Raises
        ------
        InputError
            If it is that of other parameters.
        """
        for name in ("start", "norms", "multipliers", "bounds"):
            kept = getattr(self, name)
            if missing := sorted(kept.keys() - saved[name].keys()):
                raise InputError(f"optimizer: the loaded state lacks the {name} of {missing[0]!r}")
            if strange := sorted(saved[name].keys() - parameters.keys()):
                raise InputError(
                    f"optimizer: the loaded state has the {name} of {strange[0]!r}, which does not "
                    "decay here"
                )
        for name, value in saved.items():
            setattr(self, name, deepcopy(value))
        self.follow(parameters)

    def follow(self, parameters: Mapping[str, nn.Parameter]) -> None:
        """Bring what is kept to the devices of the parameters, and weights to their dtypes."""
        for name, w in parameters.items():
            if name in self.start:
                self.start[name] = self.start[name].to(w.device, w.dtype)
            for kept in (self.norms, self.multipliers, self.bounds):
                if name in kept:
                    kept[name] = kept[name].to(w.device)


def needed(decay: Decay) -> bool:
    """Whether a run resumed without its memory would not be the same run."""
    return (
        decay.schedule is not None
        or decay.around == "start"
        or decay.unit == "independent"
        or isinstance(decay.unit, (Adaptive, Corrected))
        or isinstance(decay.penalty, (CPR, FixedNorm))
    )


@torch.no_grad()
def first(
    decay: Decay,
    optimizer: optim.Optimizer,
    parameters: Mapping[str, nn.Parameter],
    *,
    later: bool = False,
) -> Memory:
    """Return the memory at attachment.

    Parameters
    ----------
    decay : Decay
    optimizer : torch.optim.Optimizer
    parameters : mapping of Parameter
    later : bool, default False
        Whether they have come to the optimizer just now, so that the steps that it has taken so
        far were not theirs.

    Raises
    ------
    InputError
        If the initial weights are needed, and the optimizer has changed them.
    """
    memory = Memory(lr=[float(group["lr"]) for group in optimizer.param_groups])
    penalty = decay.penalty
    of_start = (
        decay.around == "start"
        or (isinstance(penalty, FixedNorm) and penalty.c is None)
        or (isinstance(penalty, CPR) and penalty.kappa is None and penalty.warm_start == 0)
    )
    if of_start:
        for name, w in parameters.items():
            if _moved(optimizer, w) or (not later and _has_stepped(optimizer)):
                raise InputError(
                    f"optimizer: it has taken steps, and the initial weights of {name!r} are "
                    "needed; attach before the first step and before load_state_dict, or give "
                    "them (around=...)"
                )
    if decay.around == "start":
        memory.start = {name: w.detach().clone() for name, w in parameters.items()}
    if isinstance(penalty, FixedNorm):
        memory.norms = {n: whole(torch.linalg.vector_norm(w)) for n, w in parameters.items()}
    if isinstance(penalty, CPR):
        for name, w in parameters.items():
            # In float64: κ and the multiplier must not lose what 16 bits would.
            size = whole(w.detach().double().square().sum())
            memory.multipliers[name] = torch.zeros_like(size)
            if penalty.kappa is not None:
                memory.bounds[name] = torch.full_like(size, penalty.kappa)
            elif penalty.warm_start == 0:
                memory.bounds[name] = penalty.factor * size
            else:
                memory.bounds[name] = torch.full_like(size, torch.inf)
    return memory


def _has_stepped(optimizer: optim.Optimizer) -> bool:
    """Whether it has taken a step, as far as it tells: it does where a scheduler watches."""
    return bool(getattr(optimizer, "_opt_called", False))


def _moved(optimizer: optim.Optimizer, w: nn.Parameter) -> bool:
    """Whether the optimizer has moved `w`, as far as its state tells: plain SGD keeps none."""
    state: dict[str, Any] = optimizer.state.get(w, {})
    return bool(state) and float(state.get("step", 1)) > 0
