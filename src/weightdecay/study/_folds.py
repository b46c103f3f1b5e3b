"""Which rows train and which judge."""

from collections.abc import Iterable, Iterator
from numbers import Integral, Real
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn import model_selection
from torch import Tensor

from weightdecay.errors import InputError
from weightdecay.language import first_line, phrase, shown
from weightdecay.study._whole import whole

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
    X: Any = None,
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
        numbers, or of masks [N].
    y : Tensor [N, ...]
    X : array, table or Tensor [N, ...], optional
        What a splitter is given beside y: zeros if not given.
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
        If there are fewer rows, groups or members of a class than folds, a number is out of range,
        `random_state` is no whole number, pairs hold neither row numbers nor masks, or groups are
        not as many as rows.
    """
    number, random_state = _number(folds), whole("random_state", random_state)
    if isinstance(number, bool) or (isinstance(number, int) and number < 2):
        raise InputError(
            f"{option}: {folds} is less than 2; one hold-out is a share, as in folds=0.2"
        )
    if isinstance(number, float) and not 0 < number < 1:
        raise InputError(f"{option}: {folds} is not a share between 0 and 1")
    named = None if groups is None else group_names(groups, len(y))
    if _is_splitter(folds):
        given = np.zeros((len(y), 1)) if X is None else _as_array(X)
        column = y.flatten() if y.numel() == len(y) else y
        splitter: Any = folds
        cuts = _cuts(splitter, given, _as_array(column), named, option)
    elif number is not None:
        labels = y.numpy() if classes else None
        if isinstance(number, int):
            _enough(number, len(y), labels, named, option)
        splitter = _splitter(number, classes, named is not None, random_state)
        cuts = _cuts(splitter, np.zeros((len(y), 1)), labels, named, option)
    else:
        cuts = _given(folds, option)
    return tuple(_pair(train, test, len(y), option) for train, test in cuts)


def repeatable(folds: Any) -> Any:
    """Return `folds` that are the same each time they are gone through.

    A generator is through after once, and a splitter that shuffles without a seed cuts anew.
    """
    if isinstance(folds, Iterator):
        return _given(folds, "folds")
    return _Once(folds) if _is_splitter(folds) else folds


class _Once:
    """A splitter that keeps what it cut first, for rows that stay the same."""

    def __init__(self, splitter: Splitter) -> None:
        self._splitter = splitter
        self._pairs: list[Any] | None = None

    def split(self, X: Any, y: Any = None, groups: Any = None) -> list[Any]:
        if self._pairs is None:
            self._pairs = list(self._splitter.split(X, y, groups))
        return self._pairs


def _is_splitter(folds: Any) -> bool:
    # Text and tensors can be split, too.
    return isinstance(folds, Splitter) and not isinstance(folds, str | Tensor)


def group_names(groups: ArrayLike, rows: int) -> NDArray[Any]:
    """Return the name of each row's group, an array [N].

    Raises
    ------
    InputError
        If there is not one for each row, or they cannot be told apart by sorting.
    """
    try:
        names: NDArray[Any] = np.asarray(groups)
        np.unique(names)
    except ValueError as error:
        raise InputError(f"groups: {first_line(error)}") from None
    except TypeError:  # None, or names beside numbers
        raise InputError(
            "groups: they cannot be sorted; give numbers or names, of one kind, to all rows"
        ) from None
    if names.shape not in ((rows,), (rows, 1)):
        raise InputError(f"groups: their shape is {list(names.shape)}, not [{rows}]")
    return names.reshape(rows)


def _cuts(
    splitter: Splitter, X: Any, y: Any, groups: NDArray[Any] | None, option: str
) -> list[tuple[ArrayLike, ArrayLike]]:
    try:
        return list(splitter.split(X, y, groups))
    except ValueError as error:
        raise InputError(phrase("folds.error.splitter", option=option, reason=error)) from None


def _given(folds: Any, option: str) -> list[tuple[ArrayLike, ArrayLike]]:
    try:
        return [(train, test) for train, test in folds]
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{option}: {shown(folds)} is no number, no splitter and no list of pairs (train, "
            f"test): {first_line(error)}"
        ) from None


def _as_array(values: Any) -> Any:
    """A tensor as an array, which is what scikit-learn takes."""
    if not isinstance(values, Tensor):
        return values
    return (values.float() if values.dtype == torch.bfloat16 else values).numpy(force=True)


def _number(folds: Any) -> int | float | None:
    """A number as Python's own, whoever's it is; None of what is none."""
    if isinstance(folds, bool | np.bool_):
        return bool(folds)
    if isinstance(folds, Integral):
        return int(folds)
    return float(folds) if isinstance(folds, Real) else None


def _splitter(folds: int | float, classes: bool, grouped: bool, random_state: int) -> Any:
    shuffled = {"shuffle": True, "random_state": random_state}
    if isinstance(folds, int):
        if grouped:
            kind = model_selection.StratifiedGroupKFold if classes else model_selection.GroupKFold
        else:
            kind = model_selection.StratifiedKFold if classes else model_selection.KFold
        return kind(folds, **shuffled)
    if grouped:
        return model_selection.GroupShuffleSplit(1, test_size=folds, random_state=random_state)
    kind = model_selection.StratifiedShuffleSplit if classes else model_selection.ShuffleSplit
    return kind(1, test_size=folds, random_state=random_state)


def _enough(
    folds: int,
    rows: int,
    labels: NDArray[np.int64] | None,
    groups: NDArray[Any] | None,
    option: str,
) -> None:
    asked = {"option": option, "folds": folds}
    if folds > rows:
        raise InputError(phrase("folds.error.rows", **asked, rows=rows))
    if groups is not None and folds > (count := len(np.unique(groups))):
        raise InputError(phrase("folds.error.groups", **asked, groups=count))
    if labels is not None and groups is None:
        values, counts = np.unique(labels, return_counts=True)
        if folds > counts.min():
            rarest = values[counts.argmin()]
            said = {"level": rarest, "rows": counts.min()}
            raise InputError(phrase("folds.error.rare_class", **asked, **said))


def _pair(train: ArrayLike, test: ArrayLike, rows: int, option: str) -> Split:
    a, b = (_numbers(side, rows, option) for side in (train, test))
    if not len(b):
        raise InputError(phrase("folds.error.no_judging", option=option))
    return torch.from_numpy(a), torch.from_numpy(b)


def _numbers(side: ArrayLike, rows: int, option: str) -> NDArray[np.int64]:
    """Return the row numbers of a side of a fold; of a mask, those where it is true."""
    try:
        given = np.asarray(side)
    except ValueError as error:  # lists of several lengths
        raise InputError(f"{option}: {first_line(error)}") from None
    if given.dtype == bool:
        if given.shape != (rows,):
            raise InputError(f"{option}: a mask has the shape {list(given.shape)}, not [{rows}]")
        return np.flatnonzero(given)
    if given.size and (given.dtype.kind not in "iu" or given.ndim != 1):
        raise InputError(
            f"{option}: a fold holds {given.dtype} of the shape {list(given.shape)}; give lists of "
            "row numbers, or masks"
        )
    return given.ravel().astype(np.int64)
