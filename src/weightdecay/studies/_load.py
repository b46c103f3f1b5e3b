"""From a file to a study, or to the one line that says what is wrong with it."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from weightdecay.errors import InputError
from weightdecay.language import Phrase, phrase, shown
from weightdecay.studies._explained import explained
from weightdecay.studies._schema import StudyFile
from weightdecay.studies._sets import with_set
from weightdecay.studies._sources import absolute, kind_of

#: A study file has a few hundred; one that is larger is another file.
MOST_BYTES = 1_000_000
#: A key with more dots than this is no key of ours, and takes tomllib minutes if it has thousands.
DEEPEST = 32
_DEEP = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{DEEPEST}}}"""
)
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load(file: str | Path, sets: Sequence[str] = ()) -> StudyFile:
    """Read and check a study file.

    Parameters
    ----------
    file : path
        TOML in UTF-8, 1 MB at most.
    sets : sequence of str
        Values that take the place of the file's, each ``KEY=VALUE``, as in ``recipe.lr=0.01``.

    Returns
    -------
    StudyFile
        Its paths absolute: relative ones start from the file's folder, not from the current one.

    Raises
    ------
    InputError
        If the file cannot be read, is no TOML, or is no study: one line, with the file, the key (of
        bad TOML the line and column), what is wrong with it and the way out.
    """
    place = shown(file, 200)
    try:
        table = _table(_text(Path(file)))
        for said in sets:
            table = with_set(table, said)
        study = StudyFile.model_validate(table)
    except ValidationError as error:
        raise InputError(phrase("study.error.at", place=place, mistake=explained(error))) from None
    except InputError as error:
        raise InputError(phrase("study.error.at", place=place, mistake=error)) from None
    return located(study, Path(file).parent)


def located(study: StudyFile, folder: str | Path) -> StudyFile:
    """Return `study` with absolute paths, relative ones taken from `folder`."""
    here = absolute(study.folder or "", folder)
    data = study.data
    if kind_of(data.source) == "file":
        data = data.model_copy(update={"source": absolute(data.source, here)})
    return study.model_copy(update={"folder": here, "data": data})


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(phrase("study.error.no_file")) from None
    except IsADirectoryError:
        raise InputError(phrase("study.error.folder")) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise InputError(phrase("study.error.unreadable", reason=shown(reason))) from None
    if len(content) > MOST_BYTES:
        raise InputError(phrase("study.error.large"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(phrase("study.error.encoding", line=line)) from None


def _table(text: str) -> dict[str, Any]:
    if deep := _DEEP.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise InputError(phrase("study.error.dots", line=line, count=DEEPEST))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_where(str(error), text)) from None
    except RecursionError:
        raise InputError(phrase("study.error.nested")) from None
    except ValueError as error:  # a whole number of thousands of digits
        raise InputError(phrase("study.error.bad_value", reason=shown(error))) from None


def _where(message: str, text: str) -> Phrase:
    """Tomllib's message with its place first."""
    found = _PLACE.search(message)
    if found is None:
        return phrase("study.error.not_toml", reason=shown(message, 120))
    line, column = found.groups()
    if line is None:
        lines = text.split("\n")
        line, column = str(len(lines)), str(len(lines[-1]) + 1)
    reason = shown(message[: found.start()], 120)
    return phrase("study.error.not_toml_at", line=line, column=column, reason=reason)
