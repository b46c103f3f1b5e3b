"""Linear networks, and the data that they share with scikit-learn."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from weightdecay._run import run
from weightdecay.decay import L2, Decay, Selection
from weightdecay.study import Loss, Problem, Recipe, Study

Array = NDArray[np.float64]


def problem(x: Array, y: NDArray[np.generic], loss: str | Loss = "mse") -> Problem:
    """Train on all rows of `x` [N, P], in float64; judge on none, since only weights matter."""
    rows = torch.arange(len(x))
    return Problem(torch.from_numpy(x), torch.from_numpy(y), ((rows, rows[:0]),), loss)


def linear(inputs: int, outputs: int = 1, bias: bool = True) -> Callable[[], nn.Module]:
    """Return a function that makes a linear network of float64 numbers."""
    return lambda: nn.Sequential(nn.Linear(inputs, outputs, bias=bias, dtype=torch.float64))


def coefficients(
    problem: Problem,
    network: Callable[[], nn.Module],
    recipe: Recipe,
    weight_decay: Sequence[float],
    select: Selection,
) -> tuple[Array, Array]:
    """Train a linear network under L2 in the loss; weights [L, Q, P] and biases [L, Q].

    Parameters
    ----------
    weight_decay : sequence of L floats
        λ, ascending, above 0: torch's ``weight_decay``.
    select : str or callable
        Which parameters decay.
    """
    study = Study(
        problem=problem,
        network=network,
        recipe=recipe,
        decay=Decay(penalty=L2(), select=select),
        weight_decay=(0.0, *weight_decay),
        seeds=(0,),
        record=2,
    )
    _, trained = run(study)
    return trained.weights["0.weight"].numpy()[1:], trained.weights["0.bias"].numpy()[1:]


def standardised(x: Array) -> Array:
    """Columns of mean 0 and standard deviation 1."""
    return np.asarray((x - x.mean(axis=0)) / x.std(axis=0))


def relative(found: Array, known: Array) -> float:
    """Largest ‖found − known‖/‖known‖ over the first axis: one λ after the other."""
    pairs = [(f.ravel(), k.ravel()) for f, k in zip(found, known, strict=True)]
    return max(float(np.linalg.norm(f - k) / np.linalg.norm(k)) for f, k in pairs)
