"""A page from its file, which may be a stranger's: read as data, checked, and never run."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from weightdecay.errors import InputError
from weightdecay.language import Words, shown
from weightdecay.report.page._data import SCHEMA, Page

#: The file of a page in a folder.
NAME = "report.json"
#: Bytes. No page of ours comes near it; a larger file would only fill the memory.
LARGEST = 64 * 2**20


def load(place: Path, words: Words) -> Page:
    """Read ``report.json``, or the one in a folder.

    Parameters
    ----------
    place : Path
        The file, or a folder that holds it.
    words : Words
        The language of errors.

    Raises
    ------
    InputError
        If there is none, it is too large or damaged, or of a later version.
    """
    said: dict[str, Any] = {"place": shown(place, 200)}
    file = place / NAME if place.is_dir() else place
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        key = "no_report" if place.is_dir() else "no_run"
        raise InputError(words(f"report.error.{key}", **said)) from None
    except OSError as error:
        reason = error.strerror or error
        raise InputError(words("report.error.unreadable", **said, reason=reason)) from None
    if len(content) > LARGEST:
        raise InputError(words("report.error.large", **said, most=LARGEST // 2**20))
    try:
        return Page.model_validate_json(content)
    except ValidationError as error:
        _check_version(content, said, words)
        reason = _reason(error)
        raise InputError(words("report.error.damaged", **said, reason=reason)) from None


def _check_version(content: bytes, said: dict[str, Any], words: Words) -> None:
    """Raise if the file says that it is of another version: then that is what is wrong with it."""
    try:
        version = json.loads(content).get("schema_version", SCHEMA)
    except (ValueError, AttributeError, RecursionError):
        return
    if version != SCHEMA:
        values = {"schema": shown(version), "known": SCHEMA}
        raise InputError(words("report.error.schema", **said, **values))


def _reason(error: ValidationError) -> str:
    """Where the first thing is that is wrong, and what."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"]))
    return shown(f"{where}: {first['msg']}" if where else first["msg"], 200)
