"""Predictions as files."""

import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

#: What a spreadsheet takes for a formula: a sign alone, or before a number, is none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?=.)(?![\d.]+([eE][+-]?\d+)?$)", re.DOTALL)


def as_csv(frame: Any) -> str:
    """Return a data frame as CSV.

    Text that a spreadsheet would run as a formula, such as a class called ``=1+1``, gets an
    apostrophe before it, as OWASP advises for CSV.
    """
    safe = frame.copy()
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name].dtype):
            safe[name] = frame[name].map(_harmless)
    stream = io.StringIO()
    safe.rename(columns=_harmless).to_csv(
        stream, index=False, float_format="%.8g", lineterminator="\n"
    )
    return stream.getvalue()


def write_frame(frame: Any, file: Path) -> None:
    """Write a data frame as Parquet or CSV, by the ending of `file`, all of it or nothing.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    if file.is_dir():
        raise IsADirectoryError(None, "it is a folder")
    content = frame.to_parquet(index=False) if is_parquet(file) else as_csv(frame).encode()
    descriptor, made = tempfile.mkstemp(prefix=".writing-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(made, 0o666 & ~mask)  # a temporary file is its owner's alone
        os.replace(made, file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def is_parquet(file: Path) -> bool:
    return file.suffix.lower() in (".parquet", ".pq")


def _harmless(text: Any) -> Any:
    return f"'{text}" if isinstance(text, str) and _FORMULA.match(text) else text
