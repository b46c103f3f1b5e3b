"""From arrays to the numbers of a page."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from weightdecay.report.page._data import Band

#: Digits that count: far more than can be seen or are meant, and half the bytes of all of them.
DIGITS = 8


def numbers(values: ArrayLike) -> Any:
    """Return an array of any shape as nested tuples of floats, None where one is not finite."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0:
        return float(f"{array:.{DIGITS}g}") if np.isfinite(array) else None
    return tuple(numbers(part) for part in array)


def share(part: float, whole: float) -> float | None:
    """Return a part as a share of the whole; None where there is none."""
    return numbers(part / whole) if whole else None


def band(values: ArrayLike) -> Band:
    """Return estimates, lower and upper bounds [L, 3] as a band."""
    estimate, low, high = np.asarray(values, dtype=np.float64).reshape(-1, 3).T
    return Band(estimate=numbers(estimate), low=numbers(low), high=numbers(high))


def spread(values: ArrayLike, alive: ArrayLike) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the median [L] of `values` [L, n] where `alive` [L, n], and the middle 80 %: [L, 3].

    NaN where nobody is.
    """
    return spread_of_curves(np.asarray(values)[..., None], alive)[..., 0].T


def spread_of_curves(curves: ArrayLike, alive: ArrayLike) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the same at each of m points, of curves [L, n, m] that are finite: [3, L, m]."""
    drawn = np.asarray(curves, dtype=np.float64)
    found = np.full((3, len(drawn), drawn.shape[2]), np.nan)
    for place, (rows, lives) in enumerate(zip(drawn, np.asarray(alive), strict=True)):
        known = rows[lives & np.isfinite(rows).all(axis=1)]
        if len(known):
            found[:, place] = np.quantile(known, (0.5, 0.1, 0.9), axis=0)
    return found


def thinned(count: int, most: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return at most `most` of the places 0 … `count` − 1, evenly, both ends among them."""
    if count <= most:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, most).round().astype(np.int64))
