"""Engines that stop early stop each member where the loop does, with what the loop leaves it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from _pytest.mark import ParameterSet
from models import MODELS
from promised import (
    PATH,
    PROMISES,
    Promise,
    assert_as_promised,
    assert_same,
    population,
    with_a_lost_member,
)
from test_vmap_equals_loop import OPTIMIZERS

from weightdecay.decay import Coupling, Decay
from weightdecay.study import Population, Problem, Recipe, Stopping, Study

# For each model and share of rows held out what makes some members stop, at several epochs, and
# others never: coupling, optimizer, patience, tol; and whether rows have weights.
TURNS: dict[tuple[str, float], tuple[Coupling, str, int, float, bool]] = {
    ("mlp", 0.0): ("loss", "momentum", 2, 1e-2, False),
    ("mlp", 0.3): ("loss", "sgd", 2, 1e-3, True),
    ("huber", 0.0): ("loss", "momentum", 3, 3e-2, False),
    ("huber", 0.3): ("step", "adam", 2, 1e-3, True),
    ("binary", 0.0): ("loss", "sgd", 1, 5e-3, False),
    ("binary", 0.3): ("loss", "momentum", 1, 3e-3, True),
    ("cnn with batch norm", 0.0): ("loss", "sgd", 1, 3e-2, False),
    ("cnn with batch norm", 0.3): ("loss", "momentum", 6, 1e-3, False),
    ("residual cnn", 0.0): ("step", "adam", 1, 1e-4, False),
    ("residual cnn", 0.3): ("step", "adam", 3, 1e-3, True),
    ("embedding", 0.0): ("step", "rmsprop", 1, 1e-2, False),
    ("embedding", 0.3): ("step", "adam", 1, 3e-3, True),
    ("attention", 0.0): ("loss", "sgd", 1, 1e-2, False),
    ("attention", 0.3): ("loss", "momentum", 2, 1e-2, True),
    ("tied and frozen", 0.0): ("loss", "momentum", 2, 3e-2, False),
    ("tied and frozen", 0.3): ("step", "rmsprop", 2, 1e-3, True),
    ("dropout", 0.0): ("step", "adam", 3, 3e-3, False),
    ("dropout", 0.3): ("step", "rmsprop", 2, 1e-3, True),
    ("functional dropout", 0.0): ("loss", "momentum", 2, 1e-2, False),
    ("functional dropout", 0.3): ("loss", "sgd", 4, 1e-3, False),
}


def every() -> Iterator[ParameterSet]:
    """Every engine × model, one of the shares held out by turns; the rest is slow."""
    for name, promise in PROMISES.items():
        for k, (model, held) in enumerate(product(promise.models, (0.0, 0.3))):
            marks = () if k % 4 in (0, 3) else pytest.mark.slow
            yield pytest.param(promise, model, held, id=f"{name}-{model}-{held}", marks=marks)


@pytest.mark.parametrize(("promise", "model", "held"), list(every()))
def test_each_member_stops_by_itself(promise: Promise, model: str, held: float) -> None:
    on, optimizer, patience, tol, weighted = TURNS[model, held]
    this = population(
        model,
        OPTIMIZERS[optimizer],
        Decay(on=on),
        stopping=Stopping(patience, tol, held),
        weighted=weighted,
    )
    this = with_a_lost_member(this, 5)
    trained = assert_as_promised(promise, this)
    assert np.flatnonzero(trained.diverged).tolist() == [5]
    stopped = trained.stopped[trained.diverged == 0]
    assert len(set(stopped[stopped > 0])) >= 2
    assert (stopped > 0).sum() >= 5
    assert (stopped == 0).any()
    assert all(len(rows) == (4 if held else 0) for rows in this.held)


def by_folds(recipe: Recipe, decay: Decay, stopping: Stopping) -> Population:
    """Members of the first fold have far to go and never stop; those of the second, near, do."""
    case = MODELS["mlp"]
    rows = torch.arange(14)
    y = torch.cat([case.y[:7] + 10, case.y[7:] / 10])
    return Study(
        problem=Problem(case.x, y, ((rows[:7], rows[7:]), (rows[7:], rows[:7]))),
        network=lambda: case.make().double(),
        recipe=replace(recipe, epochs=16, batch_size=2, stopping=stopping),
        decay=decay,
        weight_decay=PATH,
        seeds=(0, 1),
        record=5,
    ).plan()


MANNERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "clipped": {"clip_grad_norm": 1.0},
    "scheduled": {
        "scheduler": lambda optimizer: torch.optim.lr_scheduler.StepLR(optimizer, 30, gamma=0.8),
        "schedule": "step",
    },
    "clipped and scheduled": {
        "clip_grad_norm": 1.0,
        "scheduler": lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 24),
    },
}


def ways() -> Iterator[ParameterSet]:
    """Every optimizer × coupling, manners by turns."""
    for name, promise in PROMISES.items():
        manners = list(MANNERS) if promise.beyond else ["plain"]
        for k, (optimizer, on) in enumerate(product(promise.optimizers, promise.couplings)):
            manner = manners[k % len(manners)]
            label = f"{name}-{optimizer}-{on}-{manner}"
            yield pytest.param(promise, optimizer, on, manner, id=label)


@pytest.mark.slow
@pytest.mark.parametrize(("promise", "optimizer", "on", "manner"), list(ways()))
def test_who_goes_on_keeps_optimizer_scheduler_and_decay(
    promise: Promise, optimizer: str, on: Coupling, manner: str
) -> None:
    recipe = replace(OPTIMIZERS[optimizer], **MANNERS[manner])
    this = by_folds(recipe, Decay(on=on), Stopping(3, 1e-3, 0))
    trained = assert_as_promised(promise, this)
    assert (trained.stopped > 0).sum() >= 6
    assert (trained.stopped == 0).any()


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
@pytest.mark.parametrize("held", [0.0, 0.3])
def test_alone_or_in_company(promise: Promise, held: float) -> None:
    this = by_folds(OPTIMIZERS["adam"], Decay(), Stopping(2, 1e-3, held))
    everyone = promise.engine.train(this)
    assert len(set(everyone.stopped)) > 2
    for k in range(len(this)):
        alone = promise.engine.train(this.only([k]))
        mine = replace(
            everyone,
            weights={name: w[[k]] for name, w in everyone.weights.items()},
            **{
                name: getattr(everyone, name)[[k]]
                for name in ("train_loss", "test_loss", "penalty", "diverged", "stopped")
            },
        )
        assert_same(alone, mine, promise.relative)


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
@pytest.mark.parametrize("held", [0.0, 0.3])
def test_what_is_recorded_later_is_what_was_left(promise: Promise, held: float) -> None:
    this = by_folds(OPTIMIZERS["adam"], Decay(), Stopping(2, 1e-3, held))
    this = replace(this, record=tuple(range(17)))
    trained = promise.engine.train(this)
    assert (trained.stopped > 0).any()
    for name in ("train_loss", "test_loss", "penalty"):
        for history, stop in zip(getattr(trained, name), trained.stopped, strict=True):
            assert not stop or (history[stop:] == history[-1]).all()
            assert name == "penalty" or history[0] != history[-1]


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
@pytest.mark.parametrize("last", [6, 40])
def test_progress_adds_up_whoever_stops_when(promise: Promise, last: int) -> None:
    this = by_folds(OPTIMIZERS["sgd"], Decay(on="step"), Stopping(1, 1.0, 0.3))
    this = replace(this, recipe=replace(this.recipe, epochs=last), record=(0, last))
    done: list[int] = []
    stopped = promise.engine.train(this, done.append).stopped
    assert (stopped > 0).all() == (last == 40)
    assert sum(done) == len(this) * last
