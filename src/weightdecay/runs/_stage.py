"""One population in a run folder: which of its chunks are there, and what is still missing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from weightdecay.language import Phrase, phrase
from weightdecay.runs import _atomic
from weightdecay.runs._chunk import from_bytes, to_bytes
from weightdecay.runs._manifest import Entry
from weightdecay.study import Population, Trained

#: Says what was found wrong with which file.
Tell = Callable[[Phrase], None]


class Stage:
    """The chunks of a population.

    Parameters
    ----------
    folder : Path
        Of the run.
    first : int
        The number of the stage's first chunk in the run.
    population : Population
    chunks : list of arrays of int64
        Members of each chunk.
    entries : list of Entry
        As the manifest has them; `changed` is called with the new ones.
    changed : callable
    tell : callable
    """

    def __init__(
        self,
        folder: Path,
        first: int,
        population: Population,
        chunks: list[NDArray[np.int64]],
        entries: list[Entry],
        changed: Callable[[list[Entry]], None],
        tell: Tell,
    ) -> None:
        self.folder, self.first = folder, first
        self.population, self.chunks = population, chunks
        self.entries, self.changed, self.tell = entries, changed, tell

    def file(self, chunk: int) -> Path:
        """Return the file of a chunk: named by its number, never by what a manifest says."""
        return self.folder / "chunks" / f"{self.first + chunk:04d}.safetensors"

    def members(self, chunk: int) -> Population:
        return self.population.only(self.chunks[chunk].tolist())

    def read(self, chunk: int) -> Trained | None:
        """Return what a chunk holds; None if it is not there, or is set aside as damaged."""
        file, entry = self.file(chunk), self.entries[chunk]
        if entry.sha256 is None or not file.is_file():
            return None
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != entry.sha256:
            self._set_aside(file, phrase("runs.aside.checksum"))
            return None
        try:
            return from_bytes(content, self.members(chunk))
        except ValueError as error:
            self._set_aside(file, error)
            return None

    def keep(self, chunk: int, trained: Trained) -> None:
        """Write a chunk: first into the manifest, so that no file is there that it does not know.

        Raises
        ------
        OSError
            If it cannot be written; all that was written before stands.
        """
        content = to_bytes(trained)
        digest = hashlib.sha256(content).hexdigest()
        self.entries[chunk] = Entry(members=len(self.chunks[chunk]), sha256=digest)
        self.changed(self.entries)
        _atomic.write(self.file(chunk), content)

    def _set_aside(self, file: Path, reason: Phrase | ValueError) -> None:
        place = set_aside(self.folder, file)
        self.tell(phrase("runs.aside.damaged", file=file, reason=reason, place=place))


def set_aside(folder: Path, file: Path) -> Path:
    """Move a file of chunks/ out of the way, where it is lost to nobody."""
    aside = folder / "set-aside"
    aside.mkdir(exist_ok=True)
    place = next(
        p
        for k in range(len(list(aside.iterdir())) + 1)
        if not (p := aside / f"{file.name}{f'.{k}' if k else ''}").exists()
    )
    file.replace(place)
    return place
