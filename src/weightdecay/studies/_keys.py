"""The keys of a study file, and what each takes in words."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

import tomli_w
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from weightdecay.language import Phrase, phrase
from weightdecay.studies._schema import StudyFile
from weightdecay.studies._values import one_of


def keys(of: type[BaseModel] = StudyFile, above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key with dots, as in ``recipe.lr``, and sections too."""
    for name, field in of.model_fields.items():
        yield above + name, field
        if (inner := section_of(field)) is not None:
            yield from keys(inner, f"{above}{name}.")


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The section that a key holds, or None where it holds a value."""
    options = (field.annotation, *get_args(field.annotation))
    return next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), None)


def takes(field: FieldInfo) -> Phrase:
    """What a key takes, as in "it takes a finite number above 0"."""
    if section_of(field) is not None:
        return phrase("study.takes.section")
    return next(_words((*field.metadata, field.annotation)))


def takes_each(field: FieldInfo) -> Phrase:
    """What each of the keys takes that a user gives names to."""
    return next(_words(get_args(field.annotation)[1:]))


def example(name: str, field: FieldInfo) -> str | Phrase:
    """How a key is written, or what it takes where that says no more."""
    if section_of(field) is not None:
        return f"[{name}]"
    if not field.examples:
        return takes(field)
    written = tomli_w.dumps({name.rpartition(".")[2]: field.examples[0]})
    return " ".join(written.replace("[\n    ", "[").replace(",\n]", "]").split())


def _words(parts: tuple[Any, ...]) -> Iterator[Phrase]:
    """Words of a type: its own go before those of what it is made of."""
    for part in parts:
        if isinstance(part, Phrase):
            yield part
    for part in parts:
        if get_origin(part) is Literal:
            yield one_of(part)
        elif get_origin(part) is Annotated:
            yield from _words((*part.__metadata__, part.__origin__))
        else:
            yield from _words(get_args(part))
