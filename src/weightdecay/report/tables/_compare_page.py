"""A comparison of kinds of decay as a page."""

from collections.abc import Iterator, Mapping
from typing import Any

from weightdecay._versions import versions
from weightdecay.report.page._data import Kind, Kinds, Page, Pair, Text
from weightdecay.report.page._numbers import numbers
from weightdecay.report.page._pairs import correction, over, pair
from weightdecay.report.page._text import same, text
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
            pairs=tuple(map(_pair, listed)),
            pairs_measure=text(f"fit.measure_{summary['metric']}"),
            pairs_about=correction(
                len(listed), over(*(listed[0][name] for name in ("unit", "pairs", "seeds")))
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


def _pair(said: Mapping[str, Any]) -> Pair:
    return pair(
        _name(said["first"]),
        _name(said["second"]),
        effect=said["effect"],
        interval=said["interval"],
        baseline=said["error_of_first"],
        margin=said["margin"],
        label=said["label"],
        failed=said["failed"],
    )


def _name(kind: str) -> Text:
    return text("compare.none") if kind == "none" else same(kind)
