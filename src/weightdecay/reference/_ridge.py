"""A linear network with L2 in the loss is ridge regression."""

import numpy as np

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


def ridge(factor: float = 2.0, select: Selection = "weights") -> Outcome:
    """Compare trained coefficients with scikit-learn's ``Ridge``, along a path.

    Parameters
    ----------
    factor : float, default 2.0
        λ·n/alpha. ``nn.MSELoss`` has no ½, so that alpha = n·λ/2.
    select : Selection, default "weights"
        What decays: never the bias, as ``fit_intercept`` leaves it alone.
    """
    from sklearn.datasets import load_diabetes

    x, y = load_diabetes(return_X_y=True)
    draw = np.random.default_rng(0)
    wide = draw.normal(size=(20, 40)) + 0.5
    target = wide[:, :5].sum(axis=1) + 3 + draw.normal(size=20)
    return Outcome(
        "ridge",
        (
            at_most("diabetes", _distance(standardised(x), y, factor, select), TOLERANCE),
            at_most("wide", _distance(wide, target, factor, select), TOLERANCE),
        ),
    )


def _distance(x: Array, y: Array, factor: float, select: Selection) -> float:
    """Largest relative distance of coefficients and bias over all λ > 0, for x [N, P], y [N]."""
    from sklearn.linear_model import Ridge

    rows, columns = x.shape
    alphas = rows * np.array([0.01, 0.1, 1.0, 10.0])
    weight_decay = factor * alphas / rows
    ones = np.column_stack([x, np.ones(rows)])
    hessian = 2 * ones.T @ ones / rows
    penalized = np.diag([*np.ones(columns), 0.0])
    weight, bias = coefficients(
        problem(x, y[:, None]),
        linear(columns),
        descent(
            low=np.linalg.eigvalsh(hessian + weight_decay[0] * penalized)[0],
            high=np.linalg.eigvalsh(hessian + weight_decay[-1] * penalized)[-1],
            rows=rows,
        ),
        weight_decay,
        select,
    )
    fits = [Ridge(alpha=alpha).fit(x, y) for alpha in alphas]
    return max(
        relative(weight, np.array([fit.coef_ for fit in fits])),
        relative(bias, np.array([fit.intercept_ for fit in fits])),
    )
