"""What is wrong with a study file, in one line that names the key and the way out."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from weightdecay.language import Phrase, phrase, shown
from weightdecay.studies._keys import example, keys, section_of, takes, takes_each
from weightdecay.studies._schema import StudyFile

Place = tuple[str | int, ...]


def explained(error: ValidationError) -> Phrase:
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
        return phrase("study.error.missing", key=key, example=example(key, field))
    if last["type"] == "value_error":
        reason: Phrase = last["ctx"]["error"].args[0]
        # A check of several keys, of a section or of the whole file, says which one is wrong.
        if section_of(field) is not None:
            return reason
        return phrase("study.error.reason", key=key, takes=words, reason=reason)
    item = next((part for part in last["loc"][::-1] if isinstance(part, int)), None)
    values = {"key": key, "takes": words, "value": said(last["input"])}
    if item is None:
        return phrase("study.error.value", **values)
    return phrase("study.error.item", **values, item=item + 1)


def said(value: Any) -> str | Phrase:
    """Return a value about as TOML writes it, on one line and cut short."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return shown(json.dumps(value[:1000], ensure_ascii=False))
        # Python refuses to write whole numbers of more than some thousand digits.
        case int() if value.bit_length() > 64:
            return phrase("study.given.bits", count=value.bit_length())
        case list() | tuple():
            return phrase("study.given.list", count=len(value))
        case Mapping():
            return phrase("study.given.table")
        case _:
            return shown(value)


def _unknown(place: tuple[str, ...]) -> Phrase:
    """An unknown key, and the nearest known one: in its own section, or in another."""
    *above, name = place
    known = [key for key, _ in keys()]
    here = [key for key in known if key.rpartition(".")[0] == ".".join(above)]
    same = [key for key in known if key.rpartition(".")[2] == name]
    near = same or _nearest(name, here) or _nearest(name, known)
    key = shown(".".join(place), 120)
    if near:
        return phrase("study.error.unknown_near", key=key, near=near[0])
    names = ", ".join(key.rpartition(".")[2] for key in here)
    return phrase("study.error.unknown", key=key, names=names)


def _nearest(name: str, among: list[str]) -> list[str]:
    """Those keys whose last part is the nearest to `name`, if one is near."""
    lasts = [key.rpartition(".")[2] for key in among]
    near = get_close_matches(name[:100].lower(), lasts, 1)
    return [key for key, last in zip(among, lasts, strict=True) if [last] == near]


def _key(place: Place) -> tuple[str, Phrase, FieldInfo]:
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
