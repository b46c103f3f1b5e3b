"""Outcomes for people, and for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from weightdecay.language import Words
from weightdecay.reference._reference import Check, Outcome


def text(outcomes: Sequence[Outcome], words: Words) -> Iterator[RenderableType]:
    """What to print: claim, source and figures of each outcome, and how many passed."""

    def say(key: str, **values: object) -> str:
        return words(f"reference.{key}", **values)

    for outcome in outcomes:
        state = say("passed" if outcome.passed else "failed")
        heading = say("heading", name=outcome.name, state=state, seconds=outcome.seconds)
        yield Text(heading, style="bold")
        yield Padding(Text(say(f"{outcome.name}.claim")), (0, 0, 0, 2), expand=False)
        source = say(f"{outcome.name}.source")
        yield Padding(Text(say("source", source=source), style="dim"), (0, 0, 0, 2), expand=False)
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
        table.add_column("")
        table.add_column(say("figure"), justify="right", no_wrap=True)
        table.add_column(say("tolerance"), no_wrap=True)
        table.add_column("", no_wrap=True)
        for check in outcome.checks:
            table.add_row(
                say(f"{outcome.name}.{check.name}"),
                f"{check.figure:.3g}",
                tolerance(check, words),
                say("passed" if check.passed else "failed"),
            )
        yield Padding(table, (0, 0, 1, 2), expand=False)
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    yield (
        say("some_failed", count=len(failed), total=len(outcomes), names=", ".join(failed))
        if failed
        else say("all_passed", count=len(outcomes))
    )


def tolerance(check: Check, words: Words) -> str:
    """The range in which the figure must lie, in words."""
    kind = "between" if check.low < check.high else "exactly"
    if check.low <= 0 and check.low < check.high:
        kind = "at_most"  # nothing is too good
    return words(f"reference.{kind}", low=check.low, high=check.high)


def summary(outcomes: Sequence[Outcome], words: Words) -> dict[str, Any]:
    """The same as one object of plain values."""
    return {
        "passed": all(outcome.passed for outcome in outcomes),
        "references": [
            {
                "name": outcome.name,
                "claim": words(f"reference.{outcome.name}.claim"),
                "source": words(f"reference.{outcome.name}.source"),
                "passed": outcome.passed,
                "seconds": outcome.seconds,
                "checks": [
                    {
                        "name": check.name,
                        "measure": words(f"reference.{outcome.name}.{check.name}"),
                        "figure": check.figure,
                        "low": check.low,
                        "high": check.high,
                        "passed": check.passed,
                    }
                    for check in outcome.checks
                ],
            }
            for outcome in outcomes
        ],
    }
