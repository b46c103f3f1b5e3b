"""``manifest.json``: what a run folder holds."""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from weightdecay.errors import InputError
from weightdecay.language import phrase
from weightdecay.runs import _atomic

SCHEMA = 1
NAME = "manifest.json"
#: A larger one is not read: a table of a million chunks has less.
MOST_BYTES = 1 << 28

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Entry(_Strict):
    """A chunk: how many members it has, and the SHA-256 of its file once that is written."""

    members: int = Field(ge=1)
    sha256: Digest | None = None


class StageEntry(_Strict):
    """A population that was, or is being, trained."""

    fingerprint: dict[str, Digest]
    engine: str
    engine_reason: str
    chunks: list[Entry]


class Manifest(_Strict):
    """All that is known of a folder but the numbers themselves."""

    kind: Literal["weightdecay.run"] = "weightdecay.run"
    schema_version: Literal[1] = 1
    versions: dict[str, str]
    stages: list[StageEntry] = Field(default_factory=list)


def read(folder: Path) -> Manifest | None:
    """Read the manifest of `folder`; None if it has none.

    Raises
    ------
    InputError
        If it is damaged, of a later version, or of something else.
    """
    file = folder / NAME
    if not file.exists():
        return None
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError(phrase("runs.error.large"))
        text = file.read_bytes()
        said = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(phrase("runs.error.unreadable", file=file, reason=error)) from None
    if not isinstance(said, dict) or said.get("kind") != "weightdecay.run":
        raise InputError(phrase("runs.error.something_else", folder=folder))
    if said.get("schema_version") != SCHEMA:
        schema = said.get("schema_version")
        raise InputError(phrase("runs.error.schema", folder=folder, schema=schema, known=SCHEMA))
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            phrase("runs.error.damaged", file=file, where=where, reason=first["msg"])
        ) from None


def write(folder: Path, manifest: Manifest) -> None:
    text = manifest.model_dump_json(indent=1)
    _atomic.write(folder / NAME, text.encode() + b"\n")
