"""What texts for the terminal have in common: headings, tables, words under one key."""

from collections.abc import Callable, Sequence
from math import isfinite

from rich import box
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from weightdecay.language import Words


def heading(title: str) -> Text:
    """Return the title of a part, an empty line above it."""
    return Text(f"\n{title}", style="bold cyan")


def table(*columns: str) -> Table:
    """Return an empty table, its first column to the left, the others to the right."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, column in enumerate(columns):
        made.add_column(column, justify="right" if place else "left", overflow="fold")
    return made


def bracketed(estimate: float, interval: Sequence[float], form: Callable[[float], str]) -> str:
    """Return an estimate, and its interval in brackets if it has one, in rich's markup."""
    low, high = interval
    if not isfinite(low):
        return form(estimate)
    # No space inside the brackets: on a narrow terminal the line may break before them alone.
    return escape(f"{form(estimate)} [{form(low)}–{form(high)}]")


def indented(words: str) -> Padding:
    """Return a paragraph that belongs to the one above it."""
    return Padding(Text(words), (0, 0, 0, 2), expand=False)


def under(words: Words, prefix: str) -> Callable[..., str]:
    """Return `words` for the keys that begin with `prefix`."""

    def say(key: str, **values: object) -> str:
        return words(f"{prefix}.{key}", **values)

    return say
