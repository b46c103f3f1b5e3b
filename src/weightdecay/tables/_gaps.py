"""Which cells of CSV hold nothing: empty ones, and words that stand for a missing value."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from weightdecay.tables._columns import holds_text

#: How cells are read: "plain" ones as numbers where all are, others as they are "written"; so is
#: "text", and in it :data:`WORDS` are no gaps.
How = Literal["plain", "written", "text"]

#: What stands for a missing value: pandas' own list, written out lest it change.
GAPS = frozenset(
    {
        *("", "NA", "N/A", "n/a", "<NA>", "#N/A", "#N/A N/A", "#NA", "NULL", "null", "None"),
        *("nan", "-nan", "NaN", "-NaN", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"),
    }
)
#: Of these, what is a level or a class like any other in a column of text.
WORDS = frozenset({"None"})


def gaps(how: How) -> list[str]:
    """What is missing where cells are read so."""
    return sorted(GAPS - WORDS if how == "text" else GAPS)


def with_words(
    frame: Any, again: Callable[[Sequence[str]], Any]
) -> tuple[Any, Mapping[str, tuple[str, ...]]]:
    """Put words back into columns of text.

    Only when a column has been read is it known to be one of text.

    Parameters
    ----------
    frame : pandas.DataFrame [N, columns]
        In which all of :data:`GAPS` are missing.
    again : callable
        Reads the columns that it is given once more, just as they are written.

    Returns
    -------
    frame : pandas.DataFrame [N, columns]
    marks : mapping of str to tuple of str
        By column of text, what has been taken for missing and is not empty.
    """
    unsure = [name for name in frame.columns if _is_gappy_text(frame[name])]
    marks: dict[str, tuple[str, ...]] = {}
    written = again(unsure) if unsure else frame
    for name in unsure:
        said = GAPS.intersection(written[name].unique()) - {""}
        if not said or not holds_text(frame[name]):
            continue
        if lost := tuple(sorted(said - WORDS)):
            marks[name] = lost
        if said & WORDS:
            frame[name] = written[name].mask(written[name].isin(gaps("text")))
    return frame, marks


def _is_gappy_text(cells: Any) -> bool:
    return not pd.api.types.is_numeric_dtype(cells.dtype) and bool(cells.isna().any())
