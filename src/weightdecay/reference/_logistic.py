"""A linear network with L2 on logits is logistic regression, of two classes and of more."""

import numpy as np
from numpy.typing import NDArray

from weightdecay.decay import Selection
from weightdecay.reference._descent import descent
from weightdecay.reference._linear import (
    Array,
    coefficients,
    linear,
    problem,
    relative,
    standardised,
)
from weightdecay.reference._reference import Outcome, at_most

TOLERANCE = 1e-6


def logistic(factor: float = 1.0, select: Selection = "weights") -> Outcome:
    """Compare trained coefficients with scikit-learn's ``LogisticRegression``.

    Parameters
    ----------
    factor : float, default 1.0
        λ·n·C.
    select : Selection, default "weights"
        What decays: never the bias.
    """
    from sklearn.datasets import load_breast_cancer, load_wine

    two, three = load_breast_cancer(), load_wine()
    return Outcome(
        "logistic",
        (
            at_most("binary", _distance(two.data, two.target, factor, select), TOLERANCE),
            at_most("multinomial", _distance(three.data, three.target, factor, select), TOLERANCE),
        ),
    )


def _distance(x: Array, labels: NDArray[np.int64], factor: float, select: Selection) -> float:
    """Largest relative distance of coefficients and biases over all λ > 0."""
    from sklearn.linear_model import LogisticRegression

    x = standardised(x)
    rows, columns = x.shape
    classes = int(labels.max()) + 1
    binary = classes == 2
    inverse = np.array([1.0, 0.1, 0.01])  # scikit-learn's C
    weight_decay = factor / (rows * inverse)
    ones = np.column_stack([x, np.ones(rows)])
    # p(1 − p) is at most 1/4; the softmax's diag(p) − ppᵀ is at most 1/2.
    bound = np.linalg.eigvalsh(ones.T @ ones / rows)[-1] * (1 / 4 if binary else 1 / 2)
    weight, bias = coefficients(
        problem(x, labels[:, None].astype(float), "binary_cross_entropy")
        if binary
        else problem(x, labels, "cross_entropy"),
        linear(columns, 1 if binary else classes),
        descent(low=weight_decay[0], high=bound + weight_decay[-1], rows=rows),
        weight_decay,
        select,
    )
    fits = [
        LogisticRegression(C=value, solver="newton-cg", tol=1e-12, max_iter=1000).fit(x, labels)
        for value in inverse
    ]
    # Several biases are known up to a number that is added to all of them.
    centre = 0.0 if binary else bias.mean(axis=1, keepdims=True)
    known = np.array([fit.intercept_ - (0.0 if binary else fit.intercept_.mean()) for fit in fits])
    return max(
        relative(weight, np.array([fit.coef_ for fit in fits])), relative(bias - centre, known)
    )
