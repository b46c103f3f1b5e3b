"""Which λ of a path."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from weightdecay.select._failures import finite_or_nan

Rule = Literal["min", "1se"]


def choose(errors: ArrayLike, rule: Rule = "min") -> int:
    """Pick a λ by its errors.

    Parameters
    ----------
    errors : array [L, n]
        Error of every λ, ascending, on each of n independent units: seeds where the truth is known;
        folds where it is not, with seeds averaged inside each fold. Smaller is better. A λ at which
        any run failed (NaN, infinite) is never chosen; ``failures`` counts them.
    rule : {"min", "1se"}, default "min"
        "min": the smallest mean. "1se": the largest λ whose mean is within one standard error over
        units, that of the best λ, of the smallest [1]_.

    Returns
    -------
    int
        Its place in the path.

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
    if rule == "min":
        return best
    if rule != "1se":
        raise ValueError(f"rule: {rule!r} is neither 'min' nor '1se'")
    n = table.shape[1]
    margin = table[best].std(ddof=1) / np.sqrt(n) if n > 1 else 0.0
    return int(np.flatnonzero(means <= means[best] + margin)[-1])


def choose_decay(errors: ArrayLike, rule: Rule = "min") -> int | None:
    """Pick a λ above 0, or None if a run failed at every one of them.

    Parameters
    ----------
    errors : array [L, n]
        As for ``choose``; the first λ is 0. It is what the choice is held against, so it is no
        candidate.
    rule : {"min", "1se"}, default "min"

    Returns
    -------
    int or None
        Its place in the whole path, so at least 1.
    """
    candidates = finite_or_nan(errors)[1:]
    if np.isnan(candidates.mean(axis=1)).all():
        return None
    return 1 + choose(candidates, rule)
