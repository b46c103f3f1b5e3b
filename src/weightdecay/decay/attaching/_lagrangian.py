"""The step of an augmented Lagrangian, one multiplier for each tensor."""

from collections.abc import Sequence

import torch
from torch import Tensor

from weightdecay.decay.attaching._memory import Memory
from weightdecay.decay.penalties._constraints import CPR


def constrain(
    penalty: CPR, names: Sequence[str], weights: Sequence[Tensor], rate: float, memory: Memory
) -> None:
    """l ← max(0, l + μ(Σw² − κ)), then w ← w − 2·l·w, in place, for each of `weights`.

    Parameters
    ----------
    penalty : CPR
    names : sequence of str
        Under which `memory` keeps the multiplier l and the bound κ of each.
    weights : sequence of Tensor
    rate : float
        λ; μ is λ divided by the number of entries.
    memory : Memory
        Changed in place. Its steps are those before this one.
    """
    step = memory.steps + 1
    for name, w in zip(names, weights, strict=True):
        if penalty.kappa is None and step < penalty.warm_start:
            continue
        size = w.double().square().sum()
        bound = memory.bounds[name]
        # No bound yet: this step sets it, the first from `warm_start` on that meets the tensor,
        # which one step alone may have left without a gradient.
        excess = torch.where(bound.isinf(), 0.0, size - bound)
        memory.bounds[name] = torch.where(bound.isinf(), penalty.factor * size, bound)
        moved = memory.multipliers[name] + rate / w.numel() * excess
        memory.multipliers[name] = moved.clamp(min=0)
        w.mul_(1 - 2 * memory.multipliers[name].to(w.dtype))
