"""Progress bars on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

#: Called with the name of a part, the steps done since the last call, and all its steps.
Report = Callable[[str, int, int], None]


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
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    tasks: dict[str, TaskID] = {}
    lock = Lock()  # engines report from several threads
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def report(part: str, done: int, total: int) -> None:
            with lock:
                if part not in tasks:
                    tasks[part] = progress.add_task(title(part), total=total)
                progress.advance(tasks[part], done)

        yield report
