"""Schedules of the learning rate, beside what `test_equals_scikit_learn` holds against theirs."""

from typing import Any

import numpy as np
import pytest

import weightdecay as wd
from weightdecay.sklearn import MLPRegressor, MLPRegressorCV, _chosen_alpha
from weightdecay.sklearn._recipe import InverseScaling, recipe

FALLING: dict[str, Any] = {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.3}
X = np.random.default_rng(0).normal(size=(40, 3))
FIRST, SECOND = (np.arange(20), np.arange(20, 40)), (np.arange(20, 40), np.arange(20))


@pytest.mark.parametrize(("early_stopping", "rows"), [(False, 80), (True, 60)])
def test_rows_that_train_are_counted(early_stopping: bool, rows: int) -> None:
    model = MLPRegressor(**FALLING, early_stopping=early_stopping, validation_fraction=0.25)
    assert recipe(model, 80).scheduler == InverseScaling(rows, 0.3)


@pytest.mark.parametrize("name", ["constant", "invscaling", "adaptive"])
def test_other_solvers_than_sgd_have_a_constant_rate_as_in_scikit_learn(name: str) -> None:
    assert recipe(MLPRegressor(solver="adam", learning_rate=name), 80).scheduler is None


@pytest.mark.parametrize("early_stopping", [False, True])
def test_a_fold_has_the_rate_of_an_estimator_on_its_rows(early_stopping: bool) -> None:
    how = {**FALLING, "hidden_layer_sizes": (4,), "max_iter": 30, "n_iter_no_change": np.inf}
    how |= {"learning_rate_init": 0.2, "dtype": "float64", "random_state": 0}
    how |= {"early_stopping": early_stopping, "validation_fraction": 0.2}
    y = X[:, 0] - X[:, 1] ** 2
    fitted = MLPRegressorCV(**how, alphas=[0.1], cv=[FIRST, SECOND], seeds=1).fit(X, y)
    train, test = FIRST  # seed 0 in fold 0: of fold 1 it holds out other rows, in another order
    alone = MLPRegressor(**how, alpha=0.1, seeds=1).fit(X[train], y[train])
    error = np.mean((alone.predict(X[test]) - y[test]) ** 2)
    assert fitted.path_.errors[1, 0, 0] == pytest.approx(error, rel=1e-9)


def test_folds_of_unlike_sizes_have_the_rate_of_their_mean(monkeypatch) -> None:
    asked = []

    def path(*args, **how):
        asked.append(how["recipe"].scheduler)
        return wd.path(*args, **how)

    monkeypatch.setattr(_chosen_alpha, "path", path)
    folds = [(np.arange(24), np.arange(24, 40)), (np.arange(24, 32), np.arange(24))]
    how = {**FALLING, "max_iter": 1, "n_iter_no_change": np.inf, "seeds": 1}
    MLPRegressorCV((4,), **how, alphas=[0.1], cv=folds).fit(X, X[:, 0])
    assert asked == [InverseScaling(16, 0.3)]


def test_a_path_takes_the_schedule_of_its_final_networks() -> None:
    how = {**FALLING, "hidden_layer_sizes": (4,), "max_iter": 6, "n_iter_no_change": np.inf}
    fitted = MLPRegressorCV(**how, alphas=[0.1], cv=2, seeds=1, random_state=0).fit(X, X[:, 0])
    given = MLPRegressor(**how, alpha=fitted.alpha_, random_state=0).fit(X, X[:, 0])
    np.testing.assert_array_equal(fitted.predict(X), given.predict(X))
    constant = MLPRegressorCV(**{**how, "learning_rate": "constant"}, alphas=[0.1], cv=2, seeds=1)
    constant.set_params(random_state=0).fit(X, X[:, 0])
    assert not np.allclose(fitted.path_.errors, constant.path_.errors, rtol=1e-3)
