"""Schedules of the learning rate, beside what `test_equals_scikit_learn` holds against theirs."""

from typing import Any

import numpy as np
import pytest

from weightdecay.sklearn import MLPRegressor, MLPRegressorCV
from weightdecay.sklearn._recipe import InverseScaling, recipe

FALLING: dict[str, Any] = {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.3}
X = np.random.default_rng(0).normal(size=(40, 3))


@pytest.mark.parametrize(("early_stopping", "rows"), [(False, 80), (True, 60)])
def test_rows_that_train_are_counted(early_stopping: bool, rows: int) -> None:
    model = MLPRegressor(**FALLING, early_stopping=early_stopping, validation_fraction=0.25)
    assert recipe(model, 80).scheduler == InverseScaling(rows, 0.3)


@pytest.mark.parametrize("name", ["constant", "invscaling", "adaptive"])
def test_other_solvers_than_sgd_have_a_constant_rate_as_in_scikit_learn(name: str) -> None:
    assert recipe(MLPRegressor(solver="adam", learning_rate=name), 80).scheduler is None


def test_a_path_takes_the_schedule_of_its_final_networks() -> None:
    how = {**FALLING, "hidden_layer_sizes": (4,), "max_iter": 6, "n_iter_no_change": np.inf}
    fitted = MLPRegressorCV(**how, alphas=[0.1], cv=2, seeds=1, random_state=0).fit(X, X[:, 0])
    given = MLPRegressor(**how, alpha=fitted.alpha_, random_state=0).fit(X, X[:, 0])
    np.testing.assert_array_equal(fitted.predict(X), given.predict(X))
    constant = MLPRegressorCV(**{**how, "learning_rate": "constant"}, alphas=[0.1], cv=2, seeds=1)
    constant.set_params(random_state=0).fit(X, X[:, 0])
    assert not np.allclose(fitted.path_.errors, constant.path_.errors, rtol=1e-3)
