"""Several labels a row, as scikit-learn's network has them."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_diabetes
from sklearn.metrics import accuracy_score
from sklearn.preprocessing import scale

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPClassifierCV

X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X[:80]), scale(Y[:80])
LABELS = np.column_stack([Y > 0, Y > 1, X[:, 0] > 0]).astype(int)
QUICK: dict[str, Any] = {
    "hidden_layer_sizes": (8,),
    "learning_rate_init": 0.1,
    "max_iter": 8,
    "n_iter_no_change": np.inf,
    "random_state": 0,
}
PATH = {**QUICK, "alphas": [0.1], "cv": 2, "seeds": 1}


@pytest.mark.parametrize("model", [MLPClassifier(**QUICK), MLPClassifierCV(**PATH)])
def test_labels_are_those_of_more_than_a_half(model: Any) -> None:
    model.fit(X, LABELS)
    proba, labels = model.predict_proba(X), model.predict(X)
    assert proba.shape == labels.shape == LABELS.shape
    np.testing.assert_array_equal(labels, proba > 0.5)
    assert labels.dtype.kind == "i"
    np.testing.assert_allclose(model.predict_log_proba(X), np.log(proba))
    assert model.classes_.tolist() == [0, 1, 2]
    assert (model.out_activation_, model.n_outputs_) == ("logistic", 3)
    assert model.score(X, LABELS) == accuracy_score(LABELS, labels) > 0.3


@pytest.mark.parametrize("form", [LABELS.tolist(), LABELS > 0, scipy.sparse.csr_array(LABELS)])
def test_labels_in_any_form(form: Any) -> None:
    expected = MLPClassifier(**QUICK).fit(X, LABELS).predict_proba(X)
    np.testing.assert_array_equal(MLPClassifier(**QUICK).fit(X, form).predict_proba(X), expected)


def test_a_single_column_is_two_classes() -> None:
    with pytest.warns(UserWarning, match="column-vector y"):
        one = MLPClassifier(**QUICK).fit(X, LABELS[:, :1])
    assert one.predict_proba(X).shape == (80, 2)
    assert one.predict(X).shape == (80,)


def test_a_path_of_labels_is_that_of_the_loss() -> None:
    fitted = MLPClassifierCV(**PATH).fit(X, LABELS)
    found = wd.path(
        fitted._network(3),
        X,
        LABELS.astype(np.float32),
        loss="binary_cross_entropy",
        weight_decay=[0.1],
        recipe=wd.Recipe(lr=0.1, epochs=8, batch_size=200),
        seeds=[0],
        folds=2,
    )
    np.testing.assert_allclose(fitted.path_.errors, found.errors, rtol=1e-6)


def test_columns_of_more_than_two_classes_are_refused() -> None:
    with pytest.raises(wd.InputError, match="multiclass-multioutput targets are not taken"):
        MLPClassifier(**QUICK).fit(X, np.column_stack([LABELS.sum(axis=1), LABELS[:, 0]]))
