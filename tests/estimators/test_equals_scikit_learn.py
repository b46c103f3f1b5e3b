"""From the same start, by the conversions, ours are scikit-learn's networks step by step."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.neural_network import MLPRegressor as TheirRegressor
from sklearn.preprocessing import scale

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X[:120]), scale(Y[:120])
WEIGHT = np.random.default_rng(0).integers(0, 4, len(X)).astype(float)
SAME = {"hidden_layer_sizes": (6, 5), "max_iter": 12, "shuffle": False, "n_iter_no_change": np.inf}
OURS = {"dtype": "float64", "random_state": 0}
#: And how many times as large as our mean loss theirs is: half the sum over outputs, or the sum.
TARGETS: dict[str, tuple[Any, float]] = {
    "number": (Y, 1 / 2),
    "numbers": (np.column_stack([Y, X[:, 0] * X[:, 1], X[:, 2]]), 3 / 2),
    "two classes": (np.where(Y > 0, "b", "a"), 1.0),
    "three classes": (np.digitize(Y, [-0.5, 0.5]), 1.0),
    "labels": (np.column_stack([Y > 0, Y > 1, X[:, 0] > 0, X[:, 1] > 0]).astype(int), 4.0),
}
SOLVERS: dict[str, dict[str, Any]] = {
    "nesterov": {"solver": "sgd", "momentum": 0.8},
    "momentum": {"solver": "sgd", "momentum": 0.8, "nesterovs_momentum": False},
    "falling": {"solver": "sgd", "momentum": 0.0, "learning_rate": "invscaling", "power_t": 0.1},
    "adam": {"solver": "adam", "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-30},
}


def pair(target: str, solver: str, batch_size: int, **more: Any) -> tuple[Any, Any]:
    _, factor = TARGETS[target]
    number = target.startswith("number")
    mine, theirs = (MLPRegressor, TheirRegressor) if number else (MLPClassifier, TheirClassifier)
    how = {**SAME, **SOLVERS[solver], "batch_size": batch_size, **more}
    rate = {"learning_rate_init": 0.03}
    ours = {"learning_rate_init": 0.03 * (factor if how["solver"] == "sgd" else 1)}
    alpha = 0.7 / factor / batch_size
    return mine(**how, **ours, **OURS, alpha=alpha), theirs(**how, **rate, alpha=0.7)


@pytest.mark.parametrize("batch_size", [40, 120])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("target", TARGETS)
def test_the_weights_are_theirs(fit_both: Any, target: str, solver: str, batch_size: int) -> None:
    y, _ = TARGETS[target]
    ours, theirs = fit_both(*pair(target, solver, batch_size), X, y)
    for a, b in zip(
        ours.coefs_ + ours.intercepts_, theirs.coefs_ + theirs.intercepts_, strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-9)
    if target.startswith("number"):
        np.testing.assert_allclose(ours.predict(X), theirs.predict(X), rtol=1e-6, atol=1e-8)
    else:
        np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
        np.testing.assert_array_equal(ours.classes_, theirs.classes_)
        np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=1e-6)
    assert (ours.n_layers_, ours.out_activation_) == (theirs.n_layers_, theirs.out_activation_)


@pytest.mark.parametrize("target", TARGETS)
def test_the_conversions_say_so(target: str) -> None:
    y, _ = TARGETS[target]
    ours, theirs = pair(target, "adam", 40)
    number = target.startswith("number")
    outputs = y.shape[1] if y.ndim == 2 else 1
    one = {"outputs": outputs} if number else {}
    alpha = wd.convert(
        theirs.alpha, "mlp", "torch-mse" if number else "torch", batch_size=40, **one
    )
    # Of several labels torch takes the mean, which the conversion between sums does not know.
    assert ours.alpha == pytest.approx(alpha / (1 if number else outputs))


@pytest.mark.parametrize("target", TARGETS)
def test_weights_of_rows_are_theirs_where_all_rows_are_one_batch(
    fit_both: Any, target: str
) -> None:
    y, factor = TARGETS[target]
    ours, theirs = pair(target, "nesterov", len(X))
    # Their alpha is divided by the sum of the weights, and their gradient too.
    ours.set_params(alpha=theirs.alpha / factor / WEIGHT.sum())
    ours, theirs = fit_both(ours, theirs, X, y, sample_weight=WEIGHT)
    for a, b in zip(ours.coefs_, theirs.coefs_, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-9)
    assert ours.score(X, y, WEIGHT) == pytest.approx(theirs.score(X, y, WEIGHT))


@pytest.mark.parametrize(("target", "tol"), [("number", 2e-3), ("two classes", 1e-3)])
def test_they_stop_after_the_same_pass(fit_both: Any, target: str, tol: float) -> None:
    y, factor = TARGETS[target]
    how = {"max_iter": 400, "n_iter_no_change": 3, "learning_rate_init": 0.1}
    ours, theirs = pair(target, "nesterov", 40)
    ours.set_params(**how, alpha=0.0, tol=tol)
    ours.set_params(learning_rate_init=0.1 * factor)
    theirs.set_params(**how, alpha=0.0, tol=tol * factor)  # theirs watches half the squared error
    ours, theirs = fit_both(ours, theirs, X, y)
    assert 5 < ours.n_iter_ == theirs.n_iter_ < 400
    np.testing.assert_allclose(ours.coefs_[0], theirs.coefs_[0], rtol=1e-6, atol=1e-8)
