"""What a penalty function does to each parameter, from its values and gradients.

Whatever the code says, its gradient shows which parameters it reaches and what it measures on
each: at weights w and at −2w the gradient of L2 is in the ratio −2, that of L1 and of a norm −1,
that of a signed sum 1. The weights tried are the model's with noise on them, since at 0 (most
biases) and at equal values (most scales) these are all alike.
"""

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from weightdecay.apply._audit._place import place
from weightdecay.apply._audit._preserved import preserved, seed
from weightdecay.errors import InputError
from weightdecay.language import phrase

Penalty = Callable[[nn.Module], Tensor] | Callable[[], Tensor]

L2, AROUND, NORM, L1, SUM, OTHER = "L2", "L2(w − w0)", "norm", "L1", "sum", "other"
_ENOUGH = 10_000


@dataclass(frozen=True)
class Probe:
    """What a penalty was seen to do.

    Parameters
    ----------
    values : tuple of float
        The penalty at the model's own weights, at two calls.
    reached : dict of str to (str, float or None)
        The parameters that receive a gradient, by name: what the penalty measures there, and its
        coefficient λ in torch's convention (½Σw² for L2), None where it is not one number.
    not_finite : tuple of str
        Parameters whose gradient at the model's own weights is NaN or infinite.
    """

    values: tuple[float, float]
    reached: dict[str, tuple[str, float | None]]
    not_finite: tuple[str, ...]


def probe(model: nn.Module, penalty: Penalty) -> Probe:
    """Call `penalty` four times and leave the model as it was.

    Raises
    ------
    InputError
        If it raises, or does not return one number.
    """
    names = {
        name: p
        for name, p in model.named_parameters()
        if p.requires_grad and (p.is_floating_point() or p.is_complex())
    }
    call = _bound(model, penalty)
    with preserved(model), torch.enable_grad():
        value, at_own = _gradients(call, names)
        again, _ = _gradients(call, {})
        _disturb(names.values())
        weights = {name: p.detach().clone() for name, p in names.items()}
        _, once = _gradients(call, names)
        for p in names.values():
            p.data.mul_(-2)
        _, twice = _gradients(call, names)
    reached = {}
    for name, w in weights.items():
        seen = [each[name] for each in (at_own, once, twice) if name in each]
        if any(bool((g != 0).any()) for g in seen):
            reached[name] = _measure(w, once.get(name), twice.get(name))
    if any(what == NORM for what, _ in reached.values()):
        # Of a single number norm and L1 are the same: it is called what the others are.
        for name, (what, weight_decay) in reached.items():
            if what == L1 and weights[name].numel() == 1:
                reached[name] = NORM, weight_decay
    return Probe(
        (_number(value), _number(again)),
        reached,
        tuple(name for name, g in at_own.items() if not bool(g.isfinite().all())),
    )


def _bound(model: nn.Module, penalty: Penalty) -> Callable[[], Any]:
    """`penalty` with the model put in, if it takes one; the same random numbers at every call."""
    arguments = (model,) if _takes_a_model(penalty) else ()

    def call() -> Any:
        seed()
        try:
            return penalty(*arguments)
        except Exception as error:
            file, line = place(error)
            said = {"kind": type(error).__name__, "message": error, "file": file, "line": line}
            raise InputError(phrase("audit.error.raises", **said)) from error

    return call


def _takes_a_model(penalty: Penalty) -> bool:
    try:
        signature = inspect.signature(getattr(penalty, "forward", penalty))
    except ValueError:  # written in C
        return True
    return any(
        p.kind is p.VAR_POSITIONAL
        or (p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty)
        for p in signature.parameters.values()
    )


def _gradients(
    call: Callable[[], Any], parameters: dict[str, nn.Parameter]
) -> tuple[Any, dict[str, Tensor]]:
    """The penalty now, and its gradients by name; none for what it is not connected to."""
    value = call()
    _number(value)
    if not (isinstance(value, Tensor) and value.requires_grad and parameters):
        return value, {}
    found = torch.autograd.grad(
        value.sum(), list(parameters.values()), retain_graph=True, allow_unused=True
    )
    pairs = zip(parameters, found, strict=True)
    return value, {name: g.detach().to_dense() for name, g in pairs if g is not None}


def _number(value: Any) -> float:
    if isinstance(value, Tensor) and value.numel() == 1 and not value.is_complex():
        return float(value.detach())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    tensor = isinstance(value, Tensor)
    what = phrase("audit.error.tensor", shape=list(value.shape)) if tensor else repr(value)
    raise InputError(phrase("audit.error.no_number", what=what))


def _disturb(parameters: Any) -> None:
    generator = torch.Generator().manual_seed(0)
    for p in parameters:
        noise = torch.randn(p.shape, generator=generator, dtype=torch.float32).to(p)
        size = p.detach().abs().float().square().mean().sqrt() if p.numel() else 0
        p.data.add_(noise, alpha=float(size) or 0.1)


def _measure(w: Tensor, once: Tensor | None, twice: Tensor | None) -> tuple[str, float | None]:
    """What a penalty measures on one tensor with gradients `once` at w and `twice` at −2w."""
    if once is None or twice is None or w.is_complex():
        return OTHER, None
    off = max(8 * torch.finfo(w.dtype).eps, 1e-6)
    size = float(torch.linalg.vector_norm(once))
    # What holds for each element shows in some: a large tensor would take seconds.
    some = slice(None, None, max(1, w.numel() // _ENOUGH))
    w, once, twice = (each.flatten()[some].double() for each in (w, once, twice))
    if not bool(once.isfinite().all() and twice.isfinite().all()):
        return OTHER, None

    def close(a: Tensor, b: Tensor) -> bool:
        return bool((a - b).norm() <= off * max(a.norm(), b.norm()))

    if close(once, twice):
        return SUM, float(once.abs().mean())
    slope = float(w @ once / (w @ w))
    if close(twice, -2 * once) and close(once, slope * w):
        return L2, slope
    if close(twice, -once):
        along = float((once * w.sign()).mean())
        if close(once, along * w.sign()):
            return L1, along
        if close(once, slope * w):
            return NORM, math.copysign(size, slope)
    # a·(w − w0): the two differ by 3·a·w, wherever w0 is.
    slope = float(w @ (once - twice) / (3 * w @ w))
    if close(once - twice, 3 * slope * w):
        return AROUND, slope
    return OTHER, None
