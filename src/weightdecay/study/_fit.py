"""Whether a network, its data and its loss fit together, found before any training."""

from collections.abc import Callable
from copy import deepcopy

import torch
from torch import Tensor, nn

from weightdecay.errors import InputError
from weightdecay.language import Phrase, first_line, phrase
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
    output = _call(
        deepcopy(network).eval(),
        x[:2],
        lambda reason: phrase("network.error.rows", shape=_each(x), kind=x.dtype, reason=reason),
    )
    _call(
        deepcopy(network).train(),
        x[:fewest],
        lambda reason: phrase("network.error.step", rows=fewest, reason=reason),
    )
    if not isinstance(output, Tensor):
        raise InputError(phrase("network.error.output", kind=type(output).__name__))
    returned = len(output) if output.dim() else 0
    if loss in LOSSES.values() and returned != len(x[:2]):
        raise InputError(phrase("network.error.returned", rows=len(x[:2]), returned=returned))
    if loss is LOSSES["cross_entropy"] and not y.is_floating_point():
        fits = output.dim() >= 2 and output.shape[2:] == y.shape[1:]
        classes = output.shape[1] if output.dim() >= 2 else 0
        if fits and (outside := y[(y < 0) | (y >= classes)]).numel():
            level = int(outside[0])
            raise InputError(
                phrase("data.error.beyond", level=level, outputs=classes, last=classes - 1)
            )
    elif loss in LOSSES.values():
        fits = output.shape[1:] == y.shape[1:]
    else:
        fits = True
        _check_own(loss, output, y)
    if not fits:
        raise InputError(phrase("network.error.shapes", output=_each(output), target=_each(y)))


def _call(network: nn.Module, x: Tensor, refused: Callable[[str], Phrase]) -> object:
    """Call `network`; `refused` says that it does not take `x`, for a reason."""
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        try:
            return network(x)
        except Exception as error:  # the network is the user's code: it may raise anything
            raise InputError(refused(first_line(error))) from error


def _check_own(loss: Loss, output: Tensor, y: Tensor) -> None:
    """Only calling it shows what a loss of the user's own takes."""
    said = {"output": _each(output), "target": _each(y)}
    if y.dim() == 1 and not y.is_floating_point() and output.shape[1:] == (1,):
        # Numbers [N] beside outputs [N, 1] would be compared each with each.
        raise InputError(phrase("network.error.one_output"))
    try:
        loss(output, y[: len(output)])
    except Exception as error:  # it may raise anything
        raise InputError(
            phrase("network.error.own_loss", **said, reason=first_line(error))
        ) from error


def _each(rows: Tensor) -> list[int]:
    return list(rows.shape[1:])
