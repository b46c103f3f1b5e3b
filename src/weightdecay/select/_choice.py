"""Which λ of a path."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike


def choose(errors: ArrayLike, rule: Literal["min", "1se"] = "min") -> int:
    """Pick a λ by its errors.

    Parameters
    ----------
    errors : array [L, n]
        Error of every λ, ascending, on each of n independent units (seeds where the truth is known,
        folds where it is not); smaller is better. A λ with a NaN is never chosen.
    rule : {"min", "1se"}, default "min"
        "min": the smallest mean. "1se": the largest λ whose mean is within one standard error over
        units, that of the best λ, of the smallest [1]_.

    Returns
    -------
    int
        Its place in the path.

    References
    ----------
    .. [1] J. Friedman, T. Hastie, R. Tibshirani, "Regularization Paths for Generalized Linear
       Models via Coordinate Descent", J. Stat. Software 33 (2010), section 2.6.
    """
    table = np.asarray(errors, dtype=float)
    means = table.mean(axis=1)
    if np.isnan(means).all():
        raise ValueError("every λ has a NaN among its errors")
    best = int(np.nanargmin(means))
    if rule == "min":
        return best
    if rule != "1se":
        raise ValueError(f"rule: {rule!r} is neither 'min' nor '1se'")
    n = table.shape[1]
    margin = table[best].std(ddof=1) / np.sqrt(n) if n > 1 else 0.0
    return int(np.flatnonzero(means <= means[best] + margin)[-1])
