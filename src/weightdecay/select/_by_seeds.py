"""Choose λ on some seeds, judge it on the others."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from weightdecay.select._choice import Rule, choose_decay, choose_without
from weightdecay.select._failures import finite_or_nan
from weightdecay.select._verdict import Verdict, judge


class BySeeds(NamedTuple):
    """A λ, and what the seeds that did not choose it say of it.

    Parameters
    ----------
    chosen : int or None
        Place of the λ in the path, or among the pairs, at least 1; None if a run failed at every λ
        above 0.
    verdict : Verdict
        Its pairs are seeds.
    """

    chosen: int | None
    verdict: Verdict


def by_seeds(
    errors: ArrayLike,
    rule: Rule = "min",
    *,
    choosing: ArrayLike | None = None,
    lr: ArrayLike | None = None,
    level: float = 0.95,
    relative_margin: float = 0.05,
) -> BySeeds:
    """Choose λ > 0 and judge it against λ = 0 where seeds are the pairs.

    For a known truth or one fixed hold-out: the verdict is about networks started anew on these
    very rows, and says nothing of other rows.

    Parameters
    ----------
    errors : array [L, S]
        Error at every λ, ascending from 0, for every seed; smaller is better.
    rule : {"min", "1se"}, default "min"
        See ``choose``.
    choosing : array [S] of bool, optional
        Which seeds choose; the others judge. Default: the even-placed ones (0, 2, ...).
    lr : array [L], optional
        Learning rate of each entry of the first axis, see ``choose``. Learning rate and λ > 0 are
        then chosen together, and so is the learning rate of training without decay: each side is
        judged at its best.
    level, relative_margin : float
        See ``judge``.

    Returns
    -------
    BySeeds
        A pair, (chosen, verdict).

    Raises
    ------
    ValueError
        If `errors` is not [L, S] with at least two λs, or `choosing` does not fit it or names no
        seed.

    Examples
    --------
    >>> errors = [[9.0, 9.1, 8.8, 9.0, 9.2, 8.9], [7.0, 7.2, 6.9, 7.0, 7.1, 6.8]]
    >>> chosen, verdict = by_seeds(errors)
    >>> chosen, verdict.label, verdict.pairs
    (1, 'helps', 3)
    """
    table = finite_or_nan(errors)
    if table.ndim != 2 or len(table) < 2:
        raise ValueError(f"errors: the shape {table.shape} is not [L, S] with L ≥ 2")
    seeds = table.shape[1]
    chooses = np.arange(seeds) % 2 == 0 if choosing is None else np.asarray(choosing, dtype=bool)
    if chooses.shape != (seeds,) or not chooses.any():
        raise ValueError(f"choosing: names no seed, or is not one bool for each of {seeds}")
    chosen = choose_decay(table[:, chooses], rule, lr)
    without = table[choose_without(table[:, chooses], lr), ~chooses]
    treated = np.full(without.shape, np.nan) if chosen is None else table[chosen, ~chooses]
    return BySeeds(chosen, judge(without, treated, level, relative_margin, unit="seed"))
