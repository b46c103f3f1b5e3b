"""How far a search is, over the runs that it is made of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Called now and then, from any thread, with the member-epochs done since the last call, and all
#: that are to be done, so far as is known: None while a pilot still looks for the path.
Progress = Callable[[int, int | None], None]

#: The same with the name of a part before it, where there are several.
Report = Callable[[str, int, int | None], None]


@contextmanager
def told(progress: bool | Progress) -> Iterator[Progress]:
    """Give what is to be told: a function of the user's, a bar, or nobody."""
    if not isinstance(progress, bool):
        yield progress
    elif not progress:
        yield lambda done, total: None
    else:
        from weightdecay.language import Words, preferred
        from weightdecay.report import bars

        with bars(Words(preferred())) as report:
            yield lambda done, total: report("run", done, total)


class Sum:
    """Runs one after another as one.

    Parameters
    ----------
    tell : callable
    runs : int, default 1
        How many are sure to come: those that have not begun are taken to be as long as the last.
    """

    def __init__(self, tell: Progress, runs: int = 1) -> None:
        self.tell, self.runs = tell, runs
        self.before, self.now = 0, 0

    def next(self, pilot: bool = False) -> Progress:
        """Begin another run; a pilot does not say how long what follows will be."""
        self.before, self.now = self.before + self.now, 0
        if not pilot:
            self.runs -= 1

        def progress(done: int, total: int | None) -> None:
            self.now = total or 0
            known = None if pilot or total is None else self.before + total * (1 + self._more)
            self.tell(done, known)

        return progress

    @property
    def _more(self) -> int:
        return max(0, self.runs)
