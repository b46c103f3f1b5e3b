"""Nested evaluation judged row by row: what new rows would say, and new seeds."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from weightdecay.select._choice import Rule
from weightdecay.select._comparison import compare
from weightdecay.select._failures import finite_or_nan
from weightdecay.select._nested import at_choice, choose_in_folds, without_in_folds
from weightdecay.select._verdict import Verdict


@dataclass(frozen=True)
class ByRows:
    """What nested evaluation found.

    Parameters
    ----------
    chosen : tuple of int or None, [F]
        Place in the path, or among the pairs, of each outer fold's λ, at least 1; None where an
        inner run failed at every λ above 0.
    verdict : Verdict
        Its pairs are rows, or groups of them.
    """

    chosen: tuple[int | None, ...]
    verdict: Verdict


def by_rows(
    errors: ArrayLike,
    inner: ArrayLike,
    fold: ArrayLike,
    unit: ArrayLike,
    rule: Rule = "min",
    *,
    kind: Literal["row", "group"] = "row",
    lr: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
    relative_margin: float = 0.05,
) -> ByRows:
    """Choose λ > 0 inside each outer fold and judge it against λ = 0 on every row tested.

    What is judged is a way of working, "choose a λ, then train with it", against training without
    decay, for the networks that the folds trained: how they differ, on average, on new rows, with
    seeds drawn anew [1]_. For an error that is a mean over rows; others need :func:`by_folds`.

    Parameters
    ----------
    errors : array [L, S, T]
        Error at every λ, ascending from 0, and for every seed, of each of the T rows tested: those
        of fold 0, of fold 1 and so on. A row counts as often as it is tested.
    inner : array [L, S, F, G]
        Errors on G inner folds of the training rows of each outer fold.
    fold : array [T] of int
        The outer fold that tests each.
    unit : array [T] of int
        The row's number, or its group's where rows of one group are alike.
    rule : {"min", "1se"}, default "min"
        See ``choose``; the units are the G inner folds.
    kind : {"row", "group"}, default "row"
        What `unit` numbers; said again in the verdict.
    lr : array [L], optional
        Learning rate of each entry of the first axis, see ``choose``. Learning rate and λ > 0 are
        then chosen together, and so is the learning rate of training without decay: each side is
        judged at its best.
    weight : array [T], optional
        How much each row counts, see ``compare``; in `inner` the weights have been counted already.
    level, relative_margin : float
        See ``judge``.

    Returns
    -------
    ByRows

    Raises
    ------
    ValueError
        If the shapes do not fit together, the path has fewer than two λs, a weight is negative, or
        all are 0.

    Notes
    -----
    Rows and seeds are both samples, see ``crossed_interval``; folds are not. An interval says what
    these training rows lead to: another data set of the same size may have another effect, and how
    far the two lie apart no one data set can tell [2]_. docs/calibration.md has both in figures.

    References
    ----------
    .. [1] P. Bayle, A. Bayle, L. Janson, L. Mackey, "Cross-validation Confidence Intervals for Test
       Error", NeurIPS (2020).
    .. [2] S. Bates, T. Hastie, R. Tibshirani, "Cross-validation: what does it estimate and how well
       does it do it?", J. American Statistical Association 119 (2024).

    Examples
    --------
    >>> errors = [[[5.0, 5.2, 5.1, 4.9]], [[4.0, 4.1, 4.0, 4.1]]]  # 2 λs, 1 seed, 4 rows
    >>> inner = [[[[5.1, 5.0]] * 2], [[[4.1, 4.2]] * 2]]  # 2 outer folds, 2 inner ones each
    >>> found = by_rows(errors, inner, fold=[0, 0, 1, 1], unit=[0, 2, 1, 3])
    >>> found.chosen, found.verdict.label, found.verdict.pairs
    ((1, 1), 'helps', 4)
    """
    outer, inside = finite_or_nan(errors), finite_or_nan(inner)
    folds, units = np.asarray(fold), np.asarray(unit)
    if outer.ndim != 3 or len(outer) < 2:
        raise ValueError(f"errors: the shape {outer.shape} is not [L, S, T] with L ≥ 2")
    if inside.ndim != 4 or inside.shape[:2] != outer.shape[:2]:
        raise ValueError(f"inner: the shape {inside.shape} is not {outer.shape[:2]} and [F, G]")
    tested = outer.shape[2:]
    if folds.shape != tested or units.shape != tested or not tested[0]:
        raise ValueError(f"fold, unit: {folds.shape} and {units.shape} are not both {tested}")
    chosen = choose_in_folds(inside, rule, lr)
    without = at_choice(outer, without_in_folds(inside, lr), folds)
    verdict = compare(
        without,
        at_choice(outer, chosen, folds),
        units,
        fold=folds,
        kind=kind,
        weight=weight,
        level=level,
        relative_margin=relative_margin,
    )
    return ByRows(chosen, verdict)
