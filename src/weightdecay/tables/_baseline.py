"""The sober rival: a linear model, its own penalty chosen inside the same folds."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from weightdecay.study import splits
from weightdecay.tables._losses import LEAST, losses_of
from weightdecay.tables._target import Task

Array = NDArray[np.float64]
#: α of ridge regression on standardised features, and C of logistic regression.
ALPHAS = np.logspace(-3, 5, 33)
CS = tuple(np.logspace(-3, 2, 6).tolist())


def baseline(task: Task, x: Array, y: NDArray[Any], classes: int, new: Array) -> Array:
    """Fit ridge or logistic regression, and predict new rows.

    Ridge regression is scikit-learn's ``RidgeCV``, its α by leave-one-out. Logistic regression
    does what ``LogisticRegressionCV`` does: C by the cross-entropy on three inner folds. Only so
    are classes that an inner fold lacks no error.

    Parameters
    ----------
    task : {"regression", "binary", "multiclass"}
    x : array [N, P]
    y : array [N]
    classes : int
        C; 0 for regression.
    new : array [M, P]

    Returns
    -------
    array [M] or [M, C]
        Numbers, or probabilities.
    """
    if task == "regression":
        from sklearn.linear_model import RidgeCV

        predicted: Array = RidgeCV(alphas=ALPHAS).fit(x, y).predict(new)
        return predicted
    labels = torch.from_numpy(y.astype(np.int64))
    # Of the classes that are there: with groups, a fold may lack one.
    present = np.bincount(y.astype(int), minlength=classes)
    enough = bool(present[present > 0].min() >= 3)
    losses = np.zeros(len(CS))
    for train, test in splits(3, labels, classes=enough):
        a, b = train.numpy(), test.numpy()
        for place, predicted in enumerate(_logistic(x[a], y[a], classes, x[b], CS)):
            losses[place] += losses_of(task, predicted, y[b]).sum()
    best = CS[int(losses.argmin())]
    return _logistic(x, y, classes, new, [best])[0]


def _logistic(
    x: Array, y: NDArray[Any], classes: int, new: Array, cs: Sequence[float]
) -> list[Array]:
    """Probabilities [M, C] at each C, ascending: each starts where the last one ended."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    known = np.unique(y).astype(int)
    found = []
    model = LogisticRegression(max_iter=300, tol=1e-3, warm_start=True)
    for c in cs:
        predicted = np.full((len(new), classes), LEAST)
        if len(known) > 1:
            with warnings.catch_warnings():
                # Weak penalties have far optima; the inner folds judge what was reached.
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.set_params(C=float(c)).fit(x, y.astype(int))
            predicted[:, known] = model.predict_proba(new)
        else:
            predicted[:, known] = 1.0
        found.append(predicted)
    return found
