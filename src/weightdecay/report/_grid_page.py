"""Paths of λ at several learning rates as a page: that of the best, beside the others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from weightdecay.report.page._data import Curve, Error, Kind, Kinds, Page, Setting, Text
from weightdecay.report.page._numbers import band, numbers
from weightdecay.report.page._text import number, text


class Rate(NamedTuple):
    """A learning rate: its λs [L], their errors with intervals [L, 3], and which was chosen."""

    lr: float
    weight_decay: Sequence[float]
    curve: NDArray[np.float64]
    chosen: int | None


def grid_page(
    page: Page, rates: Sequence[Rate], best: int, without: int, sizes: Mapping[Any, int]
) -> Page:
    """Return what the page of a grid shows.

    Parameters
    ----------
    page : Page
        Of the path at the chosen learning rate, with the grid's verdict.
    rates : sequence of Rate
    best, without : int
        Places of the learning rates that are best with the chosen λ, and without decay.
    sizes : mapping
        How many seeds and folds there are.
    """
    assert page.error is not None
    assert page.verdict is not None
    several = "folds" if sizes["fold"] > 1 else "seeds"
    listed = ", ".join(number(rate.lr) for rate in rates)
    lr = Setting(
        name=text("report.setup.lr"),
        value=text("report.grid.setup", lr=listed, chosen=number(rates[best].lr)),
    )
    how = text(f"report.grid.how_{several}", folds=sizes["fold"])
    return page.model_copy(
        update={
            "title": text("report.grid.title"),
            "subtitle": text("report.grid.subtitle", count=len(rates), path=page.subtitle),
            "error": _error(page.error, rates, best),
            "verdict": page.verdict.model_copy(update={"how": how}),
            "kinds": Kinds(
                title=text("report.grid.side_by_side"),
                each=text("report.grid.lr"),
                measure=page.error.measure,
                over=page.error.over,
                kinds=tuple(_rows(rates, best, without)),
            ),
            "setup": (lr, *page.setup),
            "command": "weightdecay.grid(make_net, X, y, lr=…, …).report(file)",
        }
    )


def _error(error: Error, rates: Sequence[Rate], best: int) -> Error:
    """The errors of the chosen learning rate, and of those others that have the same λs."""
    first, *more = error.curves
    named = first.model_copy(update={"name": _at(first.name, rates[best])})
    others = (
        Curve(name=_at(first.name, rate), role="other", band=band(rate.curve))
        for place, rate in enumerate(rates)
        if place != best and rate.weight_decay == rates[best].weight_decay
    )
    return error.model_copy(update={"curves": (named, *more, *others)})


def _at(name: Text, rate: Rate) -> Text:
    return text("report.grid.at", name=name, lr=number(rate.lr))


def _rows(rates: Sequence[Rate], best: int, without: int) -> Iterator[Kind]:
    rival = rates[without]
    name = text("report.grid.without", lr=number(rival.lr))
    yield _row(name, rival, 0, None)
    for place, rate in enumerate(rates):
        name = text(f"report.grid.{'chosen' if place == best else 'one'}", lr=number(rate.lr))
        note = None
        if rate.chosen is None:
            note = text("report.grid.failed")
        elif rate.chosen in (1, len(rate.weight_decay) - 1):
            note = text("report.grid.edge")
        # Where runs failed at every λ, any of them has an error that is no number.
        yield _row(name, rate, rate.chosen or 0, note)


def _row(name: Text, rate: Rate, place: int, note: Text | None) -> Kind:
    error, low, high = numbers(rate.curve[place])
    return Kind(
        name=name, choice=rate.weight_decay[place], error=error, low=low, high=high, note=note
    )
