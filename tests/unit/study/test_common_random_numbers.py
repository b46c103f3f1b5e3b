"""A member's start and order come from its (seed, fold) alone, so that pairs can be compared."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from weightdecay.decay import L1, Decay
from weightdecay.study import Problem, Recipe, Study

ROWS = torch.arange(12)
FOLDS = tuple((ROWS[fold != ROWS % 3], ROWS[fold == ROWS % 3]) for fold in range(3))
STUDY = Study(
    problem=Problem(torch.ones(12, 2), torch.ones(12, 1), FOLDS),
    network=lambda: nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)),
    recipe=Recipe(epochs=4, batch_size=4),
    decay=Decay(),
    weight_decay=(0.0, 0.1, 1.0),
    seeds=(5, 2, 9),
)
VARIANTS = {
    "other λs": replace(STUDY, weight_decay=(0.0, 0.003, 0.1, 2.0, 30.0)),
    "one λ": replace(STUDY, weight_decay=(0.0,)),
    "other seeds": replace(STUDY, seeds=(0, 2, 3, 4)),
    "one seed": replace(STUDY, seeds=(2,)),
    "fewer folds": replace(STUDY, problem=replace(STUDY.problem, splits=FOLDS[:2])),
    "other data": replace(STUDY, problem=Problem(torch.zeros(12, 2), torch.zeros(12, 1), FOLDS)),
    "longer": replace(STUDY, recipe=Recipe(epochs=50, batch_size=12, lr=1.0, optimizer="sgd")),
    "other decay": replace(STUDY, decay=Decay(0.7, L1(), on="step", select="all")),
    "other record": replace(STUDY, record=3),
}


def members(study):
    """(λ, seed, fold) of every member, in the plan's order."""
    return [
        (value, seed, fold)
        for value in study.weight_decay
        for seed in study.seeds
        for fold in range(len(study.problem.splits))
    ]


def randomness(population, k):
    """All that is drawn for member k: its start, and its rows for three epochs."""
    start = torch.cat([w[k].flatten() for w in population.weights.values()])
    return [*start.tolist(), *population.order.stream(k)(3).flatten().tolist()]


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_nothing_but_seed_and_fold_matters(variant):
    known = {key[1:]: k for k, key in enumerate(members(STUDY))}
    here, there = STUDY.plan(), variant.plan()
    shared = 0
    for k, (_, *key) in enumerate(members(variant)):
        if tuple(key) in known:
            shared += 1
            assert randomness(there, k) == randomness(here, known[tuple(key)])
    assert shared >= 2


def test_members_that_differ_in_lambda_alone_differ_in_nothing_else():
    population = STUDY.plan()
    per_pair = {}
    for k, (_, *key) in enumerate(members(STUDY)):
        per_pair.setdefault(tuple(key), set()).add(tuple(randomness(population, k)))
    assert [len(drawn) for drawn in per_pair.values()] == [1] * 9


def test_seeds_differ_in_start_and_order():
    population = replace(STUDY, seeds=tuple(range(12)), weight_decay=(0.0,)).plan()
    first_of_fold_0 = range(0, len(population), 3)
    starts = {tuple(population.weights["0.weight"][k].flatten().tolist()) for k in first_of_fold_0}
    orders = {population.order.stream(k)(3).tobytes() for k in first_of_fold_0}
    assert len(starts) == len(orders) == 12


def test_folds_of_a_seed_share_the_start_and_shuffle_apart():
    everything = (ROWS, ROWS[:0])
    problem = replace(STUDY.problem, splits=(everything, everything))
    population = replace(STUDY, problem=problem, seeds=(2,), weight_decay=(0.0,)).plan()
    for w in population.weights.values():
        assert torch.equal(w[0], w[1])
    assert not np.array_equal(population.order.stream(0)(1), population.order.stream(1)(1))
