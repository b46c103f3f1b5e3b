"""Progress bars on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

#: Called with the name of a part, the steps done since the last call, and all its steps, if known.
Report = Callable[[str, int, int | None], None]


class _Share(ProgressColumn):
    """How much is done, where it is known of how much."""

    def render(self, task: Task) -> Text:
        return Text("" if task.total is None else f"{task.percentage:>3.0f} %")


@contextmanager
def bars(title: Callable[[str], str]) -> Iterator[Report]:
    """Show a bar on stderr for each part as it is first heard of; nothing where no terminal is.

    Parameters
    ----------
    title : callable
        From the name of a part to what is shown for it.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        _Share(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    tasks: dict[str, TaskID] = {}
    lock = Lock()  # engines report from several threads
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def report(part: str, done: int, total: int | None) -> None:
            with lock:
                if part not in tasks:
                    tasks[part] = progress.add_task(title(part), total=total)
                progress.advance(tasks[part], done)

        yield report
