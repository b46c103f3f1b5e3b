"""Paths of λ at several learning rates as a page: that of the best, beside the others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weightdecay.report._side import Side
from weightdecay.report.page._data import Curve, Error, Kind, Kinds, Page, Setting, Text
from weightdecay.report.page._numbers import band
from weightdecay.report.page._text import number, text


def grid_page(
    page: Page,
    lr: Sequence[float],
    sides: Sequence[Side],
    best: int,
    without: int,
    sizes: Mapping[Any, int],
) -> Page:
    """Return what the page of a grid shows.

    Parameters
    ----------
    page : Page
        Of the path at the chosen learning rate, with the grid's verdict.
    lr : sequence of floats
    sides : sequence of Side
        At each learning rate.
    best, without : int
        Places of the learning rates that are best with the chosen λ, and without decay.
    sizes : mapping
        How many seeds and folds there are.
    """
    assert page.error is not None
    assert page.verdict is not None
    several = "folds" if sizes["fold"] > 1 else "seeds"
    rates = list(map(number, lr))
    setting = Setting(
        name=text("report.setup.lr"),
        value=text("report.grid.setup", lr=", ".join(rates), chosen=rates[best]),
    )
    how = text(f"report.grid.how_{several}", folds=sizes["fold"])
    return page.model_copy(
        update={
            "title": text("report.grid.title"),
            "subtitle": text("report.grid.subtitle", count=len(rates), path=page.subtitle),
            "error": _error(page.error, rates, sides, best),
            "verdict": page.verdict.model_copy(update={"how": how}),
            "kinds": Kinds(
                title=text("report.grid.side_by_side"),
                each=text("report.grid.lr"),
                measure=page.error.measure,
                over=page.error.over,
                kinds=tuple(_rows(rates, sides, best, without)),
            ),
            "setup": (setting, *page.setup),
            "command": "weightdecay.grid(make_net, X, y, lr=…, …).report(file)",
        }
    )


def _error(error: Error, rates: Sequence[str], sides: Sequence[Side], best: int) -> Error:
    """The errors of the chosen learning rate, and of those others that have the same λs."""
    first, *more = error.curves

    def at(place: int) -> Text:
        return text("report.grid.at", name=first.name, lr=rates[place])

    named = first.model_copy(update={"name": at(best)})
    others = (
        Curve(name=at(place), role="other", band=band(side.curve))
        for place, side in enumerate(sides)
        if place != best and side.weight_decay == sides[best].weight_decay
    )
    return error.model_copy(update={"curves": (named, *more, *others)})


def _rows(rates: Sequence[str], sides: Sequence[Side], best: int, without: int) -> Iterator[Kind]:
    yield sides[without].without(text("report.grid.without", lr=rates[without]))
    for place, (rate, side) in enumerate(zip(rates, sides, strict=True)):
        yield side.row(text(f"report.grid.{'chosen' if place == best else 'one'}", lr=rate))
