"""Does it help? Paired differences that took no part in choosing λ."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from weightdecay.select._intervals import Interval, mean_interval

Label = Literal["helps", "hurts", "no_difference", "cannot_tell"]


@dataclass(frozen=True)
class Verdict:
    """What paired runs say about a λ against λ = 0.

    Parameters
    ----------
    label : {"helps", "hurts", "no_difference", "cannot_tell"}
    effect : Interval
        Mean of (error with λ − error without), with its interval over the pairs; below 0 is better.
    baseline : float
        Mean error without.
    pairs : int
        How many.
    margin : float
        Differences within ±margin count as none.
    needed : int or None
        About how many pairs would tell, if the label is "cannot_tell" and that can be estimated.
    """

    label: Label
    effect: Interval
    baseline: float
    pairs: int
    margin: float
    needed: int | None


def judge(
    without: ArrayLike, treated: ArrayLike, level: float = 0.95, relative_margin: float = 0.05
) -> Verdict:
    """Compare paired errors with and without decay.

    "helps" or "hurts" if the t interval of the mean difference excludes 0; else "no_difference" if
    it lies within ±`relative_margin` of the mean error without decay (two one-sided tests, here at
    the stricter level of the interval [1]_); else "cannot_tell".

    Parameters
    ----------
    without, treated : array [n]
        Errors of the same n runs at λ = 0 and at the λ to be judged; smaller is better. λ must have
        been chosen without them.
    level : float, default 0.95
    relative_margin : float, default 0.05
        A share of the mean error without decay that nobody would care about.

    Raises
    ------
    ValueError
        If the two are not arrays of one length.

    Notes
    -----
    The t interval is exact for normal differences and near enough for symmetric ones; where they
    are few and skewed it misses more often than it says.

    References
    ----------
    .. [1] D. J. Schuirmann, "A Comparison of the Two One-Sided Tests Procedure and the Power
       Approach", J. Pharmacokinetics and Biopharmaceutics 15 (1987).
    """
    base, other = np.asarray(without, dtype=float), np.asarray(treated, dtype=float)
    if base.shape != other.shape or base.ndim != 1:
        raise ValueError(f"pairs: the shapes {base.shape} and {other.shape} are not one [n]")
    differences = other - base
    effect = mean_interval(differences, level)
    baseline = float(base.mean()) if len(base) else np.nan
    margin = relative_margin * abs(baseline)
    needed = None
    label: Label
    if effect.high < 0:
        label = "helps"
    elif effect.low > 0:
        label = "hurts"
    elif -margin <= effect.low and effect.high <= margin:
        label = "no_difference"
    else:
        label = "cannot_tell"
        needed = _needed(differences, max(abs(effect.estimate), margin), level)
    return Verdict(label, effect, baseline, len(differences), margin, needed)


def _needed(differences: np.ndarray, size: float, level: float) -> int | None:
    """Pairs at which a difference of `size` is found four times out of five."""
    spread = differences.std(ddof=1) if len(differences) > 1 else np.nan
    # A size of rounding error is none: no number of pairs finds it.
    if not size > 1e-9 * spread:
        return None
    z = stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(0.8)
    return max(len(differences) + 1, int(np.ceil((z * spread / size) ** 2)))
