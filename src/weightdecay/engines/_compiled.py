"""The gradient of a step of a stack as one graph, through ``torch.compile``.

Forward and backward together: compiled apart, with autograd between them, they are slower on the
CPU than not compiled at all.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import torch
from torch import Tensor

from weightdecay.language import first_line

Tensors = dict[str, Tensor]

#: x, y and, where rows have weights, these.
Batch = tuple[Tensor, ...]

#: Loss of one member, from weights, buffers, key and batch.
MemberLoss = Callable[[Tensors, Tensors, Tensor, Batch], Tensor]

#: From trained and frozen weights [k, ...], buffers [k, ...], keys [k], a batch and the axis of it
#: along which members lie (None if they share it), to gradients, losses [k] and new buffers.
Gradient = Callable[
    [Tensors, Tensors, Tensors, Tensor, Batch, int | None],
    tuple[Tensors, Tensor, Tensors],
]


def compiled(loss: MemberLoss) -> Gradient:
    """Return the gradient of the sum of `loss` over members, compiled at its first call.

    What cannot be compiled whole is an error there: nothing is run as plain Python instead.
    """

    def total(
        trained: Tensors,
        frozen: Tensors,
        buffers: Tensors,
        keys: Tensor,
        batch: Batch,
        axis: int | None,
    ) -> tuple[Tensor, tuple[Tensor, Tensors]]:
        new = {name: b.clone() for name, b in buffers.items()}
        each = torch.vmap(loss, in_dims=(0, 0, 0, axis))
        losses = each({**trained, **frozen}, new, keys, batch)
        return losses.sum(), (losses, new)

    def gradient(trained: Tensors, *others: Any) -> tuple[Tensors, Tensor, Tensors]:
        gradients, (losses, new) = torch.func.grad(total, has_aux=True)(trained, *others)
        # Laid out in memory as the weights are: fused optimizers take for granted that they are.
        laid_out = {name: torch.empty_like(w).copy_(gradients[name]) for name, w in trained.items()}
        return laid_out, losses, new

    # torch keeps what it compiles, and counts it against a limit, by code object: each has its own.
    own = FunctionType(
        gradient.__code__.replace(), globals(), gradient.__name__, None, gradient.__closure__
    )
    return torch.compile(own, fullgraph=True, dynamic=False)


def why(error: BaseException, where: str) -> str:
    """In one line why ``torch.compile`` failed in `where`."""
    cause = getattr(error, "inner_exception", error)
    if type(cause).__name__ == "InvalidCxxCompiler":
        return "there is no C++ compiler here; install g++ (or name another in the variable CXX)"
    return f"{where}: {first_line(cause)}"
