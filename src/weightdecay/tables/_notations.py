"""Numbers as people write them: with groups of three digits, a decimal comma or a unit."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: What may stand before or behind all numbers of a column. It is dropped: 12.3 % is 12.3.
UNITS = ("%", "€", "$", "£", "¥", "元")
#: What stands between groups of three digits, and what before decimals.
SEPARATORS = ((",", "."), (".", ","), (" ", "."), (" ", ","))

#: Characters that are typed for one another.
_ALIKE = str.maketrans(
    {"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-", "％": "%", "￥": "¥"}
)
#: Who numbers companies, people or telephones writes as many digits for each, often in threes.
_CODE = re.compile(r"[0-9]{1,3}([ .][0-9]{3})+")
_LEAST_OF_CODE = 9


@dataclass(frozen=True)
class Notation:
    """A way in which all numbers of a column are written.

    Parameters
    ----------
    grouping, decimal : str
        One of :data:`SEPARATORS`. Neither need occur in a number.
    unit : str
        One of :data:`UNITS`, which every number then has; "" if none has one.
    """

    grouping: str
    decimal: str
    unit: str = ""

    @property
    def example(self) -> str:
        """How 1234.5 is written."""
        number = f"1{self.grouping}234{self.decimal}5"
        return f"{number} {self.unit}" if self.unit in ("%", "€", "元") else f"{self.unit}{number}"

    def value(self, cell: Any) -> float:
        """Return the number that a cell holds; NaN if it is missing or otherwise written.

        A number that is none of text is itself, unless a unit is asked for: 0.12 may be 12 %.
        """
        if not isinstance(cell, str):
            plain = isinstance(cell, Real) and not isinstance(cell, bool) and not self.unit
            return float(cell) if plain else math.nan
        text = cell.translate(_ALIKE).strip()
        if not self._pattern.fullmatch(text):
            return math.nan
        for mark in filter(None, (self.unit, self.grouping, " ")):
            text = text.replace(mark, "")
        return float(text.replace(self.decimal, "."))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        grouping, decimal, unit = map(re.escape, (self.grouping, self.decimal, self.unit))
        # No number has a zero in front of other digits: what has is a code.
        grouped = rf"[1-9][0-9]{{0,2}}(?:{grouping}[0-9]{{3}})+(?:{decimal}[0-9]+)?"
        whole = r"(?:0|[1-9][0-9]*)"
        number = rf"(?:{grouped}|{whole}|{whole}?{decimal}[0-9]+)"
        if not unit:
            return re.compile(rf"[+-]?{number}")
        before = rf"(?:[+-]?{unit} ?|{unit} ?[+-]){number}"
        return re.compile(rf"{before}|[+-]?{number} ?{unit}")


#: Every notation by its example; of two that read a column alike, the first is taken.
NOTATIONS = {
    notation.example: notation
    for notation in (Notation(*marks, unit) for unit in ("", *UNITS) for marks in SEPARATORS)
}


def notation_of(cells: Sequence[Any]) -> str:
    """Say in which notation all cells are written.

    Where several can be meant, it is that of the largest numbers: what can be groups is groups. Of
    percentages it is that of the smallest, since they have decimals more often than thousands.

    Parameters
    ----------
    cells : sequence of N
        None of them missing.

    Returns
    -------
    str
        One of :data:`NOTATIONS`; "" if it is none, or cells are codes rather than numbers.
    """
    if not all(isinstance(cell, str) for cell in cells):
        return ""
    sizes = {}
    for example, notation in NOTATIONS.items():
        if all(not math.isnan(notation.value(cell)) for cell in cells):
            size = math.fsum(abs(notation.value(cell)) for cell in cells)
            sizes[example] = -size if notation.unit == "%" else size
    return max(sizes, key=sizes.__getitem__) if sizes and not _are_codes(cells) else ""


def in_notation(cells: Any, written: str) -> NDArray[np.float64]:
    """Return numbers [N]; NaN where a cell is missing or not so written."""
    notation = NOTATIONS[written]
    return np.array([notation.value(cell) for cell in cells.astype(object)], dtype=np.float64)


def _are_codes(cells: Sequence[str]) -> bool:
    plain = [cell.translate(_ALIKE).strip() for cell in cells]
    lengths = {sum(map(str.isdigit, cell)) for cell in plain if _CODE.fullmatch(cell)}
    return len(lengths) == 1 and max(lengths) >= _LEAST_OF_CODE and all(map(_CODE.fullmatch, plain))
