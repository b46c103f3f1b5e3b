"""What a decay does to a list of weights: plain arithmetic, in place, in few calls."""

from collections.abc import Sequence

import torch
from torch import Tensor

from weightdecay.decay.penalties._penalty import Proximal

#: A number, or a tensor [] where the learning rate is one (``capturable``).
Amount = float | Tensor


def scale(weights: list[Tensor], amount: Amount) -> None:
    """w ← w·(1 − amount), in place: as torch's AdamW writes it, to the last bit."""
    torch._foreach_mul_(weights, 1 - amount)


def subtract(weights: list[Tensor], directions: Sequence[Tensor], amount: Amount) -> None:
    """w ← w − amount·d, in place."""
    if isinstance(amount, Tensor):
        torch._foreach_sub_(weights, torch._foreach_mul(list(directions), amount))
    else:
        torch._foreach_add_(weights, list(directions), alpha=-amount)


def added(
    gradients: Sequence[Tensor], directions: Sequence[Tensor], amount: Amount
) -> Sequence[Tensor]:
    """What g + amount·d is."""
    if isinstance(amount, Tensor):
        return torch._foreach_add(list(gradients), torch._foreach_mul(list(directions), amount))
    return torch._foreach_add(list(gradients), list(directions), alpha=amount)


def prox(
    penalty: Proximal, weights: list[Tensor], points: Sequence[Tensor] | None, amount: Amount
) -> None:
    """w ← w0 + prox(w − w0, amount), in place; w0 is 0 without `points`."""
    torch._foreach_copy_(weights, [penalty.prox(v, amount) for v in away(weights, points)])
    if points is not None:
        torch._foreach_add_(weights, list(points))


def away(weights: Sequence[Tensor], points: Sequence[Tensor] | None) -> list[Tensor]:
    """What w − w0 is; w0 is 0 without `points`."""
    if points is None:
        return list(weights)
    return list(torch._foreach_sub(list(weights), list(points)))


def not_against(
    directions: Sequence[Tensor], before: Sequence[Tensor], after: Sequence[Tensor]
) -> list[Tensor]:
    """Return the entries of `directions` that the step from `before` to `after` did not oppose.

    The optimizer's direction u has the sign of before − after; kept is where u·d ≥ 0, and 0 is put
    elsewhere.
    """
    return [
        torch.where((v - w) * d >= 0, d, 0)
        for d, v, w in zip(directions, before, after, strict=True)
    ]
