"""What α is chosen by: any scorer of scikit-learn, with y as it was given."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.metrics import f1_score, get_scorer, make_scorer, max_error, mean_absolute_error
from sklearn.model_selection import KFold
from sklearn.preprocessing import scale

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPClassifierCV, MLPRegressor, MLPRegressorCV

X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X[:90]), scale(Y[:90])
QUICK: dict[str, Any] = {
    "hidden_layer_sizes": (6,),
    "learning_rate_init": 0.1,
    "max_iter": 6,
    "n_iter_no_change": np.inf,
    "random_state": 0,
    "seeds": 1,
}
FOLDS = list(KFold(3).split(X))
ALPHAS = [0.0, 0.1]
WORDS = np.array(["no", "yes", "maybe"])


def by_hand(model: Any, y: Any, scorer: Any) -> np.ndarray:
    """Scores [L, F] of networks on the folds, as `cross_val_score` would find them."""
    scores = []
    for alpha in ALPHAS:
        model.set_params(alpha=alpha)
        scores.append([scorer(model.fit(X[a], y[a]), X[b], y[b]) for a, b in FOLDS])
    return np.array(scores)


def own(estimator: Any, X: Any, y: Any) -> float:
    return -float(np.abs(estimator.predict(X) - y).max())


REGRESSION = {
    "r2": "r2",
    "scorer": make_scorer(mean_absolute_error, greater_is_better=False),
    "no weights": make_scorer(max_error, greater_is_better=False),
    "function": own,
}
CLASSIFICATION = {
    "accuracy": "accuracy",
    "log_loss": "neg_log_loss",
    "class": make_scorer(f1_score, pos_label="yes"),
}


@pytest.mark.parametrize("case", REGRESSION)
@pytest.mark.parametrize("outputs", [1, 2])
def test_scores_of_numbers_are_those_of_fitted_networks(case: str, outputs: int) -> None:
    if outputs == 2 and case == "no weights":
        case = "r2"  # max_error knows no several outputs
    y = Y if outputs == 1 else np.column_stack([Y, X[:, 0]])
    scoring = REGRESSION[case]
    # Seeds are drawn from (seed, fold); the order of the rows makes no difference in one batch.
    fitted = MLPRegressorCV(**QUICK, alphas=[0.1], cv=FOLDS, scoring=scoring).fit(X, y)
    expected = by_hand(MLPRegressor(**QUICK), y, get_scorer(scoring))
    found = np.stack([fitted.cv_results_[f"split{f}_test_score"] for f in range(3)], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


@pytest.mark.parametrize("case", CLASSIFICATION)
def test_scores_of_two_classes_are_those_of_fitted_networks(case: str) -> None:
    y, scoring = WORDS[(Y > 0).astype(int)], CLASSIFICATION[case]
    fitted = MLPClassifierCV(**QUICK, alphas=[0.1], cv=FOLDS, scoring=scoring).fit(X, y)
    expected = by_hand(MLPClassifier(**QUICK), y, get_scorer(scoring))
    found = np.stack([fitted.cv_results_[f"split{f}_test_score"] for f in range(3)], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


@pytest.mark.parametrize("scoring", ["f1_macro", "roc_auc_ovr", "neg_log_loss"])
def test_scores_of_several_classes_or_labels(scoring: str) -> None:
    for y in (
        WORDS[np.digitize(Y, [-0.5, 0.5])],
        np.column_stack([Y > 0, X[:, 0] > 0, X[:, 1] > 0]) * 1,
    ):
        if scoring == "neg_log_loss" and y.ndim == 2:
            continue  # of labels it is another thing
        fitted = MLPClassifierCV(**QUICK, alphas=[0.1], cv=FOLDS, scoring=scoring).fit(X, y)
        expected = by_hand(MLPClassifier(**QUICK), y, get_scorer(scoring))
        np.testing.assert_allclose(fitted.cv_results_["mean_test_score"], expected.mean(axis=1))


def test_the_name_of_a_scorer_is_kept() -> None:
    for scoring, name in (("r2", "r2_score"), (own, "own")):
        fitted = MLPRegressorCV(**QUICK, alphas=[0.1], cv=FOLDS, scoring=scoring).fit(X, Y)
        assert fitted.path_.results.attrs["metric"] == name


def looks(estimator: Any, X: Any, y: Any) -> float:
    return float(np.asarray(X)[:, 0].mean())


def columns(estimator: Any, X: Any, y: Any) -> float:
    return float(X[:, 0].mean())


def words(estimator: Any, X: Any, y: Any) -> Any:
    return "good"


@pytest.mark.parametrize(
    ("scoring", "message"),
    [
        ("beauty", "scikit-learn has no scorer 'beauty'"),
        (3, "3 is neither the name of a scorer nor a function"),
        (looks, "it looks at X"),
        (columns, "it looks at X"),
        (words, "words does not judge .*could not convert"),
        (lambda estimator: 1.0, "<lambda> does not judge .*takes 1 positional argument"),
        ("roc_auc", "roc_auc_score does not judge these targets"),
    ],
)
def test_a_scorer_that_cannot_be_used_is_refused_before_training(
    scoring: Any, message: str
) -> None:
    with pytest.raises(wd.InputError, match=f"^scoring: {message}"):
        MLPRegressorCV(**QUICK, alphas=[0.1], cv=FOLDS, scoring=scoring).fit(X, Y)


def test_a_scorer_without_weights_is_refused_where_there_are_some() -> None:
    weight = np.linspace(0.5, 2, len(X))
    for scoring in (own, make_scorer(max_error, greater_is_better=False)):
        model = MLPRegressorCV(**QUICK, alphas=[0.1], cv=FOLDS, scoring=scoring)
        with pytest.raises(wd.InputError, match=r"^scoring: .*sample_weight"):
            model.fit(X, Y, sample_weight=weight)


@pytest.mark.parametrize("scoring", ["neg_log_loss", "roc_auc_ovr"])
def test_a_score_that_needs_every_class_is_refused_where_an_inner_fold_lacks_one(
    scoring: str,
) -> None:
    # Of three rows one is in each fold, and inside there are two for three folds.
    y = np.repeat([0, 1, 2], [50, 37, 3])
    model = MLPClassifierCV(**QUICK, alphas=[0.1], cv=3, scoring=scoring)
    with pytest.raises(wd.InputError, match=r"^scoring: .* inner fold \d of fold \d: .*classes"):
        model.fit(X, y)
    model.set_params(scoring="accuracy").fit(X, y)
