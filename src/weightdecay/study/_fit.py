"""Whether a network, its data and its loss fit together, found before any training."""

from copy import deepcopy

import torch
from torch import Tensor, nn

from weightdecay.errors import InputError
from weightdecay.study._losses import LOSSES, Loss


@torch.no_grad()
def check_fit(network: nn.Module, x: Tensor, y: Tensor, loss: Loss, fewest: int) -> None:
    """Call `network` on a few rows and hold its output against y.

    Parameters
    ----------
    network : torch.nn.Module
    x, y : Tensor [N, ...]
    loss : callable
    fewest : int
        Rows of the smallest training step.

    Raises
    ------
    InputError
        If the network does not take the rows, or not as few as that in training (batch norm), its
        outputs are not of the shape that the loss needs for y, or a class is outside the outputs;
        shapes and class are named.
    """
    output = _call(deepcopy(network).eval(), x[:2], f"rows of shape {_each(x)} and type {x.dtype}")
    _call(
        deepcopy(network).train(),
        x[:fewest],
        f"a training step of {fewest} rows, the smallest of an epoch (another batch_size may do)",
    )
    if not isinstance(output, Tensor):
        raise InputError(f"network: its output is a {type(output).__name__}, not a tensor")
    if loss is LOSSES["cross_entropy"] and not y.is_floating_point():
        fits = output.dim() >= 2 and output.shape[2:] == y.shape[1:]
        classes = output.shape[1] if output.dim() >= 2 else 0
        if fits and (outside := y[(y < 0) | (y >= classes)]).numel():
            raise InputError(
                f"data: y has the class {int(outside[0])}, and the network has {classes} outputs: "
                f"classes are numbered from 0 to {classes - 1}"
            )
    elif loss in LOSSES.values():
        fits = output.shape[1:] == y.shape[1:]
    else:
        fits = True  # only the user knows what a loss of his own takes
    if not fits:
        raise InputError(
            f"network: its output has shape {_each(output)} for a row and y has {_each(y)}; "
            "the loss cannot compare them"
        )


def _call(network: nn.Module, x: Tensor, what: str) -> object:
    """Call `network`; `what` says on what."""
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        try:
            return network(x)
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"network: it does not take {what}: {reason}") from error


def _each(rows: Tensor) -> list[int]:
    return list(rows.shape[1:])
