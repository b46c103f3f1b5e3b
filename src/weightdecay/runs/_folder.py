"""A folder in which one process at a time trains a study, stage by stage."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from weightdecay._versions import versions
from weightdecay.errors import InputError
from weightdecay.language import Phrase, listed, phrase
from weightdecay.runs import _manifest
from weightdecay.runs._fingerprint import differing, fingerprint
from weightdecay.runs._manifest import Entry, Manifest, StageEntry
from weightdecay.runs._stage import Stage, Tell, set_aside
from weightdecay.study import Population

_LOCK = ".lock"

Chunks = Sequence[NDArray[np.int64]]


def _warn(said: Phrase) -> None:
    warnings.warn(str(said), stacklevel=2)


class RunFolder:
    """A run folder, open for writing: a context manager that holds its lock.

    The lock is the operating system's, so a process that dies leaves none behind.

    Parameters
    ----------
    folder : path
        New, empty, or with a run in it, which goes on where it stopped.
    force : bool, default False
        Begin anew; what is there is moved into ``replaced-1``, ``replaced-2`` ... beside it.
    tell : callable, optional
        Called for each file that is set aside with what is to be said of it, a
        ``weightdecay.language.Phrase``: a line of English as a string. Warns if not given.

    Attributes
    ----------
    kept : int
        How many chunks were trained and written since it was opened.

    Raises
    ------
    InputError
        On entering, if another process writes into the folder, or it holds something else.

    Examples
    --------
    >>> import tempfile, torch
    >>> import weightdecay as wd
    >>> x = torch.linspace(-1, 1, 12)[:, None]
    >>> study = wd.Study(
    ...     wd.Problem.with_truth(x, x.square(), x, x.square()),
    ...     lambda: torch.nn.Linear(1, 1),
    ...     wd.Recipe(epochs=5),
    ...     wd.Decay(),
    ...     weight_decay=(0.0, 0.1),
    ...     seeds=(0, 1),
    ... )
    >>> with tempfile.TemporaryDirectory() as place, wd.RunFolder(place) as folder:
    ...     results, trained = wd.run(study, folder=folder)
    >>> results.sizes["seed"]
    2
    """

    def __init__(self, folder: str | Path, force: bool = False, tell: Tell = _warn) -> None:
        self.folder, self.force, self.tell = Path(folder), force, tell
        self._lock = FileLock(self.folder / _LOCK)
        self._next = 0
        self.kept = 0
        self.manifest = Manifest(versions=versions())

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise self._error("busy") from None
        except OSError as error:
            raise self._error("unusable", reason=error.strerror) from None
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def _open(self) -> None:
        held = [p for p in self.folder.iterdir() if not p.name.startswith((".", "replaced-"))]
        if self.force and held:
            self._replace(held)
        found = _manifest.read(self.folder)
        if found is not None:
            self._check_versions(found)
            self.manifest = found
        elif held and not self.force:
            raise self._error("no_run")
        else:
            self._write([])
        (self.folder / "chunks").mkdir(exist_ok=True)
        known = sum(len(stage.chunks) for stage in self.manifest.stages)
        names = {f"{number:04d}.safetensors" for number in range(known)}
        for file in sorted((self.folder / "chunks").iterdir()):
            if file.name not in names:
                place = set_aside(self.folder, file)
                self.tell(phrase("runs.aside.foreign", file=file, place=place))

    def _replace(self, held: list[Path]) -> None:
        numbers = range(1, 2 + len(list(self.folder.iterdir())))
        beside = next(p for k in numbers if not (p := self.folder / f"replaced-{k}").exists())
        beside.mkdir()
        for file in held:
            file.replace(beside / file.name)

    def _check_versions(self, found: Manifest) -> None:
        now = self.manifest.versions
        for name in sorted(found.versions.keys() | now.keys()):
            before, after = found.versions.get(name), now.get(name)
            if before != after:
                raise self._error("versions", name=name, before=before, after=after)

    def begin(self, population: Population, chunks: Chunks, engine: str, reason: str) -> Stage:
        """Begin, or go on with, the next population of the study.

        Raises
        ------
        InputError
            If the folder has another one at this place: what differs is named.
        """
        number = self._next
        self._next += 1
        parts = fingerprint(population)
        stages = self.manifest.stages
        if number < len(stages):
            self._check_same(stages[number], parts, chunks, engine)
        else:
            entries = [Entry(members=len(chunk)) for chunk in chunks]
            new = StageEntry(fingerprint=parts, engine=engine, engine_reason=reason, chunks=entries)
            self._write([*stages, new])
        first = sum(len(stage.chunks) for stage in self.manifest.stages[:number])

        def changed(entries: list[Entry]) -> None:
            stages = list(self.manifest.stages)
            stages[number] = stages[number].model_copy(update={"chunks": list(entries)})
            self._write(stages)
            self.kept += 1

        return Stage(
            self.folder,
            first,
            population,
            list(chunks),
            list(self.manifest.stages[number].chunks),
            changed,
            self.tell,
        )

    def _check_same(
        self, stage: StageEntry, parts: dict[str, str], chunks: Chunks, engine: str
    ) -> None:
        other = [phrase(f"runs.part.{name}") for name in differing(stage.fingerprint, parts)]
        if stage.engine != engine:
            other.append(phrase("runs.part.engine", before=stage.engine, after=engine))
        if not other and [entry.members for entry in stage.chunks] != [len(c) for c in chunks]:
            other.append(phrase("runs.part.chunks"))
        if other:
            raise self._error("other_study", parts=listed(other, "runs.part.and"))

    def _error(self, key: str, **values: object) -> InputError:
        return InputError(phrase(f"runs.error.{key}", folder=self.folder, **values))

    def _write(self, stages: list[StageEntry]) -> None:
        self.manifest = self.manifest.model_copy(update={"stages": stages})
        _manifest.write(self.folder, self.manifest)
