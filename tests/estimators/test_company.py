"""The estimators among scikit-learn's tools, and what they refuse."""

import re
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.base import BaseEstimator, clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_wine
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPClassifierCV, MLPRegressor, MLPRegressorCV

X, Y = load_diabetes(return_X_y=True, as_frame=True)
QUICK = {"hidden_layer_sizes": (8,), "learning_rate_init": 0.1, "max_iter": 15, "random_state": 0}
QUICK["n_iter_no_change"] = np.inf
ALL = [MLPRegressor, MLPClassifier, MLPRegressorCV, MLPClassifierCV]


def test_in_a_pipeline_with_pandas_and_around_it_the_scale_of_y() -> None:
    network = MLPRegressorCV(**QUICK, alphas=[0.1], cv=3, seeds=1)
    model = make_pipeline(
        StandardScaler(), TransformedTargetRegressor(network, transformer=StandardScaler())
    )
    assert cross_val_score(model, X, Y, cv=3).min() > 0.3


def test_the_names_of_columns_are_known() -> None:
    network = MLPRegressor(**QUICK).fit(X, Y)
    assert network.feature_names_in_.tolist() == list(X.columns)
    with pytest.raises(ValueError, match="feature names should match"):
        network.predict(X.rename(columns={"bmi": "mass"}))


def test_in_a_grid_search() -> None:
    x, y = load_wine(return_X_y=True)
    model = make_pipeline(StandardScaler(), MLPClassifier(**QUICK))
    grid = {
        "mlpclassifier__alpha": np.logspace(-3, 3, 3),
        "mlpclassifier__max_iter": np.arange(5, 7),
    }
    search = GridSearchCV(model, grid, cv=3).fit(x, y)
    assert search.best_score_ > 0.9
    assert search.best_params_["mlpclassifier__alpha"] < 100


def test_one_number_gives_one_answer() -> None:
    one, same, other = (
        MLPRegressor(**{**QUICK, "random_state": r}).fit(X, Y).predict(X) for r in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert MLPRegressor().get_params()["seeds"] == 1
    assert MLPRegressorCV().get_params()["seeds"] == 3
    drawn = [MLPRegressor(random_state=np.random.RandomState(0))._first() for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert MLPRegressor()._first() != MLPRegressor()._first()


@pytest.mark.parametrize("kind", ALL)
def test_missing_numbers_are_refused_in_scikit_learns_words(kind: type[BaseEstimator]) -> None:
    x = X.copy()
    x.iloc[3, 2] = np.nan
    with pytest.raises(ValueError, match=f"(?s)Input X contains NaN.*{kind.__name__}"):
        kind(**QUICK).fit(x, Y > 100)


@pytest.mark.parametrize("kind", [MLPRegressor, MLPClassifier])
def test_sparse_rows_are_rows(kind: type[BaseEstimator], monkeypatch: pytest.MonkeyPatch) -> None:
    x = X.to_numpy() * (X.to_numpy() > 0.03)
    for form in (scipy.sparse.csr_array(x), scipy.sparse.csc_matrix(x)):
        sparse, full = (kind(**QUICK).fit(rows, Y > 100) for rows in (form, x))
        np.testing.assert_array_equal(sparse.coefs_[0], full.coefs_[0])
        np.testing.assert_allclose(sparse.predict(form), full.predict(x))
    monkeypatch.setattr("weightdecay.sklearn._rows.DENSE", x.size - 1)
    with pytest.raises(wd.InputError, match=r"^X: with its zeros it takes 0.0 GiB, as 442 × 10"):
        kind(**QUICK).fit(form, Y > 100)


@pytest.mark.parametrize("kind", [MLPRegressor, MLPClassifierCV])
def test_polars_tables(kind: type[BaseEstimator]) -> None:
    polars = pytest.importorskip("polars")
    table, y = polars.DataFrame(X.to_dict("list")), polars.Series(Y > 100)
    more = {"alphas": [0.1], "cv": 2, "seeds": 1} if kind is MLPClassifierCV else {}
    fitted = kind(**QUICK, **more).fit(table, y)
    assert fitted.feature_names_in_.tolist() == list(X.columns)
    np.testing.assert_array_equal(
        fitted.predict(table), kind(**QUICK, **more).fit(X, Y > 100).predict(X)
    )


def test_tables_from_the_step_before() -> None:
    scaler = StandardScaler().set_output(transform="pandas")
    model = make_pipeline(scaler, MLPRegressor(**QUICK)).fit(X, Y)
    assert model[-1].feature_names_in_.tolist() == list(X.columns)


@pytest.mark.slow
def test_many_at_once_and_stored(tmp_path: Path) -> None:
    model = MLPClassifierCV(**QUICK, alphas=[0.1], cv=2, seeds=1)
    scores = cross_val_score(model, X, Y > 140, cv=2, n_jobs=2)
    np.testing.assert_array_equal(scores, cross_val_score(model, X, Y > 140, cv=2))
    joblib.dump(model.fit(X, Y > 140), tmp_path / "model")
    again = joblib.load(tmp_path / "model")
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    assert not hasattr(clone(again), "coefs_")


def test_double_precision_starts_from_the_same_weights() -> None:
    short = {**QUICK, "max_iter": 1, "learning_rate_init": 1e-30}
    single, double = (MLPRegressor(**short, dtype=d).fit(X, Y) for d in ("float32", np.float64))
    assert (single.coefs_[0].dtype, double.coefs_[0].dtype) == (np.float32, np.float64)
    np.testing.assert_array_equal(single.coefs_[0], double.coefs_[0])


BAD = {
    "activation": ({"activation": "swish"}, "activation: 'swish' is none of 'identity'"),
    "layers": ({"hidden_layer_sizes": (8, 0)}, "hidden_layer_sizes: [8, 0]"),
    "no layers": ({"hidden_layer_sizes": None}, "hidden_layer_sizes: [None] are not whole"),
    "half units": ({"hidden_layer_sizes": 3.5}, "hidden_layer_sizes: [3.5] are not whole"),
    "solver": ({"solver": "lbfgs"}, "solver: 'lbfgs' is none of 'sgd', 'adam'"),
    "rate": ({"learning_rate_init": -1}, "learning_rate_init: -1"),
    "rate as text": ({"learning_rate_init": "a"}, "learning_rate_init: 'a' is not a number"),
    "epochs": ({"max_iter": 0}, "max_iter: 0"),
    "batch": ({"batch_size": 0.5}, "batch_size: 0.5"),
    "seeds": ({"seeds": 0}, "seeds: 0"),
    "decay": ({"decay": wd.L1()}, "decay: L1() is not a Decay"),
    "schedule": ({"learning_rate": 0.1}, "learning_rate: 0.1 is neither 'constant' nor"),
    "adaptive": (
        {"learning_rate": "adaptive", "solver": "sgd"},
        "learning_rate: 'adaptive' is not",
    ),
    "power": (
        {"learning_rate": "invscaling", "solver": "sgd", "power_t": -1.0},
        "power_t: -1.0",
    ),
    "beta": ({"beta_1": 1.0}, "beta_1: 1.0 is not in"),
    "no beta": ({"beta_1": None}, "beta_1: None is not a number"),
    "momentum": ({"momentum": 2, "solver": "sgd"}, "momentum: 2 is not in 0 ≤ … ≤ 1"),
    "below": ({"momentum": -1, "solver": "sgd"}, "momentum: -1 is not in 0 ≤ … ≤ 1"),
    "moment": ({"beta_2": -0.1}, "beta_2: -0.1 is not in"),
    "epsilon": ({"epsilon": 0.0}, "epsilon: 0.0"),
    "type": ({"dtype": "float16"}, "dtype: 'float16' is neither"),
}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("case", BAD)
def test_a_bad_parameter_is_called_as_it_was_given(kind: type[BaseEstimator], case: str) -> None:
    changed, message = BAD[case]
    with pytest.raises(wd.InputError, match=f"^{re.escape(message)}"):
        clone(kind(**QUICK)).set_params(**changed).fit(X, Y > 150)


USES = {
    "adam": {},
    "sgd": {"solver": "sgd", "learning_rate": "invscaling"},
    "held out": {"early_stopping": True},
}
# Flags, which anything may be, and those that may be None.
FREE = {"decay", "dtype", "random_state", "shuffle", "warm_start", "early_stopping"}
FREE |= {"nesterovs_momentum"}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("name", sorted(set(MLPRegressor().get_params()) - FREE))
def test_no_parameter_of_another_type_is_a_traceback(use: str, name: str) -> None:
    for value in (None, [], "a", object(), (1, "a")):
        model = MLPRegressor(**{**QUICK, **USES[use]}).set_params(**{name: value})
        if (name, value) == ("hidden_layer_sizes", []):
            continue  # a linear model
        with pytest.raises(wd.InputError) as error:
            model.fit(X, Y)
        assert str(error.value).startswith(f"{name}: ")
        assert "\n" not in str(error.value)


def test_what_only_some_of_them_have() -> None:
    for model, message in (
        (MLPRegressor(alpha=-1.0), "alpha: -1.0"),
        (MLPRegressor(alpha="auto"), "alpha: 'auto'"),
        (MLPRegressorCV(alphas=[-1.0]), "alphas: -1.0"),
        (MLPRegressorCV(alphas="some"), "alphas: 'some'"),
        (MLPRegressor(loss="poisson"), "loss: 'poisson' is none of 'squared_error', 'huber'"),
        (MLPRegressorCV(cv=1), "cv: 1"),
        (MLPRegressorCV(scoring="beauty"), "scoring: scikit-learn has no scorer 'beauty'"),
        (MLPRegressorCV(rule="max"), "rule: 'max'"),
    ):
        with pytest.raises(wd.InputError, match=f"^{message}"):
            model.set_params(**QUICK).fit(X, Y)


def test_a_single_class_is_refused() -> None:
    with pytest.raises(wd.InputError, match="only one class, 'a'"):
        MLPClassifier(**QUICK).fit(X, pd.Series(["a"] * len(X)))


def test_networks_that_diverge_are_an_error() -> None:
    wild = MLPRegressor(**{**QUICK, "solver": "sgd", "learning_rate_init": 1e6})
    with pytest.raises(ValueError, match="1 of 1 networks diverged"):
        wild.fit(X, Y)
