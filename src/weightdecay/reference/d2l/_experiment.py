"""The chapter's data, network and protocol, those of the first edition.

References
----------
A. Zhang, Z. Lipton, M. Li, A. Smola, "Dive into Deep Learning", first edition, chapter "Weight
Decay".
"""

from collections.abc import Callable, Sequence

import torch
from torch import nn

from weightdecay.decay import L2, Decay
from weightdecay.study import Problem, Recipe, Study

INPUTS, ROWS, JUDGING = 200, 20, 100
#: Of the truth: each weight, the bias, and the deviation of the noise.
WEIGHT, BIAS, NOISE = 0.01, 0.05, 0.01
LR, EPOCHS, BATCH = 0.003, 100, 1
STEPS = EPOCHS * ROWS // BATCH
#: The λ with which the chapter shows decay at work.
WEIGHT_DECAY = 3.0
#: The loss of the chapter over ``nn.MSELoss``. Half the loss at a learning rate η with λ, and the
#: whole loss at η/2 with 2λ, take the very same steps; the engine of machine code has the latter.
HALF = 0.5

Network = Callable[[], nn.Module]


def network(deviation: float) -> Network:
    """Return what makes a linear layer with weights N(0, `deviation`²) and bias 0."""

    def make() -> nn.Module:
        layer = nn.Linear(INPUTS, 1)
        nn.init.normal_(layer.weight, std=deviation)
        nn.init.zeros_(layer.bias)
        return layer

    return make


def problem(draws: int) -> Problem:
    """Make F = `draws` draws of the data, a fold each: 20 rows that train and 100 that judge."""
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(draws * (ROWS + JUDGING), INPUTS, generator=draw)
    noise = NOISE * torch.randn(len(x), 1, generator=draw)
    y = WEIGHT * x.sum(dim=1, keepdim=True) + BIAS + noise
    folds = torch.arange(len(x)).view(draws, -1)
    return Problem(x, y, tuple((fold[:ROWS], fold[ROWS:]) for fold in folds), "mse")


def plan(start: Network, weight_decay: Sequence[float], seeds: int, draws: int) -> Study:
    """Plan every λ with every seed on every draw of the data, from one kind of start.

    Parameters
    ----------
    start : callable
        Makes the network, as :func:`network` returns it.
    weight_decay : sequence of L floats
        The path of λ, ascending from 0: torch's ``weight_decay`` and the chapter's ``lambd``, for
        half the mean squared error.
    seeds, draws : int
        S and F.

    Returns
    -------
    Study
        In terms of the whole mean squared error: its λs are twice those of `weight_decay`.
    """
    return Study(
        problem=problem(draws),
        network=start,
        recipe=Recipe(lr=HALF * LR, epochs=EPOCHS, batch_size=BATCH, optimizer="sgd"),
        decay=Decay(penalty=L2()),
        weight_decay=tuple(value / HALF for value in weight_decay),
        seeds=tuple(range(seeds)),
        record=2,
    )
