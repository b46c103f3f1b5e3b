"""Ours and scikit-learn's networks from the same initial weights."""

from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone


def _started(ours: BaseEstimator, theirs: BaseEstimator, X: Any, y: Any) -> None:
    """Fit both for one pass, and give the second the weights of the first, as if new."""
    passes = [model.get_params()["max_iter"] for model in (ours, theirs)]
    for model in (ours, theirs):
        model.set_params(max_iter=1, warm_start=True).fit(X, y)
    for model, max_iter in zip((ours, theirs), passes, strict=True):
        model.set_params(max_iter=max_iter)
    theirs.coefs_ = [w.copy() for w in ours.coefs_]
    theirs.intercepts_ = [b.copy() for b in ours.intercepts_]
    theirs.t_, theirs.loss_curve_, theirs.best_loss_ = 0, [], np.inf
    theirs._no_improvement_count = 0
    ours.loss_curve_ = []


@pytest.fixture
def fit_both() -> Any:
    """A function that fits both from the same start, and returns them."""

    def fit(ours: BaseEstimator, theirs: BaseEstimator, X: Any, y: Any, **more: Any) -> Any:
        ours, theirs = clone(ours), clone(theirs)
        _started(ours, theirs, X, y)
        return ours.fit(X, y, **more), theirs.fit(X, y, **more)

    return fit
