"""Weights and groups on their way through pipelines and searches, by scikit-learn's routing."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator
from sklearn.datasets import load_diabetes
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPClassifierCV, MLPRegressor, MLPRegressorCV

X, Y = load_diabetes(return_X_y=True)
X, Y = X[:90], (Y[:90] - 150) / 77
GROUPS = np.arange(90) // 9
WEIGHT = np.random.default_rng(0).integers(1, 5, len(X)).astype(float)
QUICK: dict[str, Any] = {
    "hidden_layer_sizes": (6,),
    "learning_rate_init": 0.1,
    "max_iter": 5,
    "n_iter_no_change": np.inf,
    "random_state": 0,
}
PATH = {**QUICK, "alphas": [0.1], "cv": 3, "seeds": 1}


@pytest.fixture
def routing() -> Iterator[None]:
    with sklearn.config_context(enable_metadata_routing=True):
        yield


@pytest.mark.usefixtures("routing")
@pytest.mark.parametrize(
    ("kind", "how"),
    [
        (MLPRegressor, QUICK),
        (MLPClassifier, QUICK),
        (MLPRegressorCV, PATH),
        (MLPClassifierCV, PATH),
    ],
)
def test_weights_through_a_pipeline(kind: type[BaseEstimator], how: dict[str, Any]) -> None:
    x, y = StandardScaler().fit_transform(X), Y > 0
    model = kind(**how).set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
    scaler = StandardScaler().set_fit_request(sample_weight=False)
    pipeline = make_pipeline(scaler, model).fit(X, y, sample_weight=WEIGHT)
    alone = kind(**how).fit(x, y, WEIGHT)
    np.testing.assert_array_equal(pipeline.predict(X), alone.predict(x))
    assert not np.array_equal(alone.coefs_[0], kind(**how).fit(x, y).coefs_[0])
    assert pipeline.score(X, y, sample_weight=WEIGHT) == alone.score(x, y, WEIGHT)


@pytest.mark.usefixtures("routing")
def test_weights_and_groups_through_a_search() -> None:
    scorer = get_scorer("r2").set_score_request(sample_weight=True)
    model = MLPRegressor(**QUICK).set_fit_request(sample_weight=True)
    search = GridSearchCV(model, {"alpha": [0.01, 10.0]}, cv=GroupKFold(3), scoring=scorer)
    search.fit(X, Y, sample_weight=WEIGHT, groups=GROUPS)
    alone = MLPRegressor(**QUICK, alpha=search.best_params_["alpha"]).fit(X, Y, WEIGHT)
    np.testing.assert_array_equal(search.predict(X), alone.predict(X))


@pytest.mark.usefixtures("routing")
def test_groups_reach_the_folds_inside_of_folds() -> None:
    inside = MLPRegressorCV(**PATH).set_fit_request(sample_weight=False)
    outside = cross_validate(
        inside, X, Y, cv=GroupKFold(2), params={"groups": GROUPS}, return_estimator=True
    )
    for fitted in outside["estimator"]:
        assert fitted.verdict_.unit == "group"


@pytest.mark.usefixtures("routing")
def test_a_scorer_says_whether_it_takes_weights() -> None:
    scorer = get_scorer("r2")
    with pytest.raises(UnsetMetadataPassedError, match=r"sample_weight"):
        MLPRegressorCV(**PATH, scoring="r2").fit(X, Y, sample_weight=WEIGHT)
    scores = {}
    for weighted in (True, False):
        model = MLPRegressorCV(**PATH, scoring=scorer.set_score_request(sample_weight=weighted))
        scores[weighted] = model.fit(X, Y, sample_weight=WEIGHT).best_score_
    assert scores[True] != scores[False]
    with sklearn.config_context(enable_metadata_routing=False):
        plain = MLPRegressorCV(**PATH, scoring="r2").fit(X, Y, sample_weight=WEIGHT)
    assert plain.best_score_ == scores[True]


@pytest.mark.usefixtures("routing")
def test_a_splitter_without_groups_takes_none() -> None:
    with pytest.raises(TypeError, match=r"groups"):
        MLPRegressorCV(**{**PATH, "cv": KFold(3)}).fit(X, Y, groups=GROUPS)


@pytest.mark.parametrize("cv", [3, 0.3, GroupKFold(3)])
def test_without_routing_groups_are_never_on_both_sides(cv: Any) -> None:
    fitted = MLPRegressorCV(**{**PATH, "cv": cv, "seeds": 2}).fit(X, Y, groups=GROUPS)
    found = wd.path(
        fitted._network(1),
        X,
        Y,
        weight_decay=[0.1],
        recipe=wd.Recipe(lr=0.1, epochs=5, batch_size=200),
        seeds=[0, 1],
        folds=cv,
        groups=GROUPS,
    )
    np.testing.assert_allclose(fitted.path_.errors, found.errors, rtol=1e-6)
    assert fitted.verdict_.unit == found.verdict.unit


def test_groups_must_be_as_many_as_rows() -> None:
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples"):
        MLPRegressorCV(**PATH).fit(X, Y, groups=GROUPS[1:])
    with pytest.raises(wd.InputError, match=r"^cv: 3 folds of 2 groups"):
        MLPRegressorCV(**PATH).fit(X, Y, groups=GROUPS // 5)
