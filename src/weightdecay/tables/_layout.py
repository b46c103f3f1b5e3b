"""From the columns of a table to the inputs of a network, always as many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from weightdecay.errors import InputError
from weightdecay.language import phrase, shown
from weightdecay.tables._columns import (
    RARE,
    Column,
    Dropped,
    as_dates,
    as_levels,
    as_numbers,
    column_of,
)
from weightdecay.tables._gaps import How

#: Of a table with few rows, at most this share makes a level rare.
RARE_SHARE = 0.05


@dataclass(frozen=True)
class Layout:
    """Which columns are read, and what is made of each: fixed from the whole table, not fitted.

    Only names and levels are fixed here, so that each fold has the same columns. What is estimated
    (medians, means, scales) is left to :func:`~weightdecay.tables._scaling.scaling`, fold by fold.
    """

    columns: tuple[Column, ...]

    @property
    def numbers(self) -> int:
        """How many features, which come first, are numbers; the others are 0 or 1."""
        return sum(len(_number_features(column)) for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The features [P]."""
        numbers = [name for column in self.columns for name in _number_features(column)]
        return (*numbers, *(name for column in self.columns for name in _indicators(column)))

    @property
    def notations(self) -> dict[str, str]:
        """By column, the notation of numbers that are not plain."""
        return {c.name: c.written for c in self.columns if c.kind == "number" and c.written}

    @property
    def readings(self) -> dict[str, How]:
        """By column, how CSV is read, so that a cell is the same whatever is in other rows."""
        return {column.name: _how(column) for column in self.columns}

    def features(self, frame: Any) -> NDArray[np.float64]:
        """Return features [N, P], NaN where a number is missing.

        Parameters
        ----------
        frame : pandas.DataFrame [N, ...]
            With all of the columns; others are not looked at.
        """
        made = np.empty((len(frame), len(self.names)))
        number, indicator = 0, self.numbers
        for column in self.columns:
            first, second = _made(column, frame[column.name])
            for value in first:
                made[:, number] = value
                number += 1
            for value in second:
                made[:, indicator] = value
                indicator += 1
        return made


def layout_of(frame: Any, left_out: Sequence[Dropped]) -> tuple[Layout, tuple[Dropped, ...]]:
    """Say what every column of a table holds; also, which are left out, those of `left_out` too."""
    names = {dropped.name for dropped in left_out}
    rare = max(2, min(RARE, int(RARE_SHARE * len(frame))))
    found = [column_of(name, frame[name], rare) for name in frame.columns if name not in names]
    columns = tuple(column for column in found if isinstance(column, Column))
    return Layout(columns), (*left_out, *(part for part in found if isinstance(part, Dropped)))


class Met(NamedTuple):
    """What new rows hold that the fit's did not, or not there: by column, in how many rows.

    Parameters
    ----------
    unseen : dict of str to int
        Levels of a category that the fit has not seen.
    missing : dict of str to int
        Missing or infinite numbers and missing dates, which the median of the fit's rows replaces.
    """

    unseen: dict[str, int]
    missing: dict[str, int]


def check(layout: Layout, frame: Any, place: str) -> Met:
    """Check the columns of new rows against those that were fitted.

    Raises
    ------
    InputError
        If a column is missing, or holds text where numbers or dates were, or numbers in another
        notation.
    """
    unseen, missing = {}, {}
    for column in layout.columns:
        name = shown(column.name)
        if column.name not in frame.columns:
            known = ", ".join(shown(c.name) for c in layout.columns[:20])
            raise InputError(phrase("table.error.lost", place=place, name=name, names=known))
        cells = frame[column.name]
        if column.kind == "category":
            if not column.other:
                text = as_levels(cells, column.levels)
                new = sum(t is not None and t not in column.levels for t in text)
                unseen[column.name] = int(new)
            continue
        number = column.kind == "number"
        made = (as_numbers if number else as_dates)(cells, column.written)
        missing[column.name] = int(np.isnan(made).sum())
        present = cells.notna().to_numpy() & np.isnan(made)
        for row in np.flatnonzero(present):
            cell = cells.iloc[row]
            where = {"place": place, "name": name, "row": int(row) + 1, "cell": shown(cell, 40)}
            if number and column.written:
                raise InputError(
                    phrase("table.error.not_notation", **where, example=column.written)
                )
            if number and (isinstance(cell, float | int) or _is_known(str(cell), column.marks)):
                continue
            key = "not_number" if number else "not_date"
            raise InputError(phrase(f"table.error.{key}", **where))
    return Met(*({name: n for name, n in met.items() if n} for met in (unseen, missing)))


def _how(column: Column) -> How:
    if column.kind == "category":
        truths = not column.other and {*column.levels} <= {"True", "False"}
        return "written" if truths else "text"
    return "written" if column.kind == "date" or column.written else "plain"


def _is_known(cell: str, marks: tuple[str, ...]) -> bool:
    try:
        float(cell)  # infinite or huge: a number, if not one to reckon with
    except ValueError:
        return cell.strip() in marks
    return True


def _number_features(column: Column) -> list[str]:
    if column.kind == "category":
        return []
    if column.kind == "number":
        return [column.name]
    cycles = ["year", "week", *(["day"] if column.clock else [])]
    waves = [f"{wave} of {cycle}" for cycle in cycles for wave in ("sine", "cosine")]
    return [column.name, *(f"{column.name}: {wave}" for wave in waves)]


def _indicators(column: Column) -> list[str]:
    made = [f"{column.name} = {level}" for level in column.levels]
    if column.other:
        made.append(f"{column.name}: other")
    if column.missing:
        made.append(f"{column.name}: missing")
    return made


def _made(column: Column, cells: Any) -> tuple[list[Any], list[Any]]:
    """The features of a column that are numbers, and those that are 0 or 1."""
    if column.kind == "category":
        text = as_levels(cells, column.levels)
        made = [text == level for level in column.levels]
        lost = np.array([cell is None for cell in text])
        known = [*made, lost] if column.missing else made
        if column.other:
            made.append(~np.any(known, axis=0))
        return [], [*made, lost] if column.missing else made
    if column.kind == "number":
        values = [as_numbers(cells, column.written)]
    else:
        days = as_dates(cells, column.written)
        # 1970 began on a Thursday; any day of a cycle may be its zero.
        periods = [365.2425, 7.0, *([1.0] if column.clock else [])]
        turns = [2 * np.pi * (np.floor(days) if p > 1 else days) / p for p in periods]
        values = [days, *(wave(turn) for turn in turns for wave in (np.sin, np.cos))]
    return values, [np.isnan(values[0])] if column.missing else []
