"""From what the user hands over to a problem cut into folds, outer ones and inner ones."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.utils import _safe_indexing
from torch import Tensor

from weightdecay.errors import InputError
from weightdecay.language import phrase
from weightdecay.study import (
    Folds,
    Loss,
    Problem,
    from_dataset,
    group_names,
    inputs,
    labels,
    mean_loss,
    splits,
    targets,
)

Splits = tuple[tuple[Tensor, Tensor], ...]


@dataclass(frozen=True)
class Cut:
    """A problem whose first F splits are the outer folds; the G inner ones of each follow.

    Parameters
    ----------
    problem : Problem
        What members train on. With a transformer every fold has rows of its own in it: what that
        fold's training rows make of them.
    outer : int
        F.
    unit : array [N] of int
        What each row of `problem` is as a draw: the number of the user's row, or of its group.
    kind : {"row", "group"}
    whole : Problem
        The user's rows, each once, with the outer folds: what a final network trains on.
    transform : scikit-learn transformer or None
        Fitted on all rows.
    judged_apart : bool
        Whether the rows that judge were given apart, and are not for a final network.
    """

    problem: Problem
    outer: int
    unit: NDArray[np.int64]
    kind: Literal["row", "group"]
    whole: Problem
    transform: Any = None
    judged_apart: bool = False


def cut(
    X: Any,
    y: Any,
    loss: str | Loss,
    folds: Folds,
    inner_folds: int,
    *,
    judging: tuple[Any, Any] | None = None,
    groups: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    transform: Any = None,
    random_state: int = 0,
) -> Cut:
    """Cut the rows X, y as :func:`weightdecay.path` says; without inner folds if they are 0."""
    mean_loss(loss)
    if y is None:
        X, y = from_dataset(X)
    if judging is not None and not (isinstance(judging, tuple | list) and len(judging) == 2):
        raise InputError("truth, validation: what members are judged on is no pair (X, y)")
    fitted = None if transform is None else _fitted(transform, X, y)
    x, targets_ = inputs(X if fitted is None else _applied(fitted, X)), targets(y, loss)
    classes = labels(targets_, loss)
    if len(x) != len(targets_):
        raise InputError(phrase("data.error.lengths", inputs=len(x), targets=len(targets_)))
    weight = None if sample_weight is None else _weights(sample_weight, len(x), x)
    if judging is not None:
        if weight is not None:
            raise InputError("sample_weight: rows to judge on are given apart, and have no weights")
        if groups is not None:
            raise InputError("groups: rows to judge on are given apart, so there are no folds")
        theirs = judging[0] if fitted is None else _applied(fitted, judging[0])
        x_judge, y_judge = _like("X", inputs(theirs), x), targets(judging[1], loss)
        y_judge = _like("y", y_judge, targets_)
        known = replace(Problem.with_truth(x, targets_, x_judge, y_judge), loss=loss)
        return Cut(known, 1, np.arange(len(known.x)), "row", known, fitted, judged_apart=True)
    names = None if groups is None else group_names(groups, len(x))
    alike = targets_ if classes is None else classes
    how: dict[str, Any] = {"X": X, "classes": classes is not None, "groups": names}
    outer = splits(folds, alike, **how, random_state=random_state)
    whole = Problem(x, targets_, outer, loss, weight)
    inner = _inner(outer, alike, classes, inner_folds, names, random_state)
    rows = np.arange(len(x))
    problem = replace(whole, splits=(*outer, *inner))
    if fitted is not None:
        problem, rows = _each_by_itself(problem, transform, X, y)
    unit = rows if names is None else np.unique(names, return_inverse=True)[1][rows]
    return Cut(problem, len(outer), unit, "row" if groups is None else "group", whole, fitted)


def _like(name: str, judging: Tensor, training: Tensor) -> Tensor:
    """Return what is to judge if its rows have the shape of those that train."""
    if judging.dim() == 1 and training.shape[1:] == (1,):
        judging = judging[:, None]
    if judging.shape[1:] != training.shape[1:]:
        raise InputError(
            f"truth, validation: the shape of {name} is {list(judging.shape)}, and that of the "
            f"rows that train is {list(training.shape)}"
        )
    return judging


def _inner(
    outer: Splits,
    alike: Tensor,
    classes: Tensor | None,
    inner_folds: int,
    groups: NDArray[Any] | None,
    random_state: int,
) -> Splits:
    """G folds of the training rows of each outer one; none if F = 1 or G = 0."""
    inside: list[tuple[Tensor, Tensor]] = []
    for train, _ in outer if len(outer) > 1 and inner_folds else ():
        mine = None if groups is None else groups[train.numpy()]
        # A class too rare for the inner folds is left to chance there: they only choose.
        enough = classes is not None and np.unique_counts(classes[train]).counts.min() >= (
            inner_folds
        )
        how: dict[str, Any] = {"groups": mine, "random_state": random_state, "classes": enough}
        for a, b in splits(inner_folds, alike[train], **how, option="inner_folds"):
            inside.append((train[a], train[b]))
    return tuple(inside)


def _each_by_itself(
    problem: Problem, transform: Any, X: Any, y: Any
) -> tuple[Problem, NDArray[np.int64]]:
    """Give every split rows of its own, made by the transformer fitted on its training rows.

    Returns the problem, and of each of its rows the number of the user's row.
    """
    parts, pairs, rows, begin = [], [], [], 0
    for train, test in problem.splits:
        fitted = _fitted(transform, _rows(X, train), _rows(y, train))
        part = inputs(_applied(fitted, _rows(X, torch.cat([train, test]))))
        if part.shape[1:] != problem.x.shape[1:]:
            raise InputError(
                f"transform: it makes {list(problem.x.shape[1:])} columns of all rows and "
                f"{list(part.shape[1:])} of a fold; fix its categories, so that both are the same"
            )
        middle, end = begin + len(train), begin + len(part)
        pairs.append((torch.arange(begin, middle), torch.arange(middle, end)))
        parts.append(part)
        rows.append(torch.cat([train, test]))
        begin = end
    picked, weight = torch.cat(rows), problem.sample_weight
    stacked = Problem(
        torch.cat(parts),
        problem.y[picked],
        tuple(pairs),
        problem.loss,
        None if weight is None else weight[picked],
    )
    return stacked, picked.numpy()


def _fitted(transform: Any, X: Any, y: Any) -> Any:
    if not (hasattr(transform, "fit") and hasattr(transform, "transform")):
        raise InputError(f"transform: {transform!r} has no fit() and transform()")
    return clone(transform).fit(X, y)


def _applied(transform: Any, X: Any) -> Any:
    made = transform.transform(X)
    return made.toarray() if hasattr(made, "toarray") else made


def _rows(table: Any, rows: Tensor) -> Any:
    if isinstance(table, Tensor):
        return table[rows]
    return _safe_indexing(table, rows.numpy())


def _weights(sample_weight: ArrayLike, rows: int, x: Tensor) -> Tensor:
    try:
        weight = torch.as_tensor(np.asarray(sample_weight, dtype=np.float64).copy())
    except (TypeError, ValueError):
        raise InputError("sample_weight: it holds no numbers") from None
    if weight.shape != (rows,):
        raise InputError(f"sample_weight: its shape is {list(weight.shape)}, not [{rows}]")
    return weight.to(x.dtype) if x.is_floating_point() else weight.to(torch.get_default_dtype())
