"""A small study of several chunks, and what it becomes uninterrupted."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from weightdecay import Decay, Recipe
from weightdecay._run import run
from weightdecay.runs import RunFolder
from weightdecay.study import Problem, Study, Trained


def study(epochs: int = 2, lambdas: int = 4, seeds: int = 3) -> Study:
    """Return `lambdas` × `seeds` × 2 members."""
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(24, 30, generator=draw)
    y = x[:, :1] + torch.randn(24, 1, generator=draw)
    rows = torch.arange(24)
    return Study(
        problem=Problem(x, y, ((rows[:16], rows[16:]), (rows[8:], rows[:8]))),
        network=lambda: nn.Sequential(nn.Linear(30, 40), nn.Tanh(), nn.Linear(40, 1)),
        recipe=Recipe(lr=0.01, epochs=epochs, batch_size=8),
        decay=Decay(),
        weight_decay=(0.0, *(0.01 * 2.0**k for k in range(lambdas - 1))),
        seeds=tuple(range(seeds)),
        record=3,
    )


def kept(this: Study, folder: Path, engine: str = "auto", **how) -> Trained:
    """Train, keeping chunks in `folder`."""
    with RunFolder(folder, **how) as opened:
        return run(this, engine, folder=opened)[1]


def other(this: Study, **changes) -> Study:
    return replace(this, **changes)


def assert_same_bits(found: Trained, expected: Trained) -> None:
    for kind in ("weights", "buffers"):
        mine, theirs = getattr(found, kind), getattr(expected, kind)
        assert list(mine) == list(theirs)
        assert all(torch.equal(mine[name], theirs[name]) for name in theirs)
    for name in ("train_loss", "test_loss", "penalty", "diverged", "stopped"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
