"""Kinds of decay side by side: each at the λ that it chose, and none at all."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from weightdecay.select._choice import Rule, choose_decay
from weightdecay.select._comparison import Pairing, compare_all, pair_by_pair
from weightdecay.select._failures import finite_or_nan
from weightdecay.select._nested import at_choice, choose_in_folds
from weightdecay.select._verdict import judge


def compare_by_rows(
    errors: Sequence[ArrayLike],
    inner: Sequence[ArrayLike],
    fold: ArrayLike,
    unit: ArrayLike,
    rule: Rule = "min",
    *,
    kind: Literal["row", "group"] = "row",
    weight: ArrayLike | None = None,
    level: float = 0.95,
    relative_margin: float = 0.05,
) -> tuple[Pairing, ...]:
    """Choose λ > 0 of each kind inside each outer fold, and judge every two on the rows tested.

    Parameters
    ----------
    errors : sequence of C arrays [L, S, T]
        Of each kind, as for ``by_rows``. L may differ: each kind has its own path.
    inner : sequence of C arrays [L, S, F, G]
    fold, unit : array [T] of int
    rule : {"min", "1se"}, default "min"
    kind : {"row", "group"}, default "row"
        What `unit` numbers; said again in the verdicts.
    weight : array [T], optional
        How much each row counts, see ``compare``.
    level : float, default 0.95
        Of all intervals together, see ``compare_all``.
    relative_margin : float, default 0.05
        See ``judge``.

    Returns
    -------
    tuple of Pairing
        Number 0 is training without decay, λ = 0 of the first kind, which is the same network for
        all; kind k of `errors` is number k + 1. In the order (0, 1), (0, 2) … (1, 2) …

    Raises
    ------
    ValueError
        If there is no kind, or the shapes do not fit together.

    Examples
    --------
    >>> l2 = [[[5.0, 5.2, 5.1, 4.9]], [[4.0, 4.1, 4.0, 4.1]]]  # 2 λs, 1 seed, 4 rows
    >>> l1 = [[[5.0, 5.2, 5.1, 4.9]], [[4.0, 4.1, 4.05, 4.1]]]
    >>> inner = [[[[5.1, 5.0]] * 2], [[[4.1, 4.2]] * 2]]  # 2 outer folds, 2 inner ones each
    >>> found = compare_by_rows([l2, l1], [inner, inner], fold=[0, 0, 1, 1], unit=[0, 2, 1, 3])
    >>> [(p.first, p.second, p.verdict.label) for p in found]
    [(0, 1, 'helps'), (0, 2, 'helps'), (1, 2, 'no_difference')]
    """
    outer, inside, folds = _all(errors), _all(inner), np.asarray(fold)
    for own, chooses in zip(outer, inside, strict=True):
        _check(own, chooses, "[L, S, T]")
        if folds.shape != own.shape[2:]:
            raise ValueError(f"fold: its shape {folds.shape} is not {own.shape[2:]}")
    treated = [
        at_choice(own, choose_in_folds(chooses, rule), folds)
        for own, chooses in zip(outer, inside, strict=True)
    ]
    how = {"level": level, "relative_margin": relative_margin}
    without = np.ascontiguousarray(outer[0][0])
    return compare_all([without, *treated], unit, fold=folds, kind=kind, weight=weight, **how)


def compare_by_folds(
    errors: Sequence[ArrayLike],
    inner: Sequence[ArrayLike],
    rule: Rule = "min",
    *,
    overlap: float,
    level: float = 0.95,
    relative_margin: float = 0.05,
) -> tuple[Pairing, ...]:
    """Do the same fold by fold, for an error that is no mean over rows.

    Parameters
    ----------
    errors : sequence of C arrays [L, S, F]
        Of each kind, as for ``by_folds``.
    inner : sequence of C arrays [L, S, F, G]
    rule : {"min", "1se"}, default "min"
    overlap : float
        See ``by_folds``.
    level, relative_margin : float
        As for ``compare_by_rows``.

    Returns
    -------
    tuple of Pairing
        As of ``compare_by_rows``; the pairs of a verdict are folds.

    Raises
    ------
    ValueError
        If there is no kind, or the shapes do not fit together.
    """
    outer, inside = _all(errors), _all(inner)
    ways = [outer[0].mean(axis=1)[0]]
    for own, chooses in zip(outer, inside, strict=True):
        _check(own, chooses, "[L, S, F]")
        if chooses.shape[2] != own.shape[2]:
            raise ValueError(f"inner: its {chooses.shape[2]} folds are not {own.shape[2]}")
        table, folds = own.mean(axis=1), np.arange(own.shape[2])
        ways.append(at_choice(table[:, None], choose_in_folds(chooses, rule), folds)[0])
    return pair_by_pair(
        len(ways),
        lambda a, b, own: judge(
            ways[a], ways[b], own, relative_margin, overlap=overlap, unit="fold"
        ),
        level,
    )


def compare_by_seeds(
    errors: Sequence[ArrayLike],
    rule: Rule = "min",
    *,
    level: float = 0.95,
    relative_margin: float = 0.05,
) -> tuple[Pairing, ...]:
    """Choose λ > 0 of each kind on the even-placed seeds, and judge every two on the odd ones.

    Parameters
    ----------
    errors : sequence of C arrays [L, S]
        Of each kind, as for ``by_seeds``.
    rule : {"min", "1se"}, default "min"
    level, relative_margin : float
        As for ``compare_by_rows``.

    Returns
    -------
    tuple of Pairing
        As of ``compare_by_rows``; the pairs of a verdict are seeds.

    Raises
    ------
    ValueError
        If there is no kind, or the shapes do not fit together.
    """
    tables = _all(errors)
    ways = [tables[0][:1, 1::2].ravel()]
    for table in tables:
        if table.ndim != 2 or len(table) < 2:
            raise ValueError(f"errors: the shape {table.shape} is not [L, S] with L ≥ 2")
        chosen = choose_decay(table[:, ::2], rule)
        judging = table[:, 1::2]
        ways.append(np.full(judging.shape[1:], np.nan) if chosen is None else judging[chosen])
    return pair_by_pair(
        len(ways),
        lambda a, b, own: judge(ways[a], ways[b], own, relative_margin, unit="seed"),
        level,
    )


def _all(tables: Sequence[ArrayLike]) -> list[NDArray[np.float64]]:
    if not len(tables):
        raise ValueError("errors: there is no kind; one at least is held against none")
    return [finite_or_nan(table) for table in tables]


def _check(outer: NDArray[np.float64], inner: NDArray[np.float64], shape: str) -> None:
    if outer.ndim != 3 or len(outer) < 2:
        raise ValueError(f"errors: the shape {outer.shape} is not {shape} with L ≥ 2")
    if inner.ndim != 4 or inner.shape[:2] != outer.shape[:2]:
        raise ValueError(f"inner: the shape {inner.shape} is not {outer.shape[:2]} and [F, G]")
