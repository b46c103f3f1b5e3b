"""The promise of the vmap engine: it is the loop engine, for any module."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from _pytest.mark import ParameterSet
from models import MODELS
from torch import Tensor

from weightdecay.decay import L1, L2, Coupling, Decay, Norm, Penalty
from weightdecay.engines import loop, vmap
from weightdecay.study import Population, Problem, Recipe, Study, Trained

OPTIMIZERS = {
    "sgd": Recipe(optimizer="sgd", lr=0.05),
    "momentum": Recipe(optimizer="sgd", lr=0.02, options={"momentum": 0.9}),
    "nesterov": Recipe(optimizer="sgd", lr=0.02, options={"momentum": 0.9, "nesterov": True}),
    "adam": Recipe(optimizer="adam", lr=0.01),
    "adamw": Recipe(optimizer="adamw", lr=0.01, options={"betas": (0.8, 0.99)}),
    "rmsprop": Recipe(optimizer="rmsprop", lr=0.005),
    "adagrad": Recipe(optimizer="adagrad", lr=0.05),
}

MANNERS = {
    "plain": {},
    "clipped": {"clip_grad_norm": 0.05},
    "scheduled": {
        "scheduler": lambda optimizer: torch.optim.lr_scheduler.StepLR(optimizer, 7, gamma=0.5),
        "schedule": "step",
    },
    "clipped and scheduled": {
        "clip_grad_norm": 0.05,
        "scheduler": lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 13),
    },
}


def population(model: str, recipe: Recipe, decay: Decay, seeds: int = 1) -> Population:
    """2 λs × seeds × 2 folds; 11 training rows and 52 steps: 13 epochs of 3, 3, 3 and 2 rows."""
    case = MODELS[model]
    rows = torch.arange(14)
    return Study(
        problem=Problem(case.x, case.y, ((rows[:11], rows[11:]), (rows[3:], rows[:3])), case.loss),
        network=lambda: case.make().double(),
        recipe=replace(recipe, epochs=13, batch_size=3),
        decay=decay,
        weight_decay=(0.0, 0.1),
        seeds=tuple(range(seeds)),
        record=3,
    ).plan()


def assert_same(found: Trained, expected: Trained, relative: float = 1e-10) -> None:
    """Weights and buffers of every member, and every loss, within `relative` of their own size."""
    np.testing.assert_array_equal(found.diverged, expected.diverged)
    for parts, oracles in (
        (found.weights, expected.weights),
        (found.buffers, expected.buffers),
    ):
        if oracles:
            oracle = _flat([oracles[name] for name in oracles])
            error = (_flat([parts[name] for name in oracles]) - oracle).norm(dim=1)
            assert (error <= relative * oracle.norm(dim=1)).all(), f"errors of the members: {error}"
    for name in ("train_loss", "test_loss", "penalty"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=relative, atol=1e-12, err_msg=name
        )


def _flat(stacks: list[Tensor]) -> Tensor:
    return torch.cat([stack.double().reshape(len(stack), -1) for stack in stacks], dim=1)


def assert_engines_agree(this: Population) -> Trained:
    assert vmap.refusal(this) is None
    expected = loop.train(this)
    assert_same(vmap.train(this), expected)
    return expected


KINDS = (L2(), L1(), Norm())


def combinations() -> Iterator[ParameterSet]:
    """Every model × optimizer × coupling, manners and penalties by turns; one coupling is fast."""
    couplings: tuple[Coupling, ...] = ("loss", "step", "prox")
    for k, (model, optimizer) in enumerate(product(MODELS, OPTIMIZERS)):
        for j, on in enumerate(couplings):
            # From model to model, an optimizer meets another coupling and another manner.
            manner = list(MANNERS)[(k + j) % len(MANNERS)]
            penalty = KINDS[(k // len(MANNERS) + j) % len(KINDS)]
            marks = () if j == k % len(couplings) else pytest.mark.slow
            yield pytest.param(model, optimizer, on, manner, penalty, marks=marks)


@pytest.mark.parametrize(("model", "optimizer", "on", "manner", "penalty"), list(combinations()))
def test_after_50_steps(
    model: str, optimizer: str, on: Coupling, manner: str, penalty: Penalty
) -> None:
    recipe = replace(OPTIMIZERS[optimizer], **MANNERS[manner])
    assert_engines_agree(population(model, recipe, Decay(penalty=penalty, on=on)))
