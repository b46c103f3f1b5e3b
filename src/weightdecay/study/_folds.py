"""Which rows train and which judge."""

from collections.abc import Iterable
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn import model_selection
from torch import Tensor

from weightdecay.errors import InputError
from weightdecay.language import phrase

Split = tuple[Tensor, Tensor]


@runtime_checkable
class Splitter(Protocol):
    """What scikit-learn calls a cross-validation generator."""

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterable[Any]:
        """Yield pairs (train, test) of row numbers."""


Folds = int | float | Splitter | Iterable[tuple[ArrayLike, ArrayLike]]


def splits(
    folds: Folds,
    y: Tensor,
    *,
    classes: bool = False,
    groups: ArrayLike | None = None,
    random_state: int = 0,
    option: str = "folds",
) -> tuple[Split, ...]:
    """Cut N rows into training and judging rows.

    Parameters
    ----------
    folds : int, float, splitter or iterable of pairs
        A whole number K ≥ 2: K folds, shuffled; stratified by class where y holds classes, and no
        group on both sides where there are groups. A share between 0 and 1: one hold-out of that
        share. Any of scikit-learn's splitters: repeated, by time ... Or your own pairs of row
        numbers.
    y : Tensor [N, ...]
    classes : bool, default False
        Whether y [N] holds the numbers of classes.
    groups : array [N], optional
    random_state : int, default 0
    option : str, default "folds"
        What errors call `folds`: a value of their phrases.

    Returns
    -------
    tuple of F pairs (train, test) of Tensor [n] int64

    Raises
    ------
    InputError
        If there are fewer rows, groups or members of a class than folds, or a number out of range.
    """
    if isinstance(folds, bool) or (isinstance(folds, int) and folds < 2):
        raise InputError(
            f"{option}: {folds} is less than 2; one hold-out is a share, as in folds=0.2"
        )
    if isinstance(folds, float) and not 0 < folds < 1:
        raise InputError(f"{option}: {folds} is not a share between 0 and 1")
    labels = y.numpy() if classes else None
    rows = np.zeros((len(y), 1))
    splitter = _splitter(folds, classes, groups, random_state)
    if not isinstance(splitter, Splitter):
        return tuple(_pair(train, test, option) for train, test in splitter)
    if isinstance(folds, int):
        _enough(folds, len(y), labels, groups, option)
    try:
        cuts = list(splitter.split(rows, labels, groups))
    except ValueError as error:
        raise InputError(phrase("folds.error.splitter", option=option, reason=error)) from None
    return tuple(_pair(train, test, option) for train, test in cuts)


def _splitter(folds: Folds, classes: bool, groups: ArrayLike | None, random_state: int) -> Any:
    shuffled = {"shuffle": True, "random_state": random_state}
    if isinstance(folds, int):
        if groups is not None:
            kind = model_selection.StratifiedGroupKFold if classes else model_selection.GroupKFold
        else:
            kind = model_selection.StratifiedKFold if classes else model_selection.KFold
        return kind(folds, **shuffled)
    if isinstance(folds, float):
        if groups is not None:
            return model_selection.GroupShuffleSplit(1, test_size=folds, random_state=random_state)
        kind = model_selection.StratifiedShuffleSplit if classes else model_selection.ShuffleSplit
        return kind(1, test_size=folds, random_state=random_state)
    return folds


def _enough(
    folds: int,
    rows: int,
    labels: NDArray[np.int64] | None,
    groups: ArrayLike | None,
    option: str,
) -> None:
    asked = {"option": option, "folds": folds}
    if folds > rows:
        raise InputError(phrase("folds.error.rows", **asked, rows=rows))
    if groups is not None and folds > (count := len(np.unique(np.asarray(groups)))):
        raise InputError(phrase("folds.error.groups", **asked, groups=count))
    if labels is not None and groups is None:
        values, counts = np.unique(labels, return_counts=True)
        if folds > counts.min():
            rarest = values[counts.argmin()]
            said = {"level": rarest, "rows": counts.min()}
            raise InputError(phrase("folds.error.rare_class", **asked, **said))


def _pair(train: ArrayLike, test: ArrayLike, option: str) -> Split:
    a, b = (np.asarray(side).astype(np.int64) for side in (train, test))
    if not len(b):
        raise InputError(phrase("folds.error.no_judging", option=option))
    return torch.from_numpy(a), torch.from_numpy(b)
