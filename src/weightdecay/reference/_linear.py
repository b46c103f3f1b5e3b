"""Linear networks, and the data that they share with scikit-learn."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from weightdecay.study import Loss, Problem

Array = NDArray[np.float64]


def problem(x: Array, y: NDArray[np.generic], loss: str | Loss = "mse") -> Problem:
    """Train on all rows of `x` [N, P], in float64; judge on none, since only weights matter."""
    rows = torch.arange(len(x))
    return Problem(torch.from_numpy(x), torch.from_numpy(y), ((rows, rows[:0]),), loss)


def linear(inputs: int, outputs: int = 1, bias: bool = True) -> Callable[[], nn.Module]:
    """Return a function that makes a linear network of float64 numbers."""
    return lambda: nn.Sequential(nn.Linear(inputs, outputs, bias=bias, dtype=torch.float64))


def standardised(x: Array) -> Array:
    """Columns of mean 0 and standard deviation 1."""
    return np.asarray((x - x.mean(axis=0)) / x.std(axis=0))


def relative(found: Array, known: Array) -> float:
    """Largest ‖found − known‖/‖known‖ over the first axis: one λ after the other."""
    pairs = [(f.ravel(), k.ravel()) for f, k in zip(found, known, strict=True)]
    return max(float(np.linalg.norm(f - k) / np.linalg.norm(k)) for f, k in pairs)
