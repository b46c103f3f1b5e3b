"""The weight-decay chapter of Dive into Deep Learning, and the control that it lacks."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from weightdecay._run import run
from weightdecay.decay import L2, Decay
from weightdecay.reference._reference import Check, Outcome, at_most
from weightdecay.study import Problem, Recipe, Study

INPUTS, ROWS, JUDGING, DRAWS = 200, 20, 100, 8
WEIGHT_DECAY = 3.0
Network = Callable[[], nn.Module]


def d2l(normal: Network | None = None, zero: Network | None = None) -> Outcome:
    """Run the first edition's protocol from both starts, over draws of the data and of the start.

    Parameters
    ----------
    normal : callable, optional
        Makes the network of the book, weights N(0, 1) and bias 0.
    zero : callable, optional
        Makes the network of the control, all 0.

    References
    ----------
    A. Zhang, Z. Lipton, M. Li, A. Smola, "Dive into Deep Learning", first edition, chapter "Weight
    Decay".
    """
    norm, loss = _medians(normal or _network(1.0), seeds=8)  # [2]: λ = 0, λ = 3
    _, control = _medians(zero or _network(0.0), seeds=1)
    return Outcome(
        "d2l",
        (
            Check("norm_without", float(norm[0]), 11.6, 15.1),
            Check("norm_with", float(norm[1]), 0.035, 0.044),
            at_most("decay_helps", loss[1] / loss[0], 1e-3),
            at_most("zero_start", control[0] / loss[1], 1.05),
            at_most("decay_from_zero", abs(control[1] / control[0] - 1), 0.2),
        ),
    )


def _network(deviation: float) -> Network:
    def make() -> nn.Module:
        layer = nn.Linear(INPUTS, 1)
        nn.init.normal_(layer.weight, std=deviation)
        nn.init.zeros_(layer.bias)
        return layer

    return make


def _half_square(output: Tensor, target: Tensor) -> Tensor:
    return (output - target).square() / 2


def _medians(network: Network, seeds: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Median ‖w‖ and median loss on judging rows, each [2], over seeds and draws of the data."""
    study = Study(
        problem=_problem(),
        network=network,
        recipe=Recipe(lr=0.003, epochs=100, batch_size=1, optimizer="sgd"),
        decay=Decay(penalty=L2()),
        weight_decay=(0.0, WEIGHT_DECAY),
        seeds=tuple(range(seeds)),
        record=2,
    )
    found, _ = run(study)
    others = ("seed", "fold")
    norm = found.weight_norm.sel(parameter="weight").median(others)
    loss = found.test_loss.isel(epoch=-1).median(others)
    return norm.to_numpy(), loss.to_numpy()


def _problem() -> Problem:
    """Every fold is a draw of its own: 20 rows that train and 100 that judge."""
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(DRAWS * (ROWS + JUDGING), INPUTS, generator=draw)
    noise = 0.01 * torch.randn(len(x), 1, generator=draw)
    y = 0.01 * x.sum(dim=1, keepdim=True) + 0.05 + noise
    folds = torch.arange(len(x)).view(DRAWS, -1)
    splits = tuple((fold[:ROWS], fold[ROWS:]) for fold in folds)
    return Problem(x, y, splits, _half_square)
