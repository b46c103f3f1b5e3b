"""What one step takes: λ now, times what the unit of λ says."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, optim

from weightdecay.decay._units import Corrected, Unit
from weightdecay.decay.attaching._sharding import whole
from weightdecay.decay.attaching._update import Amount
from weightdecay.errors import InputError


def peak(group: dict[str, Any], at_attach: float) -> float:
    """The largest learning rate of a group: what its scheduler says, or that at attachment."""
    return float(group.get("max_lr", group.get("initial_lr", at_attach)))


def per_lambda(
    unit: Unit, group: dict[str, Any], corrected: bool, lr_at_attach: float, spread: Amount
) -> Amount:
    """Amount of one step for λ = 1.

    Parameters
    ----------
    unit : Unit
    group : dict
        Of the optimizer.
    corrected : bool
        Whether :class:`Corrected` corrects these weights.
    lr_at_attach : float
    spread : float or Tensor []
        What "stable" divides by, with optimizers of Adam's kind, see :func:`spread_of`.
    """
    if unit == "step":
        return 1.0
    lr: Amount = group["lr"]
    if unit == "independent":
        return lr / peak(group, lr_at_attach)
    if unit == "stable" and "betas" in group:
        return lr / spread
    if unit == "stable":
        return lr * float((1 - group.get("dampening", 0.0)) / (1 - group["momentum"]))
    if isinstance(unit, Corrected) and corrected:
        return lr**2 / peak(group, lr_at_attach)
    return lr


def check(unit: Unit, optimizer: optim.Optimizer) -> None:
    """Raise InputError if `unit` is not defined for `optimizer`."""
    for i, group in enumerate(optimizer.param_groups):
        if unit == "stable" and not ("betas" in group or group.get("momentum", 1.0) < 1):
            raise InputError(
                f"unit: 'stable' is for SGD and optimizers with betas, not for "
                f"{type(optimizer).__name__}"
            )
        if (unit == "independent" or isinstance(unit, Corrected)) and not peak(
            group, float(group["lr"])
        ) > 0:
            raise InputError(
                f"optimizer: the peak learning rate of group {i} is 0; attach before "
                "its scheduler has set it to 0, or after the scheduler is made"
            )


@torch.no_grad()
def spread_of(optimizer: optim.Optimizer) -> Amount:
    r"""Root of the mean over all parameters of the bias-corrected v̂ that this step will have."""
    total: Amount = 0.0
    count = 0
    scale = getattr(optimizer, "grad_scale", None)
    for group in optimizer.param_groups:
        beta = float(group["betas"][1])
        ready = [w for w in group["params"] if w.grad is not None]
        for w in ready:
            state = optimizer.state.get(w, {})
            step = 1 + float(state.get("step", group.get("step", 0)))
            g = w.grad if scale is None else w.grad / scale
            v = (1 - beta) * g.square()
            if "exp_avg_sq" in state:
                v = torch.add(v, state["exp_avg_sq"], alpha=beta)
            if group.get("amsgrad") and "max_exp_avg_sq" in state:
                v = torch.maximum(v, state["max_exp_avg_sq"])
            total = total + whole(v.sum()) / (1 - beta**step)
            count += w.numel()
    spread = (total / count) ** 0.5 if count else 0.0
    # Without any gradient so far there is no scale to measure by: nothing decays.
    return spread if bool(spread > 0) else float("inf")


def norm(tensors: Sequence[Tensor]) -> Tensor:
    """The L2 norm of all of `tensors` together."""
    norms = [whole(n) for n in torch._foreach_norm(list(tensors))]
    together: Tensor = torch.linalg.vector_norm(torch.stack(norms))
    return together


def adapted(
    average: float,
    beta: float,
    gradients: Sequence[Tensor],
    weights: Sequence[Tensor],
    grad_scale: Tensor | None,
) -> float:
    """Return what follows `average` in :class:`Adaptive`, for λ = 1."""
    slope = float(norm(gradients)) / (1.0 if grad_scale is None else float(grad_scale))
    size = float(norm(weights))
    return beta * average + (1 - beta) * (slope / size if size else 0.0)
