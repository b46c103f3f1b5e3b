"""The data loss: what a prediction costs, row by row, and its mean."""

from collections.abc import Callable
from functools import partial

import torch
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
        targets and returns the rows' losses or their mean: any of torch's loss modules. Whole
        numbers [N] in y are classes to it, floating-point ones are numbers.

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
    # No function of its own: a run folder is to know one loss from another.
    return partial(_mean, loss)


def _mean(loss: Loss, output: Tensor, target: Tensor) -> Tensor:
    return loss(output, target).mean()


def weighted_mean(loss: Loss, output: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Return Σ weight·loss / n, a scalar.

    Parameters
    ----------
    loss : callable
        The mean over rows, see :func:`mean_loss`.
    output, target : Tensor [n, ...]
    weight : Tensor [n]
        Of each row; 1 on average, if the weighted mean is meant.
    """
    return (_by_row(loss, output, target) * weight).mean()


def _by_row(mean: Loss, output: Tensor, target: Tensor) -> Tensor:
    rows: Tensor = torch.vmap(lambda o, t: mean(o[None], t[None]))(output, target)
    return rows


def row_losses(loss: str | Loss, output: Tensor, target: Tensor) -> Tensor | None:
    """Return the loss [n] of each row, or None if `loss` is no mean over rows.

    Parameters
    ----------
    loss : str or callable
        See :func:`mean_loss`.
    output, target : Tensor [n, ...]
    """
    mean = mean_loss(loss)
    try:
        rows = _by_row(mean, output, target)
    except RuntimeError:  # a loss that looks at its numbers, say
        return None
    same = torch.isclose(rows.mean(), mean(output, target), rtol=1e-4, equal_nan=True)
    return rows if same else None
