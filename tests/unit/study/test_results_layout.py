"""Results by λ, seed, fold and epoch, against members found by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from weightdecay.decay import Decay
from weightdecay.study import Problem, Recipe, Study, Trained, results

PATH, SEEDS, F = (0.0, 0.25, 4.0), (8, 1), 2
ROWS = torch.arange(5)


@pytest.fixture(scope="module")
def study():
    problem = Problem(torch.ones(5, 2), torch.ones(5, 1), ((ROWS, ROWS[:0]), (ROWS[1:], ROWS[:1])))
    recipe = Recipe(epochs=9)
    return Study(problem, lambda: nn.Linear(2, 1), recipe, Decay(), PATH, SEEDS, record=4)


@pytest.fixture(scope="module")
def trained(study):
    """No two numbers alike, so that none can stand in another's place."""
    K, E = len(PATH) * len(SEEDS) * F, len(study.epochs())
    numbers = np.arange(3.0 * K * E).reshape(3, K, E)
    draw = torch.Generator().manual_seed(0)
    return Trained(
        weights={
            "weight": torch.randn(K, 1, 2, generator=draw),
            "bias": torch.randn(K, 1, generator=draw),
        },
        buffers={},
        train_loss=numbers[0],
        test_loss=numbers[1],
        penalty=numbers[2],
        diverged=np.arange(K) + 100,
        stopped=np.arange(K) + 200,
    )


def places():
    """(λ, seed, fold) and the member that it is, counted by hand."""
    k = 0
    for value in PATH:
        for seed in SEEDS:
            for fold in range(F):
                yield {"weight_decay": value, "seed": seed, "fold": fold}, k
                k += 1


@pytest.mark.parametrize("name", ["train_loss", "test_loss", "penalty", "diverged"])
def test_every_member_in_its_place(study, trained, name):
    found = results(study, trained)
    for place, k in places():
        np.testing.assert_array_equal(found[name].sel(place), getattr(trained, name)[k])


@pytest.mark.parametrize("name", ["weight", "bias"])
def test_norms_of_every_parameter(study, trained, name):
    found = results(study, trained).weight_norm.sel(parameter=name)
    for place, k in places():
        by_torch = torch.linalg.vector_norm(trained.weights[name][k])
        assert float(found.sel(place)) == pytest.approx(float(by_torch))


def test_dimensions_and_coordinates(study, trained):
    found = results(study, trained)
    member = ("weight_decay", "seed", "fold")
    for name in ("train_loss", "test_loss", "penalty"):
        assert found[name].dims == (*member, "epoch")
    assert found.weight_norm.dims == (*member, "parameter")
    assert found.diverged.dims == member
    assert found.weight_decay.values.tolist() == list(PATH)
    assert found.seed.values.tolist() == list(SEEDS)
    assert found.fold.values.tolist() == [0, 1]
    assert found.epoch.values.tolist() == [0, 1, 4, 9]
    assert found.parameter.values.tolist() == ["weight", "bias"]


def test_data_loss_and_penalty_are_two_numbers(study, trained):
    found = results(study, trained)
    assert not (found.train_loss == found.penalty).any()
    assert set(found.data_vars) == {
        "train_loss",
        "test_loss",
        "penalty",
        "weight_norm",
        "weight_share",
        "diverged",
        "stopped",
    }


def test_nan_of_a_diverged_member_stays_with_it(study, trained):
    broken = Trained(**{**vars(trained), "train_loss": trained.train_loss.copy()})
    broken.train_loss[5, 2:] = np.nan
    missing = results(study, broken).train_loss.isnull()
    assert int(missing.sum()) == 2
    assert missing.sel(weight_decay=0.25, seed=8, fold=1).values.tolist() == [0, 0, 1, 1]
