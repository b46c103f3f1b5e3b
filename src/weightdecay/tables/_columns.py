"""What the columns of a table hold, and which of them are left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from weightdecay.tables._notations import in_notation, notation_of

Kind = Literal["number", "category", "date"]
#: Why a column is left out.
Reason = Literal["asked", "group", "index", "missing", "constant", "distinct", "unreadable"]

#: Levels of a category with fewer rows than this are one, "other".
RARE = 10
#: As many levels as a category has at most, the most frequent.
MOST_LEVELS = 30
#: A text column is one of numbers if at least this share of its cells are.
MOSTLY = 0.9
#: Numbers larger than this have no finite square, and count as infinite.
HUGE = 1e100
#: How dates may be written, tried in this order; the first that every cell has is taken.
DATES = (
    "ISO8601",
    *("%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S"),
    *("%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y"),
    *("%Y年%m月%d日", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H:%M:%S"),
)
_NUMBER = r"[+-]?(inf(inity)?|(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)"
#: Without zeros in front, which only codes have.
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"\s*\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}")


@dataclass(frozen=True)
class Column:
    """A column that the network sees, as fixed from the whole table.

    Parameters
    ----------
    name : str
    kind : {"number", "category", "date"}
    missing : bool
        Whether that a cell is missing is a feature of its own: where enough cells are.
    levels : tuple of str
        Of a category: the levels that are not rare, the most frequent first.
    other : bool
        Of a category: whether there are rare levels, which make one together.
    marks : tuple of str
        Of numbers: text that stands for a missing one, such as "?".
    written : str
        Of dates as text: how they are written, one of :data:`DATES`. Of numbers that are not plain:
        one of :data:`~weightdecay.tables._notations.NOTATIONS`.
    clock : bool
        Of dates: whether they have times of day.
    """

    name: str
    kind: Kind
    missing: bool = False
    levels: tuple[str, ...] = ()
    other: bool = False
    marks: tuple[str, ...] = ()
    written: str = ""
    clock: bool = False


@dataclass(frozen=True)
class Dropped:
    """A column that is left out, and why."""

    name: str
    reason: Reason


def column_of(name: str, cells: Any, rare: int) -> Column | Dropped:
    """Say what a column holds.

    Parameters
    ----------
    name : str
    cells : pandas.Series [N]
    rare : int
        Fewer rows than this make a level, or missing cells, rare.
    """
    present = cells.dropna()
    if not len(present):
        return Dropped(name, "missing")
    if not _is_plain(present):
        return Dropped(name, "unreadable")
    if _is_date(cells):
        return _of_dates(name, as_dates(cells, ""), "", rare)
    numbers, marks, written = numbers_of(cells)
    if numbers is not None:
        return _of_numbers(name, numbers, marks, written, rare)
    if written := _written(present):
        return _of_dates(name, as_dates(cells, written), written, rare)
    return _of_levels(name, as_text(cells), rare)


def holds_text(cells: Any) -> bool:
    """Whether a column as read from CSV holds text: no numbers, truth values or dates."""
    present = cells.dropna()
    if pd.api.types.infer_dtype(present, skipna=False) != "string":
        return False
    return numbers_of(cells)[0] is None and not _written(present)


def numbers_of(cells: Any) -> tuple[Any, tuple[str, ...], str]:
    """Return numbers [N] or None, the text that stands for missing ones, and the notation.

    The notation is that of all cells or "", and then numbers and text are those of
    :func:`numbers_and_marks`.
    """
    numbers, marks = numbers_and_marks(cells)
    plain = numbers is not None and not marks
    if plain or isinstance(cells.dtype, pd.CategoricalDtype):
        return numbers, marks, ""
    if written := notation_of(cells.dropna().tolist()):
        read = as_numbers(cells, written)
        # Where nearly all cells are plain numbers, they stay what they are: one 0,5 among them
        # makes no thousand of a 1.234.
        if numbers is None or (np.isnan(numbers) | (numbers == read)).all():
            return read, (), written
    return numbers, marks, ""


def numbers_and_marks(cells: Any) -> tuple[Any, tuple[str, ...]]:
    """Return numbers [N], NaN where none is, and the text that stands for missing ones.

    None in the place of the numbers if the column holds none, or too much else.
    """
    if pd.api.types.is_bool_dtype(cells.dtype) or isinstance(cells.dtype, pd.CategoricalDtype):
        return None, ()
    if pd.api.types.is_timedelta64_dtype(cells.dtype):
        return (cells / pd.Timedelta(days=1)).to_numpy(float, na_value=np.nan), ()
    if pd.api.types.is_numeric_dtype(cells.dtype):
        if pd.api.types.is_complex_dtype(cells.dtype):
            return None, ()
        return _finite(cells.to_numpy(dtype=float, na_value=np.nan)), ()
    if cells.map(lambda cell: isinstance(cell, bool)).any():
        return None, ()
    present = cells.notna()
    numbers = as_numbers(cells)
    text = present & np.isnan(numbers)
    said = cells[text].astype(str)
    # Infinity is a number written out, if not one to reckon with.
    odd = said[~said.str.strip().str.fullmatch(_NUMBER, case=False)]
    if len(odd) > (1 - MOSTLY) * present.sum() or odd.nunique() > 5:
        return None, ()
    return numbers, tuple(sorted(odd.str.strip().unique().tolist()))


def as_numbers(cells: Any, written: str = "") -> Any:
    """Return numbers [N]; NaN where a cell is missing, infinite, no number or not so written."""
    if written:
        return _finite(in_notation(cells, written))
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return _finite(cells.to_numpy(dtype=float, na_value=np.nan))
    if pd.api.types.is_timedelta64_dtype(cells.dtype):
        return (cells / pd.Timedelta(days=1)).to_numpy(float, na_value=np.nan)
    numbers = pd.to_numeric(cells.astype(object), errors="coerce")
    return _finite(numbers.to_numpy(dtype=float, na_value=np.nan))


def as_dates(cells: Any, written: str) -> Any:
    """Return days since 1970 [N]; NaN where a cell is missing or not so written."""
    if not _is_date(cells):
        options = {"format": written or "ISO8601", "utc": True, "errors": "coerce"}
        cells = pd.to_datetime(cells.astype("string").str.strip().astype(object), **options)
    if cells.dt.tz is not None:
        cells = cells.dt.tz_convert("UTC").dt.tz_localize(None)
    seconds = cells.to_numpy("datetime64[s]")
    days = seconds.astype(np.int64) / 86_400
    return np.where(np.isnat(seconds), np.nan, days)


def as_text(cells: Any) -> Any:
    """Return cells as text [N], None where missing; whole numbers without a decimal point."""

    def text(cell: Any) -> Any:
        if cell is None or cell is pd.NaT or cell is pd.NA or cell != cell:
            return None
        if isinstance(cell, float | np.floating) and float(cell).is_integer():
            return str(int(cell))
        return str(cell).strip()

    # Not `map`: on a categorical column it maps the categories, and misses the gaps.
    return np.array([text(cell) for cell in cells.astype(object)], dtype=object)


def as_levels(cells: Any, levels: Sequence[str]) -> Any:
    """Return cells as text [N]; one that is a level otherwise written is that level.

    1 and True are 1.0 and TRUE in another file. 01 is no 1 but a code.
    """
    text = as_text(cells)
    known = {*levels, None}
    for other in {*text.tolist()} - known:
        if (level := _plain(other)) in known:
            text[text == other] = level
    return text


def _plain(text: str) -> str:
    if text.lower() in ("true", "false"):
        return text.capitalize()
    if not _DECIMAL.fullmatch(text):
        return text
    return str(int(text.partition(".")[0])) if float(text).is_integer() else str(float(text))


def distinct_levels(text: Sequence[str | None]) -> dict[str, int]:
    """How many rows each level has, the most frequent first, then by name."""
    levels, counts = np.unique([t for t in text if t is not None], return_counts=True)
    order = sorted(zip(levels.tolist(), counts.tolist(), strict=True), key=lambda x: (-x[1], x[0]))
    return dict(order)


def _of_numbers(
    name: str, numbers: Any, marks: tuple[str, ...], written: str, rare: int
) -> Column | Dropped:
    known = numbers[~np.isnan(numbers)]
    lost = len(numbers) - len(known)
    if not len(known):
        return Dropped(name, "missing")
    if known.min() == known.max() and lost < rare:
        return Dropped(name, "constant")
    return Column(name, "number", missing=lost >= rare, marks=marks, written=written)


def _of_dates(name: str, days: Any, written: str, rare: int) -> Column | Dropped:
    known = days[~np.isnan(days)]
    if not len(known):
        return Dropped(name, "missing")
    if known.min() == known.max():
        return Dropped(name, "constant")
    clock = bool((known % 1 != 0).any())
    missing = len(days) - len(known) >= rare
    return Column(name, "date", missing=missing, written=written, clock=clock)


def _of_levels(name: str, text: Any, rare: int) -> Column | Dropped:
    counts = distinct_levels(text)
    lost = sum(cell is None for cell in text)
    if len(counts) == 1 and lost < rare:
        return Dropped(name, "constant")
    levels = tuple([level for level, count in counts.items() if count >= rare][:MOST_LEVELS])
    if not levels:
        return Dropped(name, "distinct")
    return Column(name, "category", lost >= rare, levels, other=len(counts) > len(levels))


def _finite(numbers: Any) -> Any:
    return np.where(np.abs(numbers) < HUGE, numbers, np.nan)


def _is_date(cells: Any) -> bool:
    return bool(pd.api.types.is_datetime64_any_dtype(cells.dtype))


def _is_plain(present: Any) -> bool:
    """Whether cells are scalars: Parquet can hold lists, records and bytes."""
    if pd.api.types.is_complex_dtype(present.dtype):
        return False
    if present.dtype != object:
        return True
    return not present.map(lambda cell: isinstance(cell, bytes | list | dict | np.ndarray)).any()


def _written(present: Any) -> str:
    """How dates are written in a text column; "" if it holds others than dates."""
    text = present.astype(str)
    if not text.map(lambda cell: bool(_DATE.match(cell))).all():
        return ""
    for written in DATES:
        if not np.isnan(as_dates(present, written)).any():
            return written
    return ""
