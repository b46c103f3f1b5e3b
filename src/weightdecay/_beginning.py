"""A run folder for several paths, one after the other."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path as File
from typing import Any, Self

from weightdecay.runs import RunFolder, Stage


def when_begun(
    out: str | File | RunFolder | None, force: bool
) -> AbstractContextManager[RunFolder | None]:
    """Return a run folder to be entered, which stays as it is until the first training.

    Parameters
    ----------
    out : str, Path or RunFolder, optional
        An open folder is its opener's to close.
    force : bool
    """
    return nullcontext(out) if isinstance(out, RunFolder | None) else WhenBegun(out, force)


class WhenBegun(RunFolder):
    """A run folder that opens with the first training, so that bad input leaves it as it was."""

    def __enter__(self) -> Self:
        return self

    def begin(self, *what: Any, **named: Any) -> Stage:
        if not self._lock.is_locked:
            super().__enter__()
        return super().begin(*what, **named)
