"""A second fit that begins where the first one ended."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import scale

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPRegressor

X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X[:80]), scale(Y[:80])
HOW: dict[str, Any] = {
    "hidden_layer_sizes": (6,),
    "learning_rate_init": 0.05,
    "shuffle": False,
    "n_iter_no_change": np.inf,
    "random_state": 0,
}


@pytest.mark.parametrize("seeds", [1, 2])
def test_without_memory_of_the_optimizer_two_fits_are_one(seeds: int) -> None:
    plain = {**HOW, "solver": "sgd", "momentum": 0.0, "seeds": seeds}
    once = MLPRegressor(**plain, max_iter=8).fit(X, Y)
    twice = MLPRegressor(**plain, max_iter=4, warm_start=True).fit(X, Y).fit(X, Y)
    np.testing.assert_array_equal(once.predict(X), twice.predict(X))
    assert twice.n_iter_ == 4
    np.testing.assert_array_equal(once.loss_curve_, twice.loss_curve_)
    assert twice.best_loss_ == min(twice.loss_curve_)


def test_a_fit_of_another_kind_begins_anew() -> None:
    first = MLPRegressor(**HOW, max_iter=4).fit(X, Y)
    twice = MLPRegressor(**HOW, max_iter=4).fit(X, Y).fit(X, Y)
    np.testing.assert_array_equal(first.predict(X), twice.predict(X))
    assert len(twice.loss_curve_) == 4


def test_any_alpha_can_be_gone_on_with() -> None:
    model = MLPRegressor(**HOW, max_iter=30, alpha=0.0, warm_start=True).fit(X, Y)
    before = np.linalg.norm(model.coefs_[0])
    after = model.set_params(alpha=10.0).fit(X, Y)
    assert np.linalg.norm(after.coefs_[0]) < before


def test_what_cannot_be_gone_on_with() -> None:
    model = MLPRegressor(**HOW, max_iter=2, warm_start=True).fit(X, Y)
    for changed, told in (
        ({"hidden_layer_sizes": (7,)}, r"1 of 10-6-1, are not .*, 1 of 10-7-1"),
        ({"hidden_layer_sizes": (6, 6)}, r"1 of 10-6-1, are not .*, 1 of 10-6-6-1"),
        ({"hidden_layer_sizes": (6,), "seeds": 2}, r"1 of 10-6-1, are not .*, 2 of 10-6-1"),
    ):
        with pytest.raises(wd.InputError, match=f"^warm_start: .*{told}"):
            model.set_params(**changed).fit(X, Y)
    with pytest.raises(ValueError, match="features"):
        model.fit(X[:, :4], Y)
    classes = MLPClassifier(**HOW, max_iter=2, warm_start=True).fit(X, Y > 0)
    with pytest.raises(wd.InputError, match=r"^warm_start: y has the classes \['a', 'b'\]"):
        classes.fit(X, np.where(Y > 0, "b", "a"))
