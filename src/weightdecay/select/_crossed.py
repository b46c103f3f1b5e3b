"""The mean of a table of differences whose rows and columns both are samples."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from weightdecay.select._intervals import Interval, alike, least_pairs


class Crossed(NamedTuple):
    """A mean over units × seeds, and what its variance is made of.

    Parameters
    ----------
    effect : Interval
    of_units, of_seeds : float
        What either adds to the variance of the mean; `of_seeds` is 0 with one seed.
    units, seeds : int
    """

    effect: Interval
    of_units: float
    of_seeds: float
    units: int
    seeds: int


def crossed_interval(
    differences: NDArray[np.float64],
    unit: NDArray[np.int_],
    level: float = 0.95,
    weight: ArrayLike | None = None,
) -> Crossed:
    """Return the mean of `differences` with its t interval over units and seeds at once.

    Parameters
    ----------
    differences : array [S, T]
        One for each seed and each row tested.
    unit : array [T] of int
        What is drawn at random: the number of the row, which repeated folds test more than once, or
        of the group to which it belongs.
    level : float, default 0.95
    weight : array [T], optional
        How much each row counts; only their ratios matter, and a row of weight 0 is no draw.

    Notes
    -----
    The variance of the mean is the sum of that over units, seeds averaged, and that over seeds,
    units averaged: cluster-robust in both directions [1]_. What is common to both, the interaction,
    is counted twice, which errs on the safe side [2]_. Degrees of freedom are Satterthwaite's. With
    one seed the interval is over units alone. A weighted mean is a ratio, Σwd/Σw, so that of a unit
    it is Σw·(d − mean) that varies, not Σwd [3]_; where few heavy rows are most of the weight, such
    an interval is a little short (100 rows of log-normal weights, σ = 1, miss in 7 %). Bounds are
    NaN for fewer than two units, and for fewer than six (at 95 %) where nothing varies, as of
    ``judge``.

    References
    ----------
    .. [1] A. C. Cameron, J. B. Gelbach, D. L. Miller, "Robust Inference with Multiway Clustering",
       J. Business & Economic Statistics 29 (2011).
    .. [2] A. B. Owen, "The Pigeonhole Bootstrap", Annals of Applied Statistics 1 (2007).
    .. [3] W. G. Cochran, Sampling Techniques, 3rd edition (1977), chapter 6.
    """
    weights = weights_of(weight, len(unit))
    if not (drawn := weights > 0).all():
        differences, unit, weights = differences[:, drawn], unit[drawn], weights[drawn]
    _, place = np.unique(unit, return_inverse=True)
    tested = np.bincount(place, weights)
    seeds, units = len(differences), len(tested)
    mean = weighted_mean(differences, weights)
    # Each unit's share in the mean, centred: a row that was tested twice weighs twice.
    totals = np.stack([np.bincount(place, row, units) for row in differences * weights])
    shares = (totals - tested * mean) * (units / weights.sum())
    of_units = _variance_of_mean(shares.mean(axis=0))
    of_seeds = _variance_of_mean(shares.mean(axis=1)) if seeds > 1 else 0.0
    if alike(differences) and units < least_pairs(level):
        half = np.nan
    elif not of_units + of_seeds > 0:  # nothing varies, or NaN
        half = of_units + of_seeds
    else:
        spread = of_units**2 / (units - 1) + (of_seeds**2 / (seeds - 1) if seeds > 1 else 0.0)
        freedom = (of_units + of_seeds) ** 2 / spread
        half = stats.t.ppf((1 + level) / 2, freedom) * np.sqrt(of_units + of_seeds)
    effect = Interval(mean, mean - float(half), mean + float(half))
    return Crossed(effect, of_units, of_seeds, units, seeds)


def weighted_mean(table: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Return the mean of `table` [S, T] over seeds and, with `weight` [T], over rows."""
    return float((table * weight).mean() / weight.mean())


def weights_of(weight: ArrayLike | None, rows: int) -> NDArray[np.float64]:
    """Return the weights [T] of rows over the largest: 1, to the bit, where all are equal or none.

    Raises
    ------
    ValueError
        If they are not T finite numbers of 0 or more, or all are 0.
    """
    if weight is None:
        return np.ones(rows)
    weights = np.asarray(weight, dtype=float)
    if weights.shape != (rows,):
        raise ValueError(f"weight: its shape {weights.shape} is not ({rows},)")
    if not (np.isfinite(weights) & (weights >= 0)).all() or not weights.any():
        raise ValueError("weight: they are not finite numbers of 0 or more, some above 0")
    relative: NDArray[np.float64] = weights / weights.max()
    return relative


def _variance_of_mean(sample: NDArray[np.float64]) -> float:
    return float(sample.var(ddof=1) / len(sample)) if len(sample) > 1 else float("nan")
