"""Kinds of decay as a page: the path of the best, the others beside it, and all pair by pair."""

from collections.abc import Mapping, Sequence
from typing import Any

from weightdecay.report._side import Side
from weightdecay.report.page._data import Kinds, Page, Setting, Text
from weightdecay.report.page._pairs import correction, over, pair
from weightdecay.report.page._text import same, text


def kinds_page(
    page: Page,
    names: Sequence[str],
    sides: Sequence[Side],
    best: int,
    pairings: Sequence[Any],
    sizes: Mapping[Any, int],
) -> Page:
    """Return what the page of a comparison of kinds of decay shows.

    Parameters
    ----------
    page : Page
        Of the path of the best kind, with its verdict among all pairs.
    names : sequence of str
    sides : sequence of Side
        Of each kind.
    best : int
    pairings : sequence of weightdecay.select.Pairing
    sizes : mapping
        How many seeds and folds there are.
    """
    assert page.error is not None
    assert page.verdict is not None
    several = "folds" if sizes["fold"] > 1 else "seeds"
    named = list(map(same, names))
    rows = [
        side.row(text("report.kinds.one", name=name) if place == best else name, _zero())
        for place, (name, side) in enumerate(zip(named, sides, strict=True))
    ]
    every = [text("compare.none"), *named]
    first = pairings[0].verdict
    about = {"name": named[best], "count": len(pairings)}
    changes: dict[str, Any] = {
        "title": text("report.kinds.title"),
        "subtitle": text(
            "report.kinds.subtitle", count=len(names), name=named[best], path=page.subtitle
        ),
        "kinds": Kinds(
            measure=page.error.measure,
            over=page.error.over,
            kinds=(sides[0].without(every[0]), *rows),
            pairs=tuple(
                pair(
                    every[p.first],
                    every[p.second],
                    effect=p.verdict.effect.estimate,
                    interval=p.verdict.effect[1:],
                    baseline=p.verdict.baseline,
                    margin=p.verdict.margin,
                    label=p.verdict.label,
                    failed=p.verdict.failed,
                )
                for p in pairings
            ),
            pairs_measure=page.error.measure,
            pairs_about=correction(len(pairings), over(first.unit, first.pairs, first.seeds)),
        ),
        "setup": (_setup(names, named[best]), *page.setup),
        "command": "weightdecay.compare(make_net, X, y, decays={…}, …).report(file)",
    }
    if len(pairings) > 1:
        how = text(f"report.kinds.how_{several}", folds=sizes["fold"], **about)
        changes["verdict"] = page.verdict.model_copy(update={"how": how})
    return page.model_copy(update=changes)


def _zero() -> Text:
    return text("report.kinds.zero")


def _setup(names: Sequence[str], best: Text) -> Setting:
    value = text("report.kinds.setup", names=", ".join(names), chosen=best)
    return Setting(name=text("report.markdown.kinds"), value=value)
