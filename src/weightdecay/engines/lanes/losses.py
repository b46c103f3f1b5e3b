"""The losses of the lanes engine: of one row, and their slopes by the outputs."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from weightdecay.engines.lanes.functions import exp, log, log1p, reciprocal
from weightdecay.engines.lanes.vector import compiled, fma, load, splat, store, where_positive
from weightdecay.study import LOSSES, Loss

SQUARE, HUBER, BINARY, CLASSES = range(4)

_CODES = {
    LOSSES["mse"]: SQUARE,
    LOSSES["huber"]: HUBER,
    LOSSES["binary_cross_entropy"]: BINARY,
    LOSSES["cross_entropy"]: CLASSES,
}

#: Rows of targets that are written out by class: more would not be small.
MOST_CLASSES = 1024


def code(loss: Loss) -> int | None:
    """Return the number of a loss, or None for one that lanes does not have."""
    return _CODES.get(loss)


def table(which: int, y: torch.Tensor, outputs: int) -> NDArray[np.floating] | None:
    """Return targets as a table [N, Q] of the outputs' kind; None if they are no such table."""
    if which == CLASSES and y.dim() == 1 and not y.is_floating_point():
        return None if outputs > MOST_CLASSES else F.one_hot(y, outputs).numpy()
    if y.dim() != 2 or y.shape[1] != outputs or not y.is_floating_point():
        return None
    return y.numpy()


@compiled
def of_row(which, outputs, factor, block, sink, to):
    """Loss of one row, all of its outputs summed; its slope times `factor` into `delta`.

    The outputs lie from row `sink` of `value` on, and their slopes in `delta`; targets from `to`.
    """
    value, target, delta = block.value, block.target, block.delta
    like = load(value, sink)
    zero = splat(like, 0.0)
    total = zero
    if which == SQUARE:
        twice = factor * 2.0
        for i in range(outputs):
            error = load(value, sink + i) - load(target, to + i)
            total = fma(error, error, total)
            store(delta, sink + i, twice * error)
    elif which == HUBER:
        for i in range(outputs):
            error = load(value, sink + i) - load(target, to + i)
            size = where_positive(error, error, -error)
            sign = where_positive(error, splat(like, 1.0), splat(like, -1.0))
            far = size - 1.0
            total = total + where_positive(far, far + 0.5, 0.5 * (error * error))
            store(delta, sink + i, factor * where_positive(far, sign, error))
    elif which == BINARY:
        for i in range(outputs):
            z, t = load(value, sink + i), load(target, to + i)
            tail = exp(where_positive(z, -z, z))  # exp(−|z|)
            positive = where_positive(z, z, zero)
            total = total + (positive - z * t + log1p(tail))
            half = reciprocal(tail + 1.0)  # σ(|z|)
            chance = where_positive(z, half, tail * half)
            store(delta, sink + i, factor * (chance - t))
    else:
        largest = like
        for i in range(1, outputs):
            z = load(value, sink + i)
            largest = where_positive(z - largest, z, largest)
        weight = zero
        for i in range(outputs):
            tail = exp(load(value, sink + i) - largest)
            weight = weight + tail
            store(delta, sink + i, tail)
        whole = zero
        for i in range(outputs):
            t = load(target, to + i)
            whole = whole + t
            total = total - t * (load(value, sink + i) - largest)
        total = fma(log(weight), whole, total)
        share = whole * reciprocal(weight)
        for i in range(outputs):
            chance = share * load(delta, sink + i)
            store(delta, sink + i, factor * (chance - load(target, to + i)))
    return total


@compiled
def terms(which, outputs):
    """How many terms of a row's loss its mean is over."""
    return 1 if which == CLASSES else outputs
