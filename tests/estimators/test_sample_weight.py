"""A weight is a number of rows, if all rows are one batch; and only ratios of weights matter."""

from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import load_diabetes
from sklearn.model_selection import KFold, LeaveOneGroupOut
from sklearn.preprocessing import scale

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPClassifierCV, MLPRegressor, MLPRegressorCV

X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X[:60]), scale(Y[:60])
CLASSES = np.digitize(Y, [-0.5, 0.5])
HOW: dict[str, Any] = {
    "hidden_layer_sizes": (6,),
    "learning_rate_init": 0.05,
    "max_iter": 8,
    "n_iter_no_change": np.inf,
    "dtype": "float64",
    "random_state": 0,
    "alpha": 0.1,
}
PATH = {**{name: value for name, value in HOW.items() if name != "alpha"}, "alphas": [0.3]}
KINDS = {
    "regressor": (MLPRegressor(**HOW), Y),
    "huber": (MLPRegressor(**HOW, loss="huber"), 3 * Y),
    "two classes": (MLPClassifier(**HOW), Y > 0),
    "three classes": (MLPClassifier(**HOW), CLASSES),
    "labels": (MLPClassifier(**HOW), np.column_stack([Y > 0, X[:, 0] > 0])),
}
WEIGHT = np.random.default_rng(0).integers(0, 4, len(X))


def outputs(model: BaseEstimator) -> Any:
    return model.predict_proba(X) if hasattr(model, "predict_proba") else model.predict(X)


@pytest.mark.parametrize("kind", KINDS)
def test_a_weight_is_so_many_rows(kind: str) -> None:
    model, y = KINDS[kind]
    weighted = clone(model).fit(X, y, sample_weight=WEIGHT)
    repeated = clone(model).fit(X.repeat(WEIGHT, axis=0), y.repeat(WEIGHT, axis=0))
    np.testing.assert_allclose(outputs(weighted), outputs(repeated), rtol=1e-9)
    assert weighted.loss_ == pytest.approx(repeated.loss_)
    assert not np.allclose(outputs(weighted), outputs(clone(model).fit(X, y)), rtol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_only_ratios_matter(kind: str) -> None:
    model, y = KINDS[kind]
    model = clone(model).set_params(batch_size=16)
    one, same = (clone(model).fit(X, y, sample_weight=WEIGHT * by) for by in (1.0, 7.0))
    np.testing.assert_allclose(outputs(one), outputs(same), rtol=1e-9)
    equal, none = (clone(model).fit(X, y, sample_weight=w) for w in (np.full(len(X), 3.0), None))
    np.testing.assert_allclose(outputs(equal), outputs(none), rtol=1e-9)


@pytest.mark.parametrize("scoring", [None, "r2"])
def test_a_path_trains_and_judges_with_weights(scoring: str | None) -> None:
    part = np.arange(len(X)) % 3
    rows = np.arange(len(X)).repeat(WEIGHT)
    model = MLPRegressorCV(**PATH, scoring=scoring, seeds=1)
    found = []
    for chosen, weight in ((np.arange(len(X)), WEIGHT), (rows, None)):
        folds = list(LeaveOneGroupOut().split(chosen, groups=part[chosen]))
        found.append(clone(model).set_params(cv=folds).fit(X[chosen], Y[chosen], weight))
    weighted, repeated = found
    for name in ("split0_test_score", "mean_test_score"):
        np.testing.assert_allclose(weighted.cv_results_[name], repeated.cv_results_[name])
    assert weighted.alpha_ == repeated.alpha_
    np.testing.assert_allclose(weighted.predict(X), repeated.predict(X))


def test_score_takes_weights() -> None:
    for model, y in (KINDS["regressor"], KINDS["three classes"]):
        model = clone(model).fit(X, y)
        repeated = model.score(X.repeat(WEIGHT, axis=0), y.repeat(WEIGHT))
        assert model.score(X, y, sample_weight=WEIGHT) == pytest.approx(repeated)


def test_weights_are_left_as_they_were() -> None:
    weight = WEIGHT.astype(np.float64)
    MLPRegressor(**HOW).fit(X, Y, weight)
    np.testing.assert_array_equal(weight, WEIGHT)


@pytest.mark.parametrize("kind", [MLPRegressor, MLPClassifierCV])
def test_bad_weights(kind: type[BaseEstimator]) -> None:
    model = kind(**(PATH if kind is MLPClassifierCV else HOW), early_stopping=True)
    held = np.ones(len(X))
    held[3] = -1
    with pytest.raises(wd.InputError, match=r"^sample_weight: -1.0 in row 3"):
        model.fit(X, Y > 0, held)
    with pytest.raises(ValueError, match=r"inconsistent|shape"):
        model.fit(X, Y > 0, held[1:])
    with pytest.raises(ValueError, match=r"(?s)sample_weight.*NaN"):
        model.fit(X, Y > 0, np.full(len(X), np.nan))


def test_weights_that_leave_nothing_to_learn_or_to_watch() -> None:
    classes = MLPClassifier(**HOW)
    with pytest.raises(wd.InputError, match=r"^sample_weight: only one class"):
        classes.fit(X, Y > 0, (Y > 0).astype(float))
    first = np.zeros(len(X))
    first[0] = 1
    with pytest.raises(wd.InputError, match=r"^sample_weight: .* holds out"):
        MLPRegressor(**HOW, early_stopping=True).fit(X, Y, first)
    with pytest.raises(wd.InputError, match=r"^sample_weight: all .* fold 0 have 0"):
        MLPRegressorCV(**PATH, cv=KFold(2)).fit(X, Y, (np.arange(len(X)) >= 30).astype(float))
