"""Runs that came to no number."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def finite_or_nan(errors: ArrayLike) -> NDArray[np.float64]:
    """Return a copy of `errors` of any shape in which whatever is not finite is NaN.

    An infinite error is a run that diverged, as a NaN is; a mean of both must not pass for a
    number, nor their difference raise a warning.
    """
    table = np.array(errors, dtype=float)
    table[~np.isfinite(table)] = np.nan
    return table


def failures(errors: ArrayLike) -> NDArray[np.int_]:
    """Count the runs at each λ whose error is NaN or infinite.

    Parameters
    ----------
    errors : array [L, ...]
        Errors at every λ, over whatever seeds and folds there are.

    Returns
    -------
    array [L] of int
        How many failed. ``choose`` takes no λ with any; ``judge`` draws no conclusion from pairs
        with any; neither leaves the failed ones out and goes on with the others, since those that
        a decay lets live are no fair sample of what it does.
    """
    table = np.asarray(errors, dtype=float)
    return np.asarray((~np.isfinite(table)).reshape(len(table), -1).sum(axis=1))
