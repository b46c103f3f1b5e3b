"""α means what the docstrings say, held against scikit-learn's own models of the same objective."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPRegressor as Theirs
from sklearn.preprocessing import scale

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPRegressor

X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X), scale(Y)
LINEAR = {"hidden_layer_sizes": (), "batch_size": len(X), "random_state": 0}
ALL_PASSES = {"n_iter_no_change": np.inf}
DESCENT = {"solver": "sgd", "learning_rate_init": 0.05, "max_iter": 3000, **ALL_PASSES}


@pytest.mark.parametrize("alpha", [0.03, 1.0])
@pytest.mark.parametrize("outputs", [1, 3])
def test_without_hidden_layers_it_is_ridge(alpha: float, outputs: int) -> None:
    y = np.column_stack([Y, X[:, 0] * X[:, 1], Y**2])[:, :outputs]
    y = y[:, 0] if outputs == 1 else y
    ours = MLPRegressor(**LINEAR, **DESCENT, alpha=alpha).fit(X, y)
    ridge = Ridge(wd.convert(alpha, "torch-mse", "ridge", rows=len(X), outputs=outputs)).fit(X, y)
    assert ours.predict(X).shape == y.shape
    np.testing.assert_allclose(ours.predict(X), ridge.predict(X), rtol=1e-3, atol=1e-3)
    largest = np.abs(ridge.coef_).max()
    coef = ridge.coef_.reshape(outputs, -1).T
    np.testing.assert_allclose(ours.coefs_[0], coef, rtol=1e-3, atol=1e-3 * largest)
    if outputs == 1:
        assert ridge.alpha == pytest.approx(len(X) * alpha / 2)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # of theirs
def test_alpha_of_scikit_learns_network_is_per_row_of_the_batch() -> None:
    y = np.column_stack([Y, X[:, 0] * X[:, 1], X[:, 2]])
    # By descent: of several outputs its lbfgs takes the mean loss beside the gradient of their sum.
    descent = {**DESCENT, "max_iter": 800}
    theirs = Theirs(**LINEAR, **descent, alpha=20.0).fit(X, y)
    alpha = wd.convert(theirs.alpha, "mlp", "torch-mse", batch_size=len(X), outputs=3)
    assert theirs.alpha == pytest.approx(alpha * 3 * len(X) / 2)
    ours = MLPRegressor(**LINEAR, **descent, alpha=alpha).fit(X, y)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), atol=1e-3)


@pytest.mark.parametrize("classes", [2, 3])
def test_without_hidden_layers_it_is_logistic_regression(classes: int) -> None:
    x, y = load_iris(return_X_y=True)
    x, y = scale(x[y < classes]), np.array(["b", "a", "c"])[y[y < classes]]
    recipe = {**DESCENT, "learning_rate_init": 0.3, "max_iter": 400, "batch_size": len(x)}
    ours = MLPClassifier((), alpha=0.05, **recipe).fit(x, y)
    theirs = LogisticRegression(C=1 / (0.05 * len(x)), tol=1e-8, max_iter=1000).fit(x, y)
    assert ours.classes_.tolist() == theirs.classes_.tolist()
    assert ours.coefs_[0].shape == (4, 1 if classes == 2 else 3)
    np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), atol=1e-3)
    assert (ours.predict(x) == theirs.predict(x)).all()


def test_alpha_does_not_depend_on_the_size_of_batches() -> None:
    small, large = (
        MLPRegressor(
            (), alpha=0.3, batch_size=rows, learning_rate_init=0.003, max_iter=300, **ALL_PASSES
        )
        for rows in (20, len(X))
    )
    large.set_params(learning_rate_init=0.03)
    norms = [np.linalg.norm(model.fit(X, Y).coefs_[0]) for model in (small, large)]
    assert norms[0] == pytest.approx(norms[1], rel=0.1)


def test_the_prediction_is_the_mean_of_the_networks() -> None:
    options = {"max_iter": 5, "alpha": 0.1, **ALL_PASSES}
    both = MLPRegressor((6, 5), "tanh", seeds=2, random_state=3, **options).fit(X, Y)
    each = [
        MLPRegressor((6, 5), "tanh", seeds=1, random_state=seed, **options).fit(X, Y)
        for seed in (6, 7)
    ]
    assert both.seeds_ == (6, 7)
    mean = np.mean([one.predict(X) for one in each], axis=0)
    np.testing.assert_allclose(both.predict(X), mean, rtol=1e-6)
    assert [w.shape for w in both.coefs_] == [(10, 6), (6, 5), (5, 1)]
    assert [b.shape for b in both.intercepts_] == [(6,), (5,), (1,)]
    assert len(both.networks_) == 2
    assert len(both.loss_curve_) == both.n_iter_ == 5
    expected = np.mean([np.mean((one.predict(X) - Y) ** 2) for one in each])
    assert both.loss_ == both.loss_curve_[-1] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
def test_arrays_predict_what_the_trained_module_predicts(activation: str) -> None:
    y = (X[:, 0] > 0) + (X[:, 1] > 0)
    fitted = MLPClassifier(7, activation, max_iter=3, random_state=0, **ALL_PASSES).fit(X, y)
    proba = fitted.predict_proba(X)
    loss = -np.log(proba[np.arange(len(y)), y.astype(int)]).mean()
    assert fitted.loss_ == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(proba.sum(axis=1), 1)


def test_any_decay_takes_the_place_of_l2() -> None:
    sparse = MLPRegressor((), decay=wd.Decay(penalty=wd.L1(), on="prox"), alpha=0.5)
    sparse.set_params(solver="sgd", learning_rate_init=0.05, momentum=0.0, **ALL_PASSES).fit(X, Y)
    assert 0 < np.count_nonzero(sparse.coefs_[0]) < 10
