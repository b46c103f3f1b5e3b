"""Several ways of training side by side, pair by pair, on the same rows and seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from weightdecay.select._crossed import crossed_interval, weighted_mean, weights_of
from weightdecay.select._failures import finite_or_nan
from weightdecay.select._needed import crossed_needed
from weightdecay.select._verdict import Verdict, verdict_from


@dataclass(frozen=True)
class Pairing:
    """One way of training against another.

    Parameters
    ----------
    first, second : int
        Places of the two.
    verdict : Verdict
        Of the second against the first: "helps" if it has the smaller error.
    """

    first: int
    second: int
    verdict: Verdict


def compare(
    first: ArrayLike,
    second: ArrayLike,
    unit: ArrayLike,
    *,
    fold: ArrayLike | None = None,
    kind: Literal["row", "group"] = "row",
    weight: ArrayLike | None = None,
    level: float = 0.95,
    relative_margin: float = 0.05,
) -> Verdict:
    """Judge `second` against `first` on rows that trained neither.

    Parameters
    ----------
    first, second : array [S, T]
        Errors of each seed on each of T rows tested, paired; a prediction that averages over seeds
        counts as one seed, and the interval is then over rows alone.
    unit : array [T] of int
        The row's number, or its group's where rows of one group are alike.
    fold : array [T] of int, optional
        The fold that tests each row, where there are several: a run that failed has failed on all
        rows of its fold, and counts once.
    kind : {"row", "group"}, default "row"
        What `unit` numbers; said again in the verdict.
    weight : array [T], optional
        How much each row counts, 0 or more; only their ratios matter. `first` and `second` are the
        errors themselves. A row, or group, of weight 0 is no pair.
    level, relative_margin : float
        See ``judge``.

    Returns
    -------
    Verdict
        Its baseline is the mean of `first`.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a weight is negative, or all are 0.

    Notes
    -----
    Rows and seeds are both samples, see ``crossed_interval``.

    Examples
    --------
    >>> found = compare([[5.0, 5.2, 5.1, 4.9]], [[4.0, 4.1, 4.0, 4.1]], unit=[0, 1, 2, 3])
    >>> found.label, found.pairs
    ('helps', 4)
    """
    base, other, units = finite_or_nan(first), finite_or_nan(second), np.asarray(unit)
    folds = np.zeros(units.shape) if fold is None else np.asarray(fold)
    if base.ndim != 2 or base.shape != other.shape or units.shape != base.shape[1:]:
        raise ValueError(
            f"first, second, unit: {base.shape}, {other.shape} and {units.shape} are not [S, T], "
            "[S, T] and [T]"
        )
    if folds.shape != units.shape:
        raise ValueError(f"fold: its shape {folds.shape} is not {units.shape}")
    differences, weights = other - base, weights_of(weight, len(units))
    crossed = crossed_interval(differences, units, level, weights)
    lost = np.isnan(differences)
    return verdict_from(
        crossed.effect,
        baseline=weighted_mean(base, weights),
        relative_margin=relative_margin,
        needed=lambda size: crossed_needed(crossed, size, level),
        pairs=crossed.units,
        unit=kind,
        seeds=crossed.seeds,
        failed=sum(int(lost[:, folds == f].any(axis=1).sum()) for f in np.unique(folds)),
    )


def compare_all(
    errors: Sequence[ArrayLike],
    unit: ArrayLike,
    *,
    fold: ArrayLike | None = None,
    kind: Literal["row", "group"] = "row",
    weight: ArrayLike | None = None,
    level: float = 0.95,
    relative_margin: float = 0.05,
) -> tuple[Pairing, ...]:
    """Judge each of C ways of training against each of those before it.

    Parameters
    ----------
    errors : sequence of C arrays [S, T]
        The first is what is natural to compare with: without decay.
    unit : array [T] of int
    fold : array [T] of int, optional
    kind : {"row", "group"}, default "row"
    weight : array [T], optional
        As for ``compare``.
    level : float, default 0.95
        Of all C·(C − 1)/2 intervals together: with this probability at least none of them misses.
    relative_margin : float, default 0.05
        See ``judge``.

    Returns
    -------
    tuple of Pairing
        In the order (0, 1), (0, 2) … (1, 2) …

    Raises
    ------
    ValueError
        If there are fewer than two, or the shapes do not fit together.

    Notes
    -----
    Bonferroni's correction: each interval is of level 1 − (1 − level)/m for m pairs. It holds
    however the pairs depend on each other, and gives intervals; the step-down procedures that are
    sharper [1]_ give decisions alone.

    References
    ----------
    .. [1] S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian J.
       Statistics 6 (1979).

    Examples
    --------
    >>> errors = [[[5.0, 5.2, 5.1]], [[4.0, 4.1, 4.2]], [[4.0, 4.3, 4.0]]]
    >>> [(p.first, p.second, p.verdict.label) for p in compare_all(errors, unit=[0, 1, 2])]
    [(0, 1, 'helps'), (0, 2, 'helps'), (1, 2, 'cannot_tell')]
    """
    if len(errors) < 2:
        raise ValueError(f"errors: there are {len(errors)}, and two at least make a pair")
    return pair_by_pair(
        len(errors),
        lambda a, b, own: compare(
            errors[a],
            errors[b],
            unit,
            fold=fold,
            kind=kind,
            weight=weight,
            level=own,
            relative_margin=relative_margin,
        ),
        level,
    )


def pair_by_pair(
    count: int, verdict: Callable[[int, int, float], Verdict], level: float
) -> tuple[Pairing, ...]:
    """Judge every two of `count` ways, with intervals that hold together.

    Parameters
    ----------
    count : int
    verdict : callable
        From the places of two, and the level of one interval, to a verdict.
    level : float
        Of all intervals together, by Bonferroni's correction.
    """
    pairs = list(combinations(range(count), 2))
    # The level itself where there is but one: 1 − (1 − 0.95) is another number than 0.95.
    own = level if len(pairs) == 1 else 1 - (1 - level) / len(pairs)
    return tuple(Pairing(a, b, verdict(a, b, own)) for a, b in pairs)
