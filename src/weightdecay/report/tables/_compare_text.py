"""What a comparison of kinds of decay found, for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from weightdecay.language import Words
from weightdecay.report._writing import heading, table, under
from weightdecay.report.tables._fit_text import task, what_was_read
from weightdecay.report.tables._numbers import change, error, pairs


def compare_text(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    """Return what is printed, part by part: nothing in it is read as markup."""
    yield from what_was_read(summary, words)
    yield from task(summary, words)
    yield from _kinds(summary, words)
    yield from _pairs(summary, words)


def _kinds(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "compare")
    metric = summary["metric"]
    yield heading(say("kinds"))
    made = table(say("kind"), say("lambda"), words(f"fit.{metric}"))
    best = min(summary["kinds"], key=lambda kind: (kind["failed"], kind["error"]))
    for kind in summary["kinds"]:
        edge = say("edge") if kind["at_edge"] else ""
        cells = [
            say("none") if kind["name"] == "none" else kind["name"],
            f"{kind['choice']:.3g}{edge}",
            say("failed", count=kind["failed"]) if kind["failed"] else error(kind["error"], metric),
        ]
        made.add_row(*map(Text, cells), style="bold" if kind is best else "")
    yield made
    if any(kind["at_edge"] for kind in summary["kinds"]):
        yield Text(say("edge_means"))


def _pairs(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "compare")
    listed = summary["pairs"]
    measure = words(f"fit.measure_{summary['metric']}")
    yield heading(say("pairs"))
    made = table(say("pair"), say("change", measure=measure), say("interval"), say("verdict"))
    for pair in listed:
        first, second = (say("none") if n == "none" else n for n in (pair["first"], pair["second"]))
        said = change(pair)
        label = say("lost" if pair["failed"] else pair["label"], first=first, second=second, **said)
        cells = [
            say("against", first=first, second=second),
            said["change"],
            said["interval"],
            label,
        ]
        made.add_row(*map(Text, cells))
    yield made
    key = "correction_of_one" if len(listed) == 1 else "correction"
    yield Text(say(key, count=len(listed), pairs=pairs(listed[0], words)))
