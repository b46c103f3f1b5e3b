"""Nested evaluation: every outer fold gets the λ that its own training rows chose."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from weightdecay.select._choice import Rule, choose_decay, choose_without
from weightdecay.select._failures import finite_or_nan


def choose_in_folds(
    inner: ArrayLike, rule: Rule = "min", lr: ArrayLike | None = None
) -> tuple[int | None, ...]:
    """Choose λ > 0 for each outer fold on the inner folds of its training rows.

    Parameters
    ----------
    inner : array [L, S, F, G]
        Errors at every λ, ascending from 0, on G inner folds of the training rows of each outer
        fold; seeds are averaged inside an inner fold.
    rule : {"min", "1se"}, default "min"
        See ``choose``; the units are the G inner folds.
    lr : array [L], optional
        See ``choose``: then learning rate and λ are chosen together.

    Returns
    -------
    tuple of int or None, [F]
        Place in the path, or among the pairs, of each outer fold's λ, at least 1; None where an
        inner run failed at every λ above 0.

    Notes
    -----
    0 is no candidate: a choice that may fall back on it turns the difference into exact zeros
    wherever it does, and a verdict on decay into one on the rule.

    References
    ----------
    .. [1] S. Varma, R. Simon, "Bias in Error Estimation when Using Cross-Validation for Model
       Selection", BMC Bioinformatics 7 (2006).
    """
    inside = finite_or_nan(inner)
    folds = range(inside.shape[2])
    return tuple(choose_decay(inside[:, :, f].mean(axis=1), rule, lr) for f in folds)


def without_in_folds(inner: ArrayLike, lr: ArrayLike | None = None) -> tuple[int, ...]:
    """Choose the learning rate of training without decay for each outer fold.

    Parameters
    ----------
    inner : array [L, S, F, G]
    lr : array [L], optional
        As for ``choose_in_folds``.

    Returns
    -------
    tuple of int, [F]
        Place of λ = 0 at the learning rate that is best without decay, see ``choose_without``.
    """
    inside = finite_or_nan(inner)
    folds = range(inside.shape[2])
    return tuple(choose_without(inside[:, :, f].mean(axis=1), lr) for f in folds)


def at_choice(
    errors: NDArray[np.float64], chosen: Sequence[int | None], fold: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Errors [S, T] at each fold's λ; NaN where none could be chosen.

    Parameters
    ----------
    errors : array [L, S, T]
    chosen : sequence of int or None, [F]
    fold : array [T] of int
        The fold to which each of the T columns belongs.
    """
    place = np.array([-1 if best is None else best for best in chosen])[fold]
    found = np.ascontiguousarray(errors[place, :, np.arange(len(fold))].T)
    found[:, place < 0] = np.nan
    return found
