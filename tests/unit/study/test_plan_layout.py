"""Where a member stands in the plan: λ the slowest axis, fold the fastest."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from weightdecay.decay import Decay
from weightdecay.study import Problem, Recipe, Study

quick = settings(deadline=None, derandomize=True, max_examples=25)


def make(path, seeds, folds):
    rows = torch.arange(10)
    splits = tuple((rows[fold:], rows[:fold]) for fold in range(folds))
    return Study(
        problem=Problem(torch.zeros(10, 2), torch.ones(10, 1), splits),
        network=lambda: nn.Linear(2, 1),
        recipe=Recipe(epochs=7, shuffle=False),
        decay=Decay(),
        weight_decay=(0.0, *path),
        seeds=seeds,
    )


@quick
@given(
    path=st.lists(st.floats(1e-6, 1e3), unique=True, max_size=3).map(sorted),
    seeds=st.lists(st.integers(0, 2**40), unique=True, min_size=1, max_size=3).map(tuple),
    folds=st.integers(1, 4),
)
def test_member_of_lambda_seed_and_fold(path, seeds, folds):
    study = make(path, seeds, folds)
    population = study.plan()
    L, S, F = study.shape
    assert (len(path) + 1, len(seeds), folds) == (L, S, F)
    assert len(population) == L * S * F
    for l, value in enumerate((0.0, *path)):  # noqa: E741
        for s, seed in enumerate(seeds):
            for f in range(folds):
                k = (l * S + s) * F + f
                torch.manual_seed(seed)
                start = nn.Linear(2, 1)
                assert population.weight_decay[k] == value
                assert torch.equal(population.weights["weight"][k], start.weight)
                assert torch.equal(population.weights["bias"][k], start.bias)
                assert population.order.stream(k)(1).tolist() == [list(range(f, 10))]
                assert population.test[k].tolist() == list(range(f))


def test_what_the_study_says_goes_along():
    study = make([0.1], (0, 1), 2)
    population = study.plan()
    assert population.recipe == study.recipe
    assert population.decay == study.decay
    assert population.record == study.epochs()
    assert torch.equal(population.x, study.problem.x)
    assert torch.equal(population.y, study.problem.y)


def test_types_that_an_engine_relies_on():
    population = make([0.1], (0,), 2).plan()
    assert population.weight_decay.dtype == np.float64
    assert {rows.dtype for rows in [*population.order.train, *population.test]} == {
        np.dtype(np.int64)
    }
    assert not any(w.requires_grad for w in population.weights.values())


def test_tied_parameters_are_planned_once():
    def tied():
        network = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 1))
        network[1].weight = network[0].weight
        return network

    study = make([], (0,), 1)
    study = Study(study.problem, tied, study.recipe, study.decay, (0.0,), (0,))
    assert list(study.plan().weights) == ["0.weight", "0.bias", "1.bias", "2.weight", "2.bias"]
