"""What is wrong with a study file, in one line that names the key and the way out."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from weightdecay.language import shown
from weightdecay.studies._keys import example, keys, section_of, takes, takes_each
from weightdecay.studies._schema import StudyFile

Place = tuple[str | int, ...]


def explained(error: ValidationError) -> str:
    """Return the first of the mistakes; a key that is not known goes before one that is missing.

    For the one is often the other, misspelled.
    """
    errors = error.errors(include_url=False)
    for mistake in errors:
        if mistake["type"] == "extra_forbidden":
            return _unknown(tuple(map(str, mistake["loc"])))
    key, words, field = _key(errors[0]["loc"])
    # Of the alternatives that a value is not, the one that it got furthest into.
    mine = [e for e in errors if _key(e["loc"])[0] == key]
    last = max(mine, key=lambda e: (len(e["loc"]), e["type"] == "value_error"))
    if last["type"] == "missing":
        return f"{key}: it is missing; write {example(key, field)}"
    if last["type"] == "value_error":
        reason = shown(last["ctx"]["error"], 400)
        # A check of a whole section names the key below it; that of the whole file names it whole.
        if not key:
            return reason
        below = section_of(field) is not None
        return f"{key}.{reason}" if below else f"{key}: it takes {words}, and {reason}"
    item = next((part for part in last["loc"][::-1] if isinstance(part, int)), None)
    value = said(last["input"])
    what = f"not {value}" if item is None else f"and item {item + 1} is {value}"
    return f"{key}: it takes {words}, {what}"


def said(value: Any) -> str:
    """Return a value about as TOML writes it, on one line and cut short."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return shown(json.dumps(value[:1000], ensure_ascii=False))
        # Python refuses to write whole numbers of more than some thousand digits.
        case int() if value.bit_length() > 64:
            return f"a whole number of {value.bit_length()} bits"
        case list() | tuple():
            return f"a list of {len(value)}"
        case Mapping():
            return "a table"
        case _:
            return shown(value)


def _unknown(place: tuple[str, ...]) -> str:
    """An unknown key, and the nearest known one: in its own section, or in another."""
    *above, name = place
    known = [key for key, _ in keys()]
    here = [key for key in known if key.rpartition(".")[0] == ".".join(above)]
    same = [key for key in known if key.rpartition(".")[2] == name]
    near = same or _nearest(name, here) or _nearest(name, known)
    names = ", ".join(key.rpartition(".")[2] for key in here)
    hint = f"did you mean {near[0]}?" if near else f"known are {names}"
    return f"{shown('.'.join(place), 120)}: there is no such key; {hint}"


def _nearest(name: str, among: list[str]) -> list[str]:
    """Those keys whose last part is the nearest to `name`, if one is near."""
    lasts = [key.rpartition(".")[2] for key in among]
    near = get_close_matches(name[:100].lower(), lasts, 1)
    return [key for key, last in zip(among, lasts, strict=True) if [last] == near]


def _key(place: Place) -> tuple[str, str, FieldInfo]:
    """The key that `place` is in, what it takes, and its field."""
    model: type[BaseModel] | None = StudyFile
    names: list[str] = []
    field = FieldInfo(annotation=StudyFile)
    for part in place:
        if model is None or part not in model.model_fields:
            break
        field = model.model_fields[str(part)]
        names.append(str(part))
        model = section_of(field)
    if names[-1:] == ["options"] and len(place) > len(names):
        # Below it the keys are the user's.
        names.append(shown(place[len(names)]))
        return ".".join(names), takes_each(field), field
    return ".".join(names), takes(field), field
