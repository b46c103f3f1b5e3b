"""What one step takes: λ now, times what the unit of λ says."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, optim

from weightdecay.decay._units import Corrected, Unit
from weightdecay.decay.attaching._sharding import whole
from weightdecay.decay.attaching._update import Amount
from weightdecay.errors import InputError

#: Of torch's optimizers, those that "stable" knows: a buffer of momentum, or v̂.
_STABLE = (optim.SGD, optim.Adam, optim.AdamW, optim.NAdam, optim.RAdam, optim.SparseAdam)

#: What schedulers that multiply step by step may round a learning rate up by.
_ROUNDING = 1e-3


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

    Raises
    ------
    InputError
        If the unit divides by the peak learning rate, and the learning rate is above it.
    """
    if unit == "step":
        return 1.0
    lr: Amount = group["lr"]
    if unit == "independent":
        return lr / _peak_not_below(lr, group, lr_at_attach)
    if unit == "stable" and "betas" in group:
        return lr / spread
    if unit == "stable":
        return lr * float((1 - group.get("dampening", 0.0)) / (1 - group["momentum"]))
    if isinstance(unit, Corrected) and corrected:
        return lr**2 / _peak_not_below(lr, group, lr_at_attach)
    return lr


def _peak_not_below(lr: Amount, group: dict[str, Any], at_attach: float) -> float:
    """Return the peak of a group, or say that its learning rate is above what is known of it."""
    largest = peak(group, at_attach)
    # An accelerator would have to be waited for.
    known = not isinstance(lr, Tensor) or lr.device.type == "cpu"
    if known and float(lr) > largest * (1 + _ROUNDING):
        raise InputError(
            f"unit: the decay is divided by the peak learning rate, and {float(lr):g} is above "
            f"{largest:g}, which optimizer and scheduler tell as the peak (CyclicLR tells its "
            "minimum, a warm-up by hand its first); set 'max_lr' of each of "
            "optimizer.param_groups to the peak"
        )
    return largest


def check(unit: Unit, optimizer: optim.Optimizer) -> None:
    """Raise InputError if `unit` is not defined for `optimizer`."""
    kind = type(optimizer)
    torchs = kind.__module__.startswith("torch.optim")
    if unit == "stable" and torchs and not isinstance(optimizer, _STABLE):
        raise InputError(_no_stable(kind.__name__))
    for i, group in enumerate(optimizer.param_groups):
        if unit == "stable" and not ("betas" in group or group.get("momentum", 1.0) < 1):
            raise InputError(_no_stable(kind.__name__))
        if (unit == "independent" or isinstance(unit, Corrected)) and not peak(
            group, float(group["lr"])
        ) > 0:
            raise InputError(
                f"optimizer: the peak learning rate of group {i} is 0; attach before "
                "its scheduler has set it to 0, or after the scheduler is made"
            )


def _no_stable(optimizer: str) -> str:
    return (
        f"unit: 'stable' is for SGD and optimizers of Adam's kind, which keep a second moment "
        f"(exp_avg_sq), not for {optimizer}"
    )


@torch.no_grad()
def spread_of(optimizer: optim.Optimizer) -> Amount:
    r"""Root of the mean over all parameters of the bias-corrected v̂ that this step will have.

    Raises
    ------
    InputError
        If the optimizer keeps no v, which of one that is not torch's its state alone tells.
    """
    total: Amount = 0.0
    count = 0
    scale = getattr(optimizer, "grad_scale", None)
    for group in optimizer.param_groups:
        beta = float(group["betas"][1])
        ready = [w for w in group["params"] if w.grad is not None]
        for w in ready:
            state = optimizer.state.get(w, {})
            if state and "exp_avg_sq" not in state:
                raise InputError(_no_stable(type(optimizer).__name__))
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
