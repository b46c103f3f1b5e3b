"""Progress: bars on a terminal and in a notebook, a line now and then where neither is."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from weightdecay.language import Words

#: Called with the name of a part, the steps done since the last call, and all its steps, if known.
Report = Callable[[str, int, int | None], None]

#: Seconds between two lines of a log.
EVERY = 60.0
#: Seconds over which the pace is taken: chunks of members may be minutes apart.
PACE = 600.0


class _Share(ProgressColumn):
    """How much is done, where it is known of how much."""

    def render(self, task: Task) -> Text:
        return Text("" if task.total is None else f"{task.percentage:>3.0f} %")


@contextmanager
def bars(words: Words, clock: Callable[[], float] = time.monotonic) -> Iterator[Report]:
    """Show on stderr how far each part is, from when it is first heard of.

    Parameters
    ----------
    words : Words
        The title of a part is ``progress.PART``.
    clock : callable, optional
        Seconds; each :data:`EVERY` of them a log gets a line.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        _Share(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    # Without ipywidgets rich draws nothing in a notebook, and warns.
    drawn = find_spec("ipywidgets") is not None if console.is_jupyter else console.is_terminal
    tasks: dict[str, TaskID] = {}
    lock = Lock()  # engines report from several threads
    said = clock()
    with Progress(
        *columns,
        console=console,
        disable=not drawn,
        get_time=clock,
        speed_estimate_period=PACE,
    ) as progress:

        def report(part: str, done: int, total: int | None) -> None:
            nonlocal said
            with lock:
                if part not in tasks:
                    tasks[part] = progress.add_task(words(f"progress.{part}"), total=total)
                progress.update(tasks[part], advance=done, total=total)
                if not drawn and clock() - said >= EVERY:
                    said = clock()
                    console.print(
                        _line(progress.tasks[tasks[part]], words), markup=False, soft_wrap=True
                    )

        yield report


def _line(task: Task, words: Words) -> str:
    """How far a part is, in a line."""
    said = {"part": task.description, "gone": _duration(task.elapsed or 0.0, words)}
    if task.total is None:
        return words("log.open", **said)
    share = f"{task.percentage:.0f}"
    left = task.time_remaining
    if left is None and task.completed:  # nothing else was heard of within the pace's window
        left = (task.elapsed or 0.0) * (task.remaining or 0.0) / task.completed
    if left is None:
        return words("log.share", share=share, **said)
    return words("log.left", share=share, left=_duration(left, words), **said)


def _duration(seconds: float, words: Words) -> str:
    hours, minutes = divmod(max(1, math.ceil(seconds / 60)), 60)
    if hours:
        return words("log.hours", hours=hours, minutes=minutes)
    return words("log.minutes", minutes=minutes)
