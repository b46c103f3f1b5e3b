"""Which λ of a path."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from weightdecay.select._failures import finite_or_nan
from weightdecay.select._rates import rates_of, without_decay

Rule = Literal["min", "1se"]


def choose(errors: ArrayLike, rule: Rule = "min", lr: ArrayLike | None = None) -> int:
    """Pick a λ by its errors, or a learning rate and a λ.

    Parameters
    ----------
    errors : array [L, n]
        Error of every λ, ascending, on each of n independent units: seeds where the truth is known;
        folds where it is not, with seeds averaged inside each fold. Smaller is better. A λ at which
        any run failed (NaN, infinite) is never chosen; ``failures`` counts them.
    rule : {"min", "1se"}, default "min"
        "min": the smallest mean. "1se": the largest λ whose mean is within one standard error over
        units, that of the best λ, of the smallest [1]_. With `lr`, the largest λ of those at the
        learning rate of the best: λ orders networks by how much they decay where all else is
        equal, and from one learning rate to another it does not, least of all on the step, where
        η·λ is what decays. Of one unit there is no standard error, and "1se" picks what "min" does.
    lr : array [L], optional
        Learning rate of each entry of the first axis, which then holds pairs of a learning rate and
        a λ: all λs of one learning rate, ascending from 0, then all of the next.

    Returns
    -------
    int
        Its place in the path, or among the pairs.

    Raises
    ------
    ValueError
        If a run failed at every λ, or the rule is unknown.

    Examples
    --------
    >>> import weightdecay as wd
    >>> errors = [[5.0, 5.4, 4.9], [4.0, 4.2, 4.1], [4.1, 4.2, 4.1], [6.0, 5.9, 6.2]]  # [L, n]
    >>> wd.choose(errors), wd.choose(errors, "1se")
    (1, 2)

    References
    ----------
    .. [1] J. Friedman, T. Hastie, R. Tibshirani, "Regularization Paths for Generalized Linear
       Models via Coordinate Descent", J. Stat. Software 33 (2010), section 2.6.
    """
    table = finite_or_nan(errors)
    means = table.mean(axis=1)
    if np.isnan(means).all():
        raise ValueError("every λ has a NaN among its errors")
    best = int(np.nanargmin(means))
    rates = rates_of(lr, len(table))
    if rule == "min":
        return best
    if rule != "1se":
        raise ValueError(f"rule: {rule!r} is neither 'min' nor '1se'")
    n = table.shape[1]
    margin = table[best].std(ddof=1) / np.sqrt(n) if n > 1 else 0.0
    alike = (rates == rates[best]) & (means <= means[best] + margin)
    return int(np.flatnonzero(alike)[-1])


def choose_decay(errors: ArrayLike, rule: Rule = "min", lr: ArrayLike | None = None) -> int | None:
    """Pick a λ above 0, or None if a run failed at every one of them.

    Parameters
    ----------
    errors : array [L, n]
        As for ``choose``; the first λ, of every learning rate, is 0. It is what the choice is held
        against, so it is no candidate.
    rule : {"min", "1se"}, default "min"
    lr : array [L], optional
        As for ``choose``.

    Returns
    -------
    int or None
        Its place in the whole path, so at least 1.
    """
    table = finite_or_nan(errors)
    rates = rates_of(lr, len(table))
    places = np.setdiff1d(np.arange(len(table)), without_decay(rates))
    if np.isnan(table[places].mean(axis=1)).all():
        return None
    return int(places[choose(table[places], rule, rates[places])])


def choose_without(errors: ArrayLike, lr: ArrayLike | None = None) -> int:
    """Pick the learning rate at which training without decay has the smallest mean error.

    What decay is held against gets its own best learning rate, so that what is due to the learning
    rate is not put down to decay.

    Parameters
    ----------
    errors : array [L, n]
        As for ``choose_decay``.
    lr : array [L], optional
        As for ``choose``. With one learning rate there is nothing to choose.

    Returns
    -------
    int
        The place of λ = 0 at that learning rate; where a run failed at each of them, at the one
        with the fewest.
    """
    table = finite_or_nan(errors)
    places = without_decay(rates_of(lr, len(table)))
    means = table[places].mean(axis=1)
    if np.isnan(means).all():
        return int(places[np.argmin(np.isnan(table[places]).sum(axis=1))])
    return int(places[np.nanargmin(means)])
