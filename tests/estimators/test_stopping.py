"""When training stops, and with which weights."""

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.datasets import load_diabetes
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import scale

import weightdecay as wd
from weightdecay.sklearn import MLPClassifier, MLPClassifierCV, MLPRegressor, MLPRegressorCV

X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X[:80]), scale(Y[:80])
QUICK: dict[str, Any] = {
    "hidden_layer_sizes": (8,),
    "learning_rate_init": 0.1,
    "max_iter": 60,
    "random_state": 0,
}
PATH = {**QUICK, "alphas": [0.1], "cv": 2, "seeds": 1}
ALL = [(MLPRegressor, QUICK), (MLPClassifier, QUICK), (MLPRegressorCV, PATH)]
ALL.append((MLPClassifierCV, PATH))


def by_the_rule(losses: list[float], tol: float, patience: int) -> int:
    """The pass after which scikit-learn's rule stops, read off the losses that are watched."""
    best, waited = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        waited = waited + 1 if loss > best - tol else 0
        best = min(best, loss)
        if waited > patience:
            return epoch
    raise AssertionError("it never stops")


@pytest.mark.parametrize("patience", [1, 4])
@pytest.mark.parametrize("tol", [0.0, 5e-3])
def test_it_stops_when_the_training_loss_has_not_fallen(tol: float, patience: int) -> None:
    how = {**QUICK, "solver": "sgd", "learning_rate_init": 0.4, "alpha": 0.01}
    longest = MLPRegressor(**how, n_iter_no_change=np.inf).fit(X, Y)
    assert longest.n_iter_ == len(longest.loss_curve_) == 60
    start = MLPRegressor(**{**how, "learning_rate_init": 1e-30, "max_iter": 1})
    start.set_params(n_iter_no_change=np.inf).fit(X, Y)
    # All rows are one batch, so that a step meets the loss that the last one left.
    watched = [start.loss_, *longest.loss_curve_]
    stopped = MLPRegressor(**how, tol=tol, n_iter_no_change=patience).fit(X, Y)
    assert stopped.n_iter_ == by_the_rule(watched, tol, patience) < 60
    np.testing.assert_allclose(
        stopped.loss_curve_, longest.loss_curve_[: stopped.n_iter_], rtol=1e-5
    )
    assert stopped.best_loss_ == min(stopped.loss_curve_)
    again = MLPRegressor(**{**how, "max_iter": stopped.n_iter_}, n_iter_no_change=np.inf)
    np.testing.assert_allclose(again.fit(X, Y).predict(X), stopped.predict(X), rtol=1e-4)


@pytest.mark.parametrize("patience", [3, np.inf])
def test_rows_held_out_bring_the_weights_of_the_best_pass_back(patience: float) -> None:
    how = {**QUICK, "early_stopping": True, "validation_fraction": 0.3, "tol": 0.0}
    fitted = MLPRegressor(**how, n_iter_no_change=patience).fit(X, Y)
    losses = fitted.validation_losses_
    assert len(losses) == fitted.n_iter_ == len(fitted.loss_curve_)
    assert fitted.n_iter_ == 60 if patience == np.inf else 5 < fitted.n_iter_ < 60
    assert fitted.best_validation_loss_ == losses[-1] == min(losses)
    best = int(np.argmin(losses[:-1])) + 1
    assert best < fitted.n_iter_
    short = MLPRegressor(**{**how, "max_iter": best}, n_iter_no_change=np.inf).fit(X, Y)
    np.testing.assert_allclose(short.predict(X), fitted.predict(X), rtol=1e-4)
    assert fitted.best_loss_ is None


def test_rows_held_out_do_not_train() -> None:
    how = {**QUICK, "max_iter": 5, "early_stopping": True, "n_iter_no_change": np.inf}
    fitted = MLPRegressor(**how, validation_fraction=0.25, alpha=0).fit(X, Y)
    errors = (fitted.predict(X) - Y) ** 2
    whole = 0.75 * fitted.loss_ + 0.25 * fitted.best_validation_loss_
    assert whole == pytest.approx(errors.mean(), rel=1e-4)
    assert fitted.loss_ != pytest.approx(errors.mean(), rel=1e-3)


def test_of_several_networks_each_stops_by_itself() -> None:
    how = {**QUICK, "tol": 5e-3, "n_iter_no_change": 2}
    both = MLPRegressor(**how, seeds=2).fit(X, Y)
    each = [MLPRegressor(**{**how, "random_state": seed}).fit(X, Y) for seed in both.seeds_]
    assert each[0].n_iter_ != each[1].n_iter_
    assert both.n_iter_ == max(one.n_iter_ for one in each) == len(both.loss_curve_)
    np.testing.assert_allclose(
        both.predict(X), np.mean([one.predict(X) for one in each], axis=0), rtol=1e-5
    )
    assert both.loss_ == pytest.approx(np.mean([one.loss_ for one in each]))


@pytest.mark.parametrize(("kind", "how"), ALL)
def test_a_warning_for_networks_that_had_not_stopped(
    kind: type[BaseEstimator], how: dict[str, Any]
) -> None:
    few = {**how, "max_iter": 3}
    with pytest.warns(ConvergenceWarning, match="1 of 1 networks had not") as caught:
        kind(**few).fit(X, Y > 0)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kind(**few, n_iter_no_change=np.inf).fit(X, Y > 0)
        kind(**{**how, "max_iter": 300}, tol=0.1, n_iter_no_change=1).fit(X, Y > 0)


def test_the_networks_of_a_path_stop_too() -> None:
    how = {**PATH, "tol": 5e-3, "n_iter_no_change": 2}
    stopped = MLPRegressorCV(**how).fit(X, Y)
    assert (stopped.path_.results.stopped > 0).all()
    assert 0 < stopped.n_iter_ < 60
    held = MLPRegressorCV(**how, early_stopping=True).fit(X, Y)
    assert held.best_validation_loss_ == min(held.validation_losses_)
    free = MLPRegressorCV(**{**how, "n_iter_no_change": np.inf}).fit(X, Y)
    assert (free.path_.results.stopped == 0).all()


BAD = {
    "tol": ({"tol": -1.0}, "tol: -1.0"),
    "patience": ({"n_iter_no_change": 0}, "n_iter_no_change: 0"),
    "half": ({"n_iter_no_change": 2.5}, "n_iter_no_change: 2.5"),
    "never": ({"n_iter_no_change": -np.inf}, "n_iter_no_change: -inf"),
    "none": ({"early_stopping": True, "validation_fraction": 0.0}, "validation_fraction: 0.0"),
    "all": ({"early_stopping": True, "validation_fraction": 1.0}, "validation_fraction: 1.0"),
}


@pytest.mark.parametrize(("kind", "how"), ALL)
@pytest.mark.parametrize("case", BAD)
def test_bad_numbers(kind: type[BaseEstimator], how: dict[str, Any], case: str) -> None:
    changed, message = BAD[case]
    with pytest.raises(wd.InputError, match=f"^{message}"):
        kind(**how, **changed).fit(X, Y > 0)
