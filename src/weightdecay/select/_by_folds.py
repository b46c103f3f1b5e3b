"""Nested evaluation judged fold by fold, for errors that are no mean over rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from weightdecay.select._choice import Rule
from weightdecay.select._failures import failures, finite_or_nan
from weightdecay.select._nested import at_choice, choose_in_folds, without_in_folds
from weightdecay.select._verdict import Verdict, judge


@dataclass(frozen=True)
class ByFolds:
    """What nested evaluation found.

    Parameters
    ----------
    chosen : tuple of int or None, [F]
        Place in the path, or among the pairs, of each outer fold's λ, at least 1; None where an
        inner run failed at every λ above 0.
    differences : tuple of float, [F]
        Error at that λ − error at λ = 0, averaged over seeds; NaN where a run failed.
    failed : tuple of int, [L]
        Runs at each λ, outer and inner, that came to no number.
    verdict : Verdict
        Of the differences; its pairs are folds.
    """

    chosen: tuple[int | None, ...]
    differences: tuple[float, ...]
    failed: tuple[int, ...]
    verdict: Verdict


def by_folds(
    errors: ArrayLike,
    inner: ArrayLike,
    rule: Rule = "min",
    *,
    overlap: float,
    lr: ArrayLike | None = None,
    level: float = 0.95,
    relative_margin: float = 0.05,
) -> ByFolds:
    """Choose λ > 0 inside each outer fold and judge it against λ = 0 on that fold's test rows.

    Seeds are averaged inside a fold, inner or outer, before anything is chosen or judged. What is
    judged is a way of working, "choose a λ, then train with it", against training without decay;
    the λs may differ between folds. Where the error is a mean over rows, :func:`by_rows` tells
    more: the correction for what folds share is cautious (docs/calibration.md).

    Parameters
    ----------
    errors : array [L, S, F]
        Error at every λ, ascending from 0, on the test rows of each outer fold.
    inner : array [L, S, F, G]
        Errors on G inner folds of the training rows of each outer fold.
    rule : {"min", "1se"}, default "min"
        See ``choose``; the units are the G inner folds.
    overlap : float
        Rows tested over rows trained on in an outer fold: 1/(K − 1) for K folds, repeated or not.
        It has no default, since F alone does not say how the rows were split.
    lr : array [L], optional
        Learning rate of each entry of the first axis, see ``choose``. Learning rate and λ > 0 are
        then chosen together, and so is the learning rate of training without decay: each side is
        judged at its best.
    level, relative_margin : float
        See ``judge``.

    Returns
    -------
    ByFolds

    Raises
    ------
    ValueError
        If the shapes are not [L, S, F] and [L, S, F, G], with at least two λs.

    Examples
    --------
    >>> errors = [[[5.0, 5.2, 5.1]], [[4.0, 4.1, 4.0]], [[4.5, 4.5, 4.6]]]  # 3 λs, 1 seed, 3 folds
    >>> inner = [[[[5.1, 5.0]] * 3], [[[4.1, 4.2]] * 3], [[[4.6, 4.4]] * 3]]  # 2 inner folds each
    >>> found = by_folds(errors, inner, overlap=1 / 2)
    >>> found.chosen, found.verdict.label
    ((1, 1, 1), 'helps')
    """
    outer, inside = finite_or_nan(errors), finite_or_nan(inner)
    if outer.ndim != 3 or len(outer) < 2:
        raise ValueError(f"errors: the shape {outer.shape} is not [L, S, F] with L ≥ 2")
    if inside.ndim != 4 or inside.shape[:3] != outer.shape:
        raise ValueError(f"inner: the shape {inside.shape} is not {outer.shape} and [G]")
    means = outer.mean(axis=1)
    chosen = choose_in_folds(inside, rule, lr)
    folds = np.arange(means.shape[1])
    treated = at_choice(means[:, None], chosen, folds)[0]
    without = at_choice(means[:, None], without_in_folds(inside, lr), folds)[0]
    verdict = judge(without, treated, level, relative_margin, overlap=overlap, unit="fold")
    return ByFolds(
        chosen=chosen,
        differences=tuple((treated - without).tolist()),
        failed=tuple((failures(outer) + failures(inside)).tolist()),
        verdict=verdict,
    )
