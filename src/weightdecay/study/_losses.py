"""The data loss: what a prediction costs, row by row, and its mean."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F

from weightdecay.errors import InputError

#: From outputs [n, ...] and targets [n, ...] to a loss a row [n, ...], or to its mean.
Loss = Callable[[Tensor, Tensor], Tensor]

LOSSES: dict[str, Loss] = {
    "mse": F.mse_loss,
    "huber": F.huber_loss,
    "cross_entropy": F.cross_entropy,
    "binary_cross_entropy": F.binary_cross_entropy_with_logits,
}


def mean_loss(loss: str | Loss) -> Loss:
    """Return `loss`, by name or as it is, as a function with a scalar value.

    Parameters
    ----------
    loss : {"mse", "huber", "cross_entropy", "binary_cross_entropy"} or callable
        A name: ``torch.nn.functional``'s own, the last on logits. A callable gets outputs and
        targets and returns the rows' losses or their mean: any of torch's loss modules.

    Raises
    ------
    InputError
        If there is no loss of that name.
    """
    if isinstance(loss, str):
        if loss not in LOSSES:
            raise InputError(f"loss: {loss!r} is none of {', '.join(map(repr, LOSSES))}")
        return LOSSES[loss]
    if not callable(loss):
        raise InputError(f"loss: {loss!r} is neither a name nor a function")
    return lambda output, target: loss(output, target).mean()
