"""Does it help? Paired differences that took no part in choosing λ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from weightdecay.select._failures import finite_or_nan
from weightdecay.select._intervals import Interval, alike, mean_interval, median_interval
from weightdecay.select._needed import pairs_needed

Label = Literal["helps", "hurts", "no_difference", "cannot_tell"]
Unit = Literal["pair", "seed", "fold", "row", "group"]


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
        About how many pairs would tell, if the label is "cannot_tell" and that can be estimated;
        None too where the pairs overlap and no number of them would.
    unit : {"pair", "seed", "fold", "row", "group"}
        What a pair is: two runs from one initialisation, the means over seeds on one fold, or the
        errors on one row, or one group of rows, of networks that were not trained on it.
    overlap : float
        n_test/n_train of splits of the same rows, 0 for independent pairs.
    failed : int
        Pairs, or with rows runs, of which a side is NaN or infinite. Any makes the label
        "cannot_tell".
    seeds : int or None
        With rows, the seeds that the interval is over as well; 1 says that other seeds are not
        reckoned with.
    needed_seeds : int or None
        With rows, the seeds that go with `needed`.

    Examples
    --------
    >>> import weightdecay as wd
    >>> said = wd.judge([5.0, 5.2, 5.1, 4.9], [4.0, 4.1, 4.2, 4.0])
    >>> said.label, said.pairs, round(said.effect.estimate, 3)
    ('helps', 4, -0.975)
    """

    label: Label
    effect: Interval
    baseline: float
    pairs: int
    margin: float
    needed: int | None
    unit: Unit = "pair"
    overlap: float = 0.0
    failed: int = 0
    seeds: int | None = None
    needed_seeds: int | None = None


def judge(
    without: ArrayLike,
    treated: ArrayLike,
    level: float = 0.95,
    relative_margin: float = 0.05,
    *,
    overlap: float = 0.0,
    unit: Unit = "pair",
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
    overlap : float, default 0.0
        n_test/n_train where the pairs are splits of the same rows: 1/(K − 1) for K folds, repeated
        or not. The variance of the mean is then (1/n + overlap)·s² [2]_.
    unit : {"pair", "seed", "fold"}, default "pair"
        What the pairs are; said again in the verdict.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If the two are not arrays of one length, or `overlap` is negative or no number.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.judge([5.0, 5.2, 5.1, 4.9], [5.0, 5.2, 5.0, 5.0]).label
    'no_difference'
    >>> wd.judge([5.0, 5.2, 5.1, 4.9], [4.0, 6.5, 5.9, 3.0]).label
    'cannot_tell'

    Notes
    -----
    The t interval is exact for normal differences and near enough for symmetric ones; where they
    are few and skewed it misses more often than it says. Where all differences are alike their
    spread tells nothing: the interval is then that of their median, which six that agree have (at
    95 %) and fewer have not; two equal shares of right answers make no verdict. With folds it
    stands for this data set more than for others like it. docs/calibration.md has both in figures.

    References
    ----------
    .. [1] D. J. Schuirmann, "A Comparison of the Two One-Sided Tests Procedure and the Power
       Approach", J. Pharmacokinetics and Biopharmaceutics 15 (1987).
    .. [2] C. Nadeau, Y. Bengio, "Inference for the Generalization Error", Machine Learning 52
       (2003): the corrected resampled t test.
    """
    base, other = finite_or_nan(without), finite_or_nan(treated)
    if base.shape != other.shape or base.ndim != 1:
        raise ValueError(f"pairs: the shapes {base.shape} and {other.shape} are not one [n]")
    if not 0 <= overlap < np.inf:
        raise ValueError(f"overlap: {overlap} is no ratio of rows tested to rows trained on")
    differences = other - base

    def needed(size: float) -> tuple[int, None] | None:
        pairs = pairs_needed(differences, size, level, overlap)
        return None if pairs is None else (pairs, None)

    if alike(differences):
        effect = median_interval(differences, level)
    else:
        effect = mean_interval(differences, level, overlap)
    return verdict_from(
        effect,
        baseline=float(base.mean()) if len(base) else np.nan,
        relative_margin=relative_margin,
        needed=needed,
        pairs=len(differences),
        unit=unit,
        overlap=overlap,
        failed=int(np.isnan(differences).sum()),
    )


def verdict_from(
    effect: Interval,
    *,
    baseline: float,
    relative_margin: float,
    needed: Callable[[float], tuple[int, int | None] | None],
    **about: Any,
) -> Verdict:
    """Name what an interval says.

    Parameters
    ----------
    effect : Interval
    baseline, relative_margin : float
    needed : callable
        From the size of a difference to the pairs, and seeds, that would find it.
    **about
        The other fields of the verdict.
    """
    margin = relative_margin * abs(baseline)
    more = None
    label: Label
    if effect.high < 0:
        label = "helps"
    elif effect.low > 0:
        label = "hurts"
    elif -margin <= effect.low and effect.high <= margin:
        label = "no_difference"
    else:
        label = "cannot_tell"
        more = needed(max(abs(effect.estimate), margin))
    pairs, seeds = more or (None, None)
    return Verdict(
        label=label,
        effect=effect,
        baseline=baseline,
        margin=margin,
        needed=pairs,
        needed_seeds=seeds,
        **about,
    )
