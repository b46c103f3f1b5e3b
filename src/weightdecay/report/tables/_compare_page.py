"""A comparison of kinds of decay as a page."""

from collections.abc import Iterator, Mapping
from typing import Any

from weightdecay.report.page._data import Kind, Kinds, Page, Pair, Text
from weightdecay.report.page._numbers import numbers, share
from weightdecay.report.page._text import both, same, text
from weightdecay.report.page._versions import versions
from weightdecay.report.tables._numbers import pairs
from weightdecay.report.tables._page import measure, reading, setup, shown_error


def compare_page(summary: Mapping[str, Any], command: str) -> Page:
    """Return what the page of a comparison shows.

    Parameters
    ----------
    summary : mapping
        Of a comparison.
    command : str
        What makes it again.
    """
    listed = summary["pairs"]
    return Page(
        title=text("report.compare.title", target=summary["target"], data=summary["data"]),
        subtitle=text("report.compare.subtitle", rows=summary["rows"]),
        kinds=Kinds(
            measure=measure(summary),
            over=text("report.compare.over", seeds=summary["recipe"]["seeds"]),
            kinds=tuple(_kinds(summary)),
            pairs=tuple(_pair(pair) for pair in listed),
            pairs_measure=text(f"fit.measure_{summary['metric']}"),
            pairs_about=both(
                lambda words: words(
                    "compare.correction", count=len(listed), pairs=pairs(listed[0], words)
                )
            ),
        ),
        sections=(reading(summary),),
        setup=tuple(setup(summary)),
        command=command,
        versions=versions(),
    )


def _kinds(summary: Mapping[str, Any]) -> Iterator[Kind]:
    for kind in summary["kinds"]:
        low, high = shown_error(kind["interval_over_seeds"], summary)
        note = None
        if kind["failed"]:
            note = text("compare.failed", count=kind["failed"])
        elif kind["at_edge"]:
            note = text("report.compare.edge")
        yield Kind(
            name=_name(kind["name"]),
            choice=kind["choice"],
            error=numbers(shown_error(kind["error"], summary)),
            low=numbers(low),
            high=numbers(high),
            note=note,
        )


def _pair(pair: Mapping[str, Any]) -> Pair:
    first, second = _name(pair["first"]), _name(pair["second"])
    whole = pair["error_of_first"]
    effect, low, high = (share(part, whole) for part in (pair["effect"], *pair["interval"]))
    label = "lost" if pair["failed"] else pair["label"]
    verdict = text(f"compare.{label}", first=first, second=second)
    return Pair(first=first, second=second, change=effect, low=low, high=high, verdict=verdict)


def _name(kind: str) -> Text:
    return text("compare.none") if kind == "none" else same(kind)
