"""What is to be predicted: a number or a class."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weightdecay.language import shown
from weightdecay.tables._columns import (
    as_levels,
    as_numbers,
    as_text,
    distinct_levels,
    numbers_and_marks,
    numbers_of,
)
from weightdecay.tables._gaps import How
from weightdecay.tables._wrong import wrong

Task = Literal["regression", "binary", "multiclass"]
#: Whole numbers with at most this many different values are taken for classes.
FEW = 10
#: More classes than this are no classes.
MOST_CLASSES = 100
#: Rows that a class must have, to be on both sides of a fold.
LEAST_ROWS = 2


@dataclass(frozen=True)
class Target:
    """The column to be predicted.

    Parameters
    ----------
    name : str
    task : {"regression", "binary", "multiclass"}
    classes : tuple of str
        Of a classification, in their order.
    mean, scale : float
        Of a regression: networks learn (y − mean)/scale, a mere change of units.
    written : str
        Of a regression: the notation of its numbers, as of a column.
    marks : tuple of str
        Text that stands for a missing number, as of a column. Of classes that are numbers only
        signs such as "?" are: a word may be a class.
    """

    name: str
    task: Task
    classes: tuple[str, ...] = ()
    mean: float = 0.0
    scale: float = 1.0
    written: str = ""
    marks: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """Q of the network: two classes have one logit."""
        return len(self.classes) if self.task == "multiclass" else 1

    @property
    def loss(self) -> str:
        losses = {
            "regression": "mse",
            "binary": "binary_cross_entropy",
            "multiclass": "cross_entropy",
        }
        return losses[self.task]

    @property
    def notations(self) -> dict[str, str]:
        """As of a layout."""
        return {self.name: self.written} if self.written else {}

    @property
    def reading(self) -> How:
        """How CSV is read, as of a layout."""
        if self.task == "regression":
            return "written" if self.written else "plain"
        return "written" if {*self.classes} <= {"True", "False"} else "text"

    def encode(self, cells: Any) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return what networks learn [N], and whether each row [N] has it.

        A class is its number; rows without a known target have 0, and False.
        """
        if self.task == "regression":
            if self.written:
                numbers = as_numbers(cells, self.written)
            else:
                numbers, _ = numbers_and_marks(cells)
            if numbers is None:
                numbers = np.full(len(cells), np.nan)
            known = ~np.isnan(numbers)
            return np.where(known, (numbers - self.mean) / self.scale, 0.0), known
        number = {name: k for k, name in enumerate(self.classes)}
        text, numbers = as_levels(cells, self.classes), as_text(pd.Series(as_numbers(cells)))
        # 1 may be written 01: as a number it is the same.
        both = zip(text, numbers, strict=True)
        found = np.array([number.get(level, number.get(value, -1)) for level, value in both])
        return np.maximum(found, 0), found >= 0


def target_of(name: str, cells: Any, task: str | None, place: str) -> Target:
    """Say what a column is as a target.

    Parameters
    ----------
    name : str
    cells : pandas.Series [N]
    task : {"regression", "classification"}, optional
        Guessed if not given: text, truth values, two values, and at most :data:`FEW` different
        whole numbers are classes.
    place : str

    Raises
    ------
    InputError
        If it has one value only, too many classes or one with a single row, or is no number though
        `task` says so.
    """
    where = {"place": place, "name": shown(name)}
    numbers, marks, written = numbers_of(cells)
    if task == "regression" and numbers is None:
        raise wrong("target_text", "--target", remedy="--task classification", **where)
    if task is None:
        task = "classification" if numbers is None or _are_classes(numbers) else "regression"
    if task == "regression":
        assert numbers is not None
        return replace(_of_numbers(name, numbers[~np.isnan(numbers)], written, where), marks=marks)
    text = as_text(cells)
    marks = tuple(mark for mark in marks if not any(map(str.isalnum, mark)))
    if marks:
        # Next to a mark, 1.0 is text: with no mark it were a number, and 1.
        assert numbers is not None
        text = np.where(np.isnan(numbers), text, as_text(pd.Series(numbers)))
        text[[level in marks for level in text]] = None
    counts = distinct_levels(text)
    if len(counts) < 2:
        raise wrong("target_constant", "--target", **where)
    if len(counts) > MOST_CLASSES:
        if numbers is None:
            raise wrong("target_text_distinct", "--target", **where, count=len(counts))
        said = {**where, "count": len(counts), "remedy": "--task regression"}
        raise wrong("target_distinct", "--target", **said)
    rarest = min(counts, key=lambda level: counts[level])
    if counts[rarest] < LEAST_ROWS:
        raise wrong("rare_class", "--target", **where, level=shown(rarest))
    kind: Task = "binary" if len(counts) == 2 else "multiclass"
    return Target(name, kind, tuple(sorted(counts, key=_in_order)), marks=marks)


def _of_numbers(name: str, known: Any, written: str, where: dict[str, Any]) -> Target:
    if not len(known):
        raise wrong("target_missing", "--target", **where)
    scale = float(known.std())
    if not scale > 1e-12 * np.abs(known).max():
        raise wrong("target_constant", "--target", **where)
    mean = float(known.mean())
    return Target(name, "regression", mean=mean, scale=scale, written=written)


def _are_classes(numbers: Any) -> bool:
    values = np.unique(numbers[~np.isnan(numbers)])
    return len(values) == 2 or (
        len(values) <= FEW and bool((values % 1 == 0).all()) and 5 * len(values) <= len(numbers)
    )


def _in_order(level: str) -> tuple[int, float, str]:
    """Numbers by size, then text by name."""
    try:
        return 0, float(level), level
    except ValueError:
        return 1, 0.0, level
