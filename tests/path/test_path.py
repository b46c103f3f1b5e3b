"""`wd.path`: from data and a network to a choice and a verdict."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import RepeatedKFold
from torch import nn
from torch.utils.data import TensorDataset

import weightdecay as wd
from weightdecay import _search
from weightdecay._cutting import cut
from weightdecay.study import Study

RECIPE = wd.Recipe(lr=0.05, epochs=30, batch_size=16)


def linear() -> nn.Module:
    return nn.Linear(25, 1)


def noisy(rows: int = 40, signal: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """As many rows as columns, nearly: where a linear model overfits."""
    draw = np.random.default_rng(0)
    X = draw.normal(size=(rows, 25))
    return X, signal * X[:, 0] + draw.normal(size=rows)


@pytest.fixture(scope="module")
def found() -> wd.Path:
    return wd.path(linear, *noisy(), recipe=RECIPE, seeds=2, folds=5)


def test_the_path_runs_from_0_over_no_effect_to_collapse(found: wd.Path) -> None:
    path = found.weight_decay
    assert path[0] == 0
    assert list(path) == sorted(set(path))
    assert len(path) > 12
    train = found.results.train_loss.isel(epoch=-1).mean(("seed", "fold")).values
    assert train[1] < 1.5 * train[0]
    assert train[-1] > 0.9 * noisy()[1].var()


def test_weight_decay_helps_a_linear_model_that_overfits(found: wd.Path) -> None:
    errors = found.errors.mean((1, 2))
    assert found.choice == found.weight_decay[errors.argmin()] > 0
    assert errors.min() < 0.8 * errors[0]
    assert found.verdict.unit == "row"
    assert found.verdict.pairs == 40
    assert found.verdict.seeds == 2
    assert found.verdict.effect.estimate < 0
    assert sum(found.failures.values()) == 0


def test_one_standard_error_takes_a_larger_lambda(found: wd.Path) -> None:
    assert replace(found, rule="1se").choice >= found.choice


def test_given_lambdas_are_a_study(found: wd.Path) -> None:
    X, y = noisy()
    given = wd.path(linear, X, y, weight_decay=[0.1, 0.01], recipe=RECIPE, seeds=2, folds=4)
    assert given.weight_decay == (0.0, 0.01, 0.1)
    assert given.errors.shape == (3, 2, 4)
    assert given.results.inner_error.shape == (3, 2, 4, 3)
    study = given.study
    assert isinstance(study, Study)
    again, _ = wd.run(study)
    np.testing.assert_array_equal(again.test_loss, given.results.test_loss)


def test_inner_folds_never_see_what_the_outer_fold_is_judged_on() -> None:
    groups = np.arange(60) // 3
    y = torch.arange(60) % 2
    found = cut(torch.zeros(60, 1), y, "cross_entropy", 4, 3, groups=groups)
    problem, outer = found.problem, found.outer
    assert outer == 4
    assert len(problem.splits) == 4 * (1 + 3)
    for f in range(4):
        train, test = (set(side.tolist()) for side in problem.splits[f])
        assert train | test == set(range(60))
        assert not {groups[row] for row in train} & {groups[row] for row in test}
        for inner_train, inner_test in problem.splits[4 + 3 * f : 7 + 3 * f]:
            inside = set(inner_train.tolist()), set(inner_test.tolist())
            assert inside[0] | inside[1] == train
            assert not {groups[r] for r in inside[0]} & {groups[r] for r in inside[1]}


@pytest.mark.parametrize("shape", [(40,), (40, 1)])
def test_two_classes_are_stratified_inside_and_outside(shape: tuple[int, ...]) -> None:
    y = torch.zeros(40)
    y[:8] = 1
    found = cut(torch.zeros(40, 1), y.reshape(shape), "binary_cross_entropy", 4, 3)
    problem, outer = found.problem, found.outer
    assert {int(y[test].sum()) for _, test in problem.splits[:outer]} == {2}
    assert {int(y[test].sum()) for _, test in problem.splits[outer:]} == {2}


@pytest.mark.parametrize(
    # Where nothing can be learnt, the best is to collapse, however far the path goes.
    ("signal", "short", "ends"),
    [(0.0, (1e-4, 1e-3), (1e-4, 1.0)), (1.0, (10.0, 100.0), (1.0, 100.0))],
)
def test_a_path_whose_best_stands_at_its_end_is_extended(
    signal: float,
    short: tuple[float, float],
    ends: tuple[float, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_search, "automatic_path", lambda *args, **how: (0.0, *short))
    X, y = noisy(signal=signal)
    found = wd.path(linear, X, y, recipe=RECIPE, seeds=1, folds=4)
    assert (found.weight_decay[1], found.weight_decay[-1]) == pytest.approx(ends)
    assert found.at_edge == (signal == 0)
    given = wd.path(linear, X, y, weight_decay=found.weight_decay, recipe=RECIPE, seeds=1, folds=4)
    np.testing.assert_array_equal(given.errors, found.errors)
    assert given.verdict == found.verdict


@pytest.mark.parametrize(
    "decay", [wd.presets.max_norm(0.1), wd.presets.max_norm(1e-6), wd.presets.fixed_norm(0.1)]
)
def test_of_a_constraint_it_ends_at_all_the_way(decay: wd.Decay) -> None:
    X = torch.randn(40, 4, generator=torch.Generator().manual_seed(0))
    how = {"recipe": wd.Recipe(lr=0.1, epochs=5), "seeds": 1, "folds": 2, "inner_folds": 2}
    constrained = wd.path(lambda: nn.Linear(4, 1), X, X[:, :1], decay=decay, **how)
    assert constrained.weight_decay[0] == 0
    assert constrained.weight_decay[-1] <= 1
    assert np.isfinite(constrained.errors).all()


def test_a_convolutional_network_on_digits_by_vmap() -> None:
    X, y = load_digits(return_X_y=True)

    def net() -> nn.Module:
        return nn.Sequential(
            nn.Conv2d(1, 4, 3, stride=2),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(36, 10),
        )

    found = wd.path(
        net,
        torch.tensor(X[:300, None].reshape(-1, 1, 8, 8) / 16, dtype=torch.float32),
        y[:300],
        loss="cross_entropy",
        recipe=wd.Recipe(lr=0.01, epochs=5),
        weight_decay=[1e-3, 1.0],
        seeds=2,
        folds=3,
    )
    assert found.results.attrs["engine"] == "vmap"
    assert "Conv2d" in found.results.attrs["engine_reason"]
    assert found.errors[0].mean() < np.log(10) < found.errors[2].mean() + 0.5


def test_every_row_is_judged_by_networks_that_have_not_seen_it(found: wd.Path) -> None:
    fold, row = found.results.tested_fold.values, found.results.tested_unit.values
    assert sorted(row) == list(range(40))
    for f, (train, test) in enumerate(found.study.problem.splits):
        assert set(row[fold == f]) == set(test.tolist())
        assert not set(row[fold == f]) & set(train.tolist())
        of_fold = found.results.row_error.values[:, :, fold == f].mean(axis=2)
        np.testing.assert_allclose(of_fold, found.errors[:, :, f], rtol=1e-5)


def test_rows_of_one_group_are_one_draw() -> None:
    X, y = noisy()
    options = {"weight_decay": [0.1], "recipe": RECIPE, "seeds": 1, "folds": 4}
    groups = [f"patient {row // 4}" for row in range(40)]
    found = wd.path(linear, X, y, groups=groups, **options)
    assert (found.verdict.unit, found.verdict.pairs) == ("group", 10)


def test_where_the_error_is_no_mean_over_rows_the_pairs_are_folds() -> None:
    X, y = noisy()
    options = {"weight_decay": [0.1], "recipe": RECIPE, "seeds": 2, "folds": 4}

    def root(output: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return nn.functional.mse_loss(output, y).sqrt()

    for judged_by in ({"loss": root}, {"metric": "r2"}):
        found = wd.path(linear, X, y, **judged_by, **options)
        assert (found.verdict.unit, found.verdict.pairs) == ("fold", 4)
        assert found.verdict.overlap == pytest.approx(1 / 3)


@pytest.mark.parametrize("way", ["truth", "validation", "share"])
def test_with_one_set_of_judging_rows_the_pairs_are_seeds(way: str) -> None:
    X, y = noisy()
    judging = {"truth": {"truth": (X, X[:, 0])}, "validation": {"validation": noisy(30)}}
    options = judging.get(way, {"folds": 0.25})
    found = wd.path(linear, X, y, weight_decay=[0.1, 1.0], recipe=RECIPE, seeds=8, **options)
    assert found.errors.shape == (3, 8, 1)
    assert found.verdict.unit == "seed"
    assert found.verdict.pairs == 4


def test_data_may_come_in_any_dress() -> None:
    X, y = noisy()
    options = {"weight_decay": [0.1], "recipe": RECIPE, "seeds": 1, "folds": 3}
    expected = wd.path(linear, X, y, **options).errors
    import pandas as pd

    tensors = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    for data in (
        tensors,
        (pd.DataFrame(X), pd.Series(y)),
        (TensorDataset(*tensors),),
        (X.tolist(), y[:, None].tolist()),
    ):
        np.testing.assert_array_equal(wd.path(linear, *data, **options).errors, expected)


def test_folds_of_ones_own_and_of_scikit_learn() -> None:
    X, y = noisy()
    options = {"weight_decay": [0.1], "recipe": RECIPE, "seeds": 1}
    own = [(range(30), range(30, 40)), (range(10, 40), range(10))]
    assert wd.path(linear, X, y, folds=own, **options).errors.shape == (2, 1, 2)
    repeated = RepeatedKFold(n_splits=3, n_repeats=2, random_state=0)
    assert wd.path(linear, X, y, folds=repeated, **options).errors.shape == (2, 1, 6)


def test_seeds_of_ones_own_are_those_of_the_range_that_has_them() -> None:
    X, y = noisy()
    options = {"weight_decay": [0.1], "recipe": RECIPE, "folds": 3}
    third = wd.path(linear, X, y, seeds=[2], **options)
    assert third.study.seeds == (2,)
    all_three = wd.path(linear, X, y, seeds=3, **options)
    np.testing.assert_array_equal(third.errors[:, 0], all_three.errors[:, 2])


def test_a_module_is_copied_and_drawn_anew() -> None:
    X, y = noisy()
    options = {"weight_decay": [0.1], "recipe": RECIPE, "seeds": 2, "folds": 3}
    module = linear()
    before = module.weight.detach().clone()
    found = wd.path(module, X, y, **options)
    assert torch.equal(module.weight, before)
    np.testing.assert_array_equal(found.errors, wd.path(linear, X, y, **options).errors)
    assert not np.array_equal(found.errors[:, 0], found.errors[:, 1])


def test_failed_runs_are_counted_and_their_lambda_is_never_chosen() -> None:
    X, y = noisy()
    decay = wd.Decay(on="step")
    found = wd.path(
        linear, X, y, decay=decay, weight_decay=[0.1, 1e9], recipe=RECIPE, seeds=2, folds=3
    )
    assert found.failures == {0.0: 0, 0.1: 0, 1e9: 6}
    assert found.choice != 1e9
    assert found.verdict.label != "hurts"
