"""Intervals for the centre of a sample."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

#: A size of rounding error is none, relative to what it is of.
ROUNDING = 1e-9


class Interval(NamedTuple):
    """An estimate between two bounds, all NaN where the sample is too small for any."""

    estimate: float
    low: float
    high: float


def mean_interval(sample: ArrayLike, level: float = 0.95, overlap: float = 0.0) -> Interval:
    """Return the mean of `sample` [n] and its t interval; bounds are NaN for n < 2.

    Parameters
    ----------
    sample : array [n]
    level : float, default 0.95
    overlap : float, default 0.0
        Rows tested over rows trained on, n_test/n_train, where the n values come from splits of the
        same rows: the variance of the mean is then taken as (1/n + overlap)·s² instead of s²/n,
        with n − 1 degrees of freedom still [1]_. 0 if the values are independent.

    References
    ----------
    .. [1] C. Nadeau, Y. Bengio, "Inference for the Generalization Error", Machine Learning 52
       (2003): the corrected resampled t test.
    """
    values = np.asarray(sample, dtype=float)
    n = len(values)
    if n < 2:
        return Interval(float(values[0]) if n else np.nan, np.nan, np.nan)
    half = stats.t.ppf((1 + level) / 2, n - 1) * values.std(ddof=1) / np.sqrt(n)
    half *= np.sqrt(1 + n * overlap)
    return Interval(float(values.mean()), float(values.mean() - half), float(values.mean() + half))


def alike(sample: ArrayLike) -> bool:
    """Whether all of `sample` are one value, but for rounding.

    The spread of a sample is then no estimate of anything: errors that count, such as the share of
    wrong answers on a few rows, easily agree twice or thrice.
    """
    values = np.asarray(sample, dtype=float)
    return bool(np.ptp(values) <= ROUNDING * np.abs(values).max()) if values.size > 1 else False


def median_interval(sample: ArrayLike, level: float = 0.95) -> Interval:
    """Return the median of `sample` [n] and the order statistics that enclose it.

    The bounds are the innermost pair whose coverage, by the binomial distribution, is at least
    `level` whatever the distribution [1]_; NaN where n is too small for one (n < 6 at 95 %).

    References
    ----------
    .. [1] W. J. Conover, Practical Nonparametric Statistics, 3rd edition (1999), section 3.2.
    """
    values = np.sort(np.asarray(sample, dtype=float))
    n = len(values)
    if not n or np.isnan(values).any():
        return Interval(np.nan, np.nan, np.nan)
    median = float(np.median(values))
    # The largest k with P(fewer than k of n lie below the median) ≤ (1 − level)/2.
    k = int(stats.binom.ppf((1 - level) / 2, n, 0.5))
    if stats.binom.cdf(k, n, 0.5) > (1 - level) / 2:
        k -= 1
    if k < 0:
        return Interval(median, np.nan, np.nan)
    return Interval(median, float(values[k]), float(values[n - 1 - k]))


def least_pairs(level: float = 0.95) -> int:
    """Return the smallest n of which :func:`median_interval` has bounds: 2·(1/2)ⁿ ≤ 1 − `level`."""
    return int(np.ceil(1 - np.log2(1 - level)))
