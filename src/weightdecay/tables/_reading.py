"""From the name of a file, or of an embedded table, to a data frame."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from weightdecay.language import shown
from weightdecay.tables._embedded import EMBEDDED, embedded
from weightdecay.tables._gaps import How, gaps, with_words
from weightdecay.tables._wrong import wrong

#: What separates columns, the more usual first.
SEPARATORS = (",", ";", "\t", "|")
#: What pandas calls an index without a name in Parquet, and others take for a column.
_LOST_INDEX = re.compile(r"__index_level_\d+__")
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+(,\d+)?([eE][+-]?\d+)?\s*")


@dataclass(frozen=True)
class Source:
    """A table as it was read.

    Parameters
    ----------
    name : str
        Of the table, without folder and ending.
    place : str
        What messages call it.
    frame : pandas.DataFrame [N, columns]
        Every column by a name of its own.
    embedded : bool
        Whether it is one of :data:`EMBEDDED`.
    index : tuple of str
        Which columns tell rows apart and have no name in the file: row numbers, as many programs
        write them. They tell where a row stood, and in a sorted table that is its target.
    marks : mapping of str to tuple of str
        By column of text in CSV: the words that have been taken for a missing value, such as NA.
    """

    name: str
    place: str
    frame: Any
    embedded: bool = False
    index: tuple[str, ...] = ()
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read(data: str | Path, fitted: Mapping[str, How] | None = None) -> Source:
    """Read a CSV or Parquet file, or an embedded table.

    CSV may be separated by commas, semicolons, tabs or bars (whichever cuts the header into most
    columns), in UTF-8 or, with a byte order mark, UTF-16. Every row must have as many fields as the
    header: a row that has not is an error, not a row with gaps.

    Empty cells and words such as NA, N/A, null and NaN are missing values. None is one among
    numbers, dates and truth values, and in a column of text a word like any other.

    Parameters
    ----------
    data : str or Path
        A file goes before an embedded table of the same name.
    fitted : mapping of str to str, optional
        By column, how a fit wants the cells of CSV read: what a 01, a 1.234 or a None is, only
        the fit's rows can tell, and not those that happen to be in this file.

    Raises
    ------
    InputError
        If there is nothing that can be read there; the message says what is wrong, and where.
    """
    marks: Mapping[str, tuple[str, ...]] = {}
    path = Path(data)
    if str(data) in EMBEDDED and not path.is_file():
        return Source(str(data), str(data), embedded(str(data)), embedded=True)
    place = shown(data)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        known = ", ".join(EMBEDDED)
        raise wrong("no_file", "DATA", place=place, names=known) from None
    except IsADirectoryError:
        raise wrong("folder", "DATA", place=place) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise wrong("unreadable", "DATA", place=place, reason=reason) from None
    if path.suffix.lower() in (".parquet", ".pq") or content[:4] == b"PAR1":
        frame, index = _parquet(content, place)
    else:
        frame, index, marks = _csv(content, place, fitted)
    if frame.shape[1] == 0 or not len(frame):
        raise wrong("no_rows", "DATA", place=place)
    return Source(path.stem, place, frame, index=index, marks=marks)


def _parquet(content: bytes, place: str) -> tuple[Any, tuple[str, ...]]:
    import pyarrow as pa

    try:
        frame = pd.read_parquet(io.BytesIO(content), engine="pyarrow")
    except (pa.ArrowException, OSError, ValueError, TypeError, NotImplementedError):
        raise wrong("parquet", "DATA", place=place) from None
    frame, index = _with_index(frame)
    return frame.set_axis(_names([str(name) for name in frame.columns], place), axis=1), index


def _with_index(frame: Any) -> tuple[Any, tuple[str, ...]]:
    """Make columns of an index that is more than a count; return also which have no name."""
    stray = tuple(name for name in map(str, frame.columns) if _LOST_INDEX.fullmatch(name))
    if isinstance(frame.index, pd.RangeIndex):
        return frame.reset_index(drop=True), stray
    taken = {*map(str, frame.columns), *map(str, frame.index.names)}
    free = (name for k in count(1) if (name := f"index {k}" if k > 1 else "index") not in taken)
    unnamed = [next(free) if name is None else "" for name in frame.index.names]
    names = [new or name for new, name in zip(unnamed, frame.index.names, strict=True)]
    # Duplicates are for the caller to refuse, as in CSV.
    columns = frame.reset_index(names=names, allow_duplicates=True)
    return columns, (*filter(None, unnamed), *stray)


def _csv(
    content: bytes, place: str, fitted: Mapping[str, How] | None
) -> tuple[Any, tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    text = _decoded(content, place)
    if not text.strip():
        raise wrong("empty", "DATA", place=place)
    # A cell may be longer than csv allows by default.
    limit = csv.field_size_limit(len(text) + 1)
    try:
        separator = _separator(text)
        header, body = _checked(text, separator, place)
    except csv.Error as error:
        raise wrong("csv", "DATA", place=place, reason=shown(error)) from None
    finally:
        csv.field_size_limit(limit)
    names = _names(header, place)
    how: dict[str, How] = {name: (fitted or {}).get(name, "plain") for name in names}

    def parsed(**options: Any) -> Any:
        return pd.read_csv(
            io.StringIO(body, newline=""),
            sep=separator,
            header=None,
            names=names,
            index_col=False,
            keep_default_na=False,
            skipinitialspace=True,
            low_memory=False,
            **options,
        )

    def as_written(columns: Sequence[str]) -> Any:
        return parsed(usecols=columns, dtype="str")

    try:
        frame = parsed(
            dtype={name: "str" for name in names if how[name] != "plain"},
            na_values={name: gaps(how[name]) for name in names},
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, OverflowError, ValueError) as error:
        if isinstance(error, pd.errors.EmptyDataError):
            raise wrong("no_rows", "DATA", place=place) from None
        raise wrong("csv", "DATA", place=place, reason=shown(error)) from None
    if separator != ",":
        for name in frame.columns:
            if not _is_number(frame[name]) and how[name] == "plain":
                frame[name] = _with_decimal_comma(frame[name])
    marks: Mapping[str, tuple[str, ...]] = {}
    if fitted is None:
        frame, marks = with_words(frame, as_written)
    unnamed = not header[0].strip() and _tells_rows(frame)
    return frame, tuple(names[:1]) if unnamed else (), marks


def _decoded(content: bytes, place: str) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise wrong("encoding", "DATA", place=place, line=line) from None


def _separator(text: str) -> str:
    """The separator that cuts the header into most columns."""
    header = next(line for line in text.splitlines() if line.strip())
    counts = {sep: len(next(csv.reader([header], delimiter=sep))) for sep in SEPARATORS}
    return max(SEPARATORS, key=lambda sep: counts[sep])


def _checked(text: str, separator: str, place: str) -> tuple[list[str], str]:
    """The header's fields, and the text below it, all of whose rows have as many."""
    stream = io.StringIO(text, newline="")
    reader = csv.reader(iter(stream.readline, ""), delimiter=separator, skipinitialspace=True)
    header: list[str] = []
    begin = 0
    for fields in reader:
        blank = not fields or (len(fields) == 1 and not fields[0].strip())
        if not header:
            if not blank:
                header, begin = fields, stream.tell()
        elif len(fields) != len(header) and not blank:
            where = {"line": reader.line_num, "fields": len(fields), "columns": len(header)}
            raise wrong("ragged", "DATA", place=place, **where)
    return header, text[begin:]


def _names(header: list[str], place: str) -> list[str]:
    """A name for each column: what stands in the header, or its number where nothing does."""
    names = [name.strip() or f"column {k}" for k, name in enumerate(header, 1)]
    name, times = Counter(names).most_common(1)[0] if names else ("", 0)
    if times > 1:
        raise wrong("twice", "DATA", place=place, name=shown(name))
    return names


def _is_number(column: Any) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column.dtype))


def _with_decimal_comma(column: Any) -> Any:
    """Return numbers where every cell is one written with a comma, as where semicolons separate."""
    cells = column.dropna().astype(str)
    if not len(cells) or not cells.map(lambda cell: bool(_DECIMAL_COMMA.fullmatch(cell))).all():
        return column
    return pd.to_numeric(column.astype("string").str.replace(",", ".", regex=False).astype(object))


def _tells_rows(frame: Any) -> bool:
    """Whether the first column has a whole number of its own for each row, in whatever order."""
    first = pd.to_numeric(frame.iloc[:, 0], errors="coerce")
    return bool((first % 1 == 0).all() and first.is_unique)
