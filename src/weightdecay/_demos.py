"""The experiments of ``weightdecay demo``: what each takes, runs and shows.

Nothing heavy is imported before one is run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure
    from rich.console import RenderableType

    from weightdecay._progress import Report
    from weightdecay.language import Words
    from weightdecay.report.page import Page


@dataclass(frozen=True)
class Shown:
    """What an experiment found, and how it is shown.

    Parameters
    ----------
    summary : dict
        What ``--json`` prints.
    results : xarray.Dataset or None
        What ``results.nc`` holds.
    text : callable
        From words to what is printed, part by part.
    figures : callable
        From words to figures by name.
    page : callable
        From the command that makes it again to an interactive page.
    """

    summary: dict[str, Any]
    results: "xr.Dataset | None"
    text: "Callable[[Words], Iterator[RenderableType]]"
    figures: "Callable[[Words], dict[str, Figure]]"
    page: "Callable[[str], Page]"


@dataclass(frozen=True)
class Experiment:
    """An experiment by its options.

    Parameters
    ----------
    run : callable
        Called with `progress` and the options by name.
    options : mapping
        The options that it takes, with what each is if it is not given.
    """

    run: Callable[..., Shown]
    options: Mapping[str, Any]


def _article(progress: "Report", **options: Any) -> Shown:
    from weightdecay.reference import article
    from weightdecay.report import article as report

    found = article.demo(**options, progress=progress)
    return Shown(
        found.summary,
        found.results,
        text=partial(report.text, found.summary),
        figures=partial(report.figures, found.summary, found.published, found.results),
        page=partial(report.page, found.summary, found.results),
    )


def _d2l(progress: "Report", **options: Any) -> Shown:
    from weightdecay.reference import d2l
    from weightdecay.report import d2l as report

    found = d2l.demo(**options, progress=progress)
    return Shown(
        found.summary,
        found.results,
        text=partial(report.text, found.summary),
        figures=partial(report.figures, found.summary),
        page=partial(report.page, found.summary, found.results),
    )


EXPERIMENTS: dict[str, Experiment] = {
    "article": Experiment(_article, {"seed": 25, "seeds": 200, "only": None, "weight_decay": None}),
    "d2l": Experiment(_d2l, {"seeds": 8, "weight_decay": None}),
}
