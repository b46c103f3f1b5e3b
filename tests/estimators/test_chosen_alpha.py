"""α is what `wd.path` chooses, and the attributes are those of its path."""

import pickle

import numpy as np
import pytest
import torch
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import scale
from torch import nn

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPClassifierCV, MLPRegressor, MLPRegressorCV

X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X), scale(Y)
QUICK = {"learning_rate_init": 0.02, "max_iter": 30, "batch_size": 32, "random_state": 0}
QUICK["n_iter_no_change"] = np.inf
RECIPE = wd.Recipe(lr=0.02, epochs=30)


def network(inputs: int) -> nn.Module:
    return nn.Sequential(nn.Linear(inputs, 16), nn.ReLU(), nn.Linear(16, 1))


@pytest.fixture(scope="module")
def fitted() -> MLPRegressorCV:
    return MLPRegressorCV((16,), cv=4, seeds=2, **QUICK).fit(X, Y)


@pytest.fixture(scope="module")
def found() -> wd.Path:
    return wd.path(lambda: network(10), X, Y, recipe=RECIPE, seeds=2, folds=4)


def test_regression_chooses_what_the_path_chooses(fitted: MLPRegressorCV, found: wd.Path) -> None:
    assert fitted.alpha_ == found.choice > 0
    assert tuple(fitted.alphas_) == found.weight_decay
    assert fitted.verdict_.label == found.verdict.label
    assert fitted.verdict_.effect == pytest.approx(found.verdict.effect, rel=1e-4)
    np.testing.assert_allclose(fitted.path_.errors, found.errors, rtol=1e-6)


def test_folds_may_be_masks_and_numbers_of_numpy() -> None:
    quick = {**QUICK, "max_iter": 2, "alphas": [0.1], "seeds": 1}
    pairs = list(KFold(3).split(X))
    masks = [tuple(np.isin(np.arange(len(X)), side) for side in pair) for pair in pairs]
    rows, mask = (
        MLPRegressorCV((4,), cv=cv, **quick).fit(X, Y).cv_results_ for cv in (pairs, masks)
    )
    np.testing.assert_array_equal(mask["mean_test_score"], rows["mean_test_score"])
    ours, numpys = (MLPRegressorCV((4,), cv=cv, **quick).fit(X, Y) for cv in (3, np.int64(3)))
    np.testing.assert_array_equal(numpys.path_.errors, ours.path_.errors)


def test_scores_are_those_of_the_folds(fitted: MLPRegressorCV) -> None:
    results = fitted.cv_results_
    assert all(len(column) == len(fitted.alphas_) for column in results.values())
    np.testing.assert_array_equal(
        results["split3_test_score"], -fitted.path_.errors[:, :, 3].mean(1)
    )
    assert results["params"] == [{"alpha": value} for value in results["param_alpha"]]
    best = results["rank_test_score"].argmin()
    assert results["param_alpha"][best] == fitted.alpha_
    assert (
        results["mean_test_score"][best] == fitted.best_score_ == results["mean_test_score"].max()
    )


def test_the_final_networks_are_those_of_the_given_alpha(fitted: MLPRegressorCV) -> None:
    given = MLPRegressor((16,), alpha=fitted.alpha_, seeds=2, **QUICK).fit(X, Y)
    np.testing.assert_array_equal(fitted.predict(X), given.predict(X))
    np.testing.assert_array_equal(fitted.loss_curve_, given.loss_curve_)


def test_no_row_of_the_data_is_kept_and_pickling_keeps_the_rest(fitted: MLPRegressorCV) -> None:
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(X), fitted.predict(X))
    assert again.verdict_ == fitted.verdict_
    assert again.path_.choice == fitted.alpha_
    with pytest.raises(wd.InputError, match="no network"):
        again.path_.refit()


def test_two_classes_choose_what_the_path_chooses_on_the_same_folds() -> None:
    x, y = load_breast_cancer(return_X_y=True)
    x, y = scale(x[:150]), y[:150]
    folds = list(StratifiedKFold(3, shuffle=True, random_state=5).split(x, y))
    found = wd.path(
        lambda: network(30),
        x,
        torch.tensor(y)[:, None].float(),
        loss="binary_cross_entropy",
        metric="roc_auc",
        weight_decay=[0.01, 0.1],
        recipe=wd.Recipe(lr=0.02, epochs=5),
        seeds=[5],
        folds=folds,
    )
    options = {**QUICK, "max_iter": 5, "random_state": 5, "alphas": [0.01, 0.1], "seeds": 1}
    fitted = MLPClassifierCV((16,), scoring="roc_auc", cv=3, **options).fit(
        x, np.where(y, "yes", "no")
    )
    assert fitted.alpha_ == found.choice
    np.testing.assert_allclose(fitted.path_.errors, found.errors)
    assert 0.9 < fitted.best_score_ <= 1
    given = MLPClassifier((16,), alpha=fitted.alpha_, **{**QUICK, "max_iter": 5, "random_state": 5})
    proba = given.fit(x, np.where(y, "yes", "no")).predict_proba(x)
    np.testing.assert_array_equal(fitted.predict_proba(x), proba)


@pytest.mark.parametrize("seeds", [1, 4])
def test_one_hold_out_is_judged_over_seeds(seeds: int) -> None:
    options = {**QUICK, "alphas": [0.1, 1.0], "cv": 0.25, "seeds": seeds}
    fitted = MLPRegressorCV((16,), **options).fit(X, Y)
    assert (fitted.verdict_.unit, fitted.verdict_.pairs) == ("seed", seeds // 2)
    assert fitted.best_score_ == fitted.cv_results_["split0_test_score"].max()


def test_one_standard_error_takes_a_larger_alpha() -> None:
    alphas = np.logspace(-1.5, 0, 13)
    options = {**QUICK, "alphas": alphas, "cv": 4, "seeds": 1}
    least, larger = (
        MLPRegressorCV((16,), rule=rule, **options).fit(X, Y) for rule in ("min", "1se")
    )
    assert larger.alpha_ > least.alpha_
    assert larger.best_score_ < least.best_score_
    assert larger.alphas_.tolist() == [0, *alphas]


@pytest.mark.parametrize("alphas", [5, 0.1])
def test_one_number_is_no_path(alphas) -> None:
    with pytest.raises(wd.InputError, match=r"alphas: .* neither 'auto' nor an array"):
        MLPRegressorCV(alphas=alphas).fit(np.eye(6), np.arange(6.0))
