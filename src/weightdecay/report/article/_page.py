"""The article's experiment as a page."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

import numpy as np
import xarray as xr

from weightdecay._versions import versions
from weightdecay.language import Words
from weightdecay.report.article._text import MEASURES, contradiction, four
from weightdecay.report.page._data import (
    Curve,
    CurveFit,
    Error,
    Fit,
    Other,
    Page,
    Path,
    Section,
    Setting,
    Table,
    Text,
    Verdict,
)
from weightdecay.report.page._numbers import band, numbers, share, spread_of_curves, thinned
from weightdecay.report.page._panels import norms, seeds, training
from weightdecay.report.page._text import both, number, same, text

#: Networks that are drawn singly, and points at which fits are drawn.
LINES, POINTS = 12, 112


def page(summary: dict[str, Any], results: xr.Dataset | None, command: str) -> Page:
    """Return what the page of the article shows.

    Parameters
    ----------
    summary : dict
        See ``reference.article.Demo``.
    results : xarray.Dataset or None
        Of the study; without it there is no λ to move, and the published part is told alone.
    command : str
        What makes it again.
    """
    parts: dict[str, Any] = {"thinned": ()}
    if results is not None:
        parts = _study(summary, results)
    return Page(
        title=text("article.title"),
        subtitle=text("article.about"),
        sections=tuple(_sections(summary)),
        setup=tuple(_setup(summary)),
        command=command,
        versions=versions(),
        **parts,
    )


def _study(summary: dict[str, Any], results: xr.Dataset) -> dict[str, Any]:
    study, verdict = summary["study"], summary["verdict"]
    values, alive = study["weight_decay"], results.alive.to_numpy()
    chosen = verdict["weight_decay"]
    over = text("report.article.over_living", count=study["seeds"])
    measure = text("report.article.measure")
    points = thinned(results.sizes["x"], POINTS)
    return {
        "path": Path(
            values=tuple(values),
            name=text("report.lambda"),
            other=Other(name=text("report.article.lambda"), factor=0.5),
            chosen=None if chosen is None else values.index(chosen),
        ),
        "fit": Fit(shown=_fit(summary, results, points)),
        "error": Error(
            measure=measure,
            over=text("report.article.error_over", count=study["seeds"]),
            scale="log",
            curves=tuple(_curves(study)),
        ),
        "norms": norms(results, over, alive, norm="parameter_norm"),
        "training": training(
            results,
            text("report.article.training"),
            text("report.article.training_over", count=study["seeds"]),
            test_name=text("report.article.truth"),
            alive=alive,
        ),
        "seeds": seeds(
            results,
            results.mse.to_numpy(),
            measure,
            text("article.meant.dead_explain"),
            dead=results.dead.to_numpy(),
            flat=results.flat.to_numpy(),
        ),
        "verdict": _verdict(verdict),
        "thinned": (
            text("report.article.thinned_points", count=len(points), total=results.sizes["x"]),
            text(
                "report.article.thinned_lines",
                count=min(LINES, study["seeds"]),
                total=study["seeds"],
            ),
        ),
    }


def _fit(summary: dict[str, Any], results: xr.Dataset, points: np.ndarray[Any, Any]) -> CurveFit:
    x = results.x.to_numpy()[points].round(6)  # of the grid, kept in float32
    drawn = results.prediction.to_numpy()[:, :, points].astype(np.float64)
    middle, low, high = map(numbers, spread_of_curves(drawn, results.alive.to_numpy()))
    return CurveFit(
        x_name=same("x"),
        y_name=same("y"),
        x=numbers(x),
        truth=numbers(x**2),
        truth_name=text("article.figure.truth"),
        data_x=tuple(summary["data"]["x"]),
        data_y=tuple(summary["data"]["y"]),
        # Not the mean: a few networks that fit nothing would pull it out of its own band.
        mean=middle,
        low=low,
        high=high,
        mean_name=text("report.article.middle"),
        band=text("report.article.band"),
        seeds=tuple(results.seed.values[:LINES].tolist()),
        lines=numbers(drawn[:, :LINES].swapaxes(0, 1)),
    )


def _curves(study: dict[str, Any]) -> Iterator[Curve]:
    for key, name, role in (
        ("mse_median", "test_median", "held_out"),
        ("mse_mean", "test_mean", "other"),
        ("train_mse_median", "train_median", "train"),
    ):
        values = np.column_stack([study[key], study[f"{key}_interval"]])
        yield Curve(name=text(f"article.figure.{name}"), role=role, band=band(values))  # type: ignore[arg-type]


def _verdict(part: dict[str, Any]) -> Verdict:
    low, high = part["interval"]
    if not isfinite(low):
        how = text("report.article.no_choice")
        return Verdict(label="cannot_tell", sentence=text("article.verdict.too_few"), how=how)
    values = {**part, "low": low, "high": high, "lambda": part["article_lambda"]}
    notes = []
    if part["needed"]:
        notes.append(text("article.verdict.needed", **values))
    if part["at_edge"]:
        notes.append(text("article.verdict.edge"))
    if part["dead_without_decay"]:
        everyone = part["all_seeds"]
        bounds = dict(zip(("low", "high"), everyone["interval"], strict=True))
        dead = {"dead": part["dead_without_decay"], "revived": part["revived"]}
        notes.append(text("article.verdict.revived", **dead, effect=everyone["effect"], **bounds))
    whole = part["baseline"]
    return Verdict(
        label=part["label"],
        sentence=text(f"article.verdict.{part['label']}", **values),
        how=text("article.verdict.how", **values),
        notes=tuple(notes),
        effect=share(part["effect"], whole),
        low=share(low, whole),
        high=share(high, whole),
    )


def _sections(summary: dict[str, Any]) -> Iterator[Section]:
    if "published" in summary:
        yield from _published(summary["published"])
    if "study" in summary:
        yield _became(summary["study"])


def _published(part: dict[str, Any]) -> Iterator[Section]:
    def say(key: str, **values: Any) -> Text:
        return text(f"article.published.{key}", **values)

    without, penalized = part["without"], part["with"]
    names, count = ", ".join(part["penalized"]), len(penalized["norms"])
    rows = []
    for name, sign in MEASURES.items():
        change = penalized[name] - without[name]
        known = isfinite(change) and change != 0
        seen = say("agrees" if change * sign > 0 else "contradicts") if known else same("–")
        working = say("lowers" if sign < 0 else "raises")
        values = (same(four(without[name])), same(four(penalized[name])))
        rows.append((say(name), *values, working, seen))
    yield Section(
        title=text("report.article.published", seed=part["seed"]),
        paragraphs=(
            say("penalized", names=names, count=count),
            both(lambda words: contradiction(without, penalized, words)),
            say("digits"),
        ),
        table=Table(
            columns=tuple(map(say, ("measure", "without", "with", "working", "seen"))),
            rows=tuple(rows),
        ),
    )
    yield Section(
        title=say("shares"),
        table=Table(
            columns=tuple(map(say, ("parameter", "norm", "applied", "described"))),
            rows=tuple(
                (
                    same(name),
                    same(four(norm)),
                    same(f"{part['share'][name]['applied']:.0%}"),
                    same(f"{part['share'][name]['described']:.1%}"),
                )
                for name, norm in penalized["norms"].items()
            ),
        ),
    )


def _became(part: dict[str, Any]) -> Section:
    """What became of the networks as λ grew."""
    from weightdecay.report.article._text import story

    count = len(list(story(part, Words("en"))))
    return Section(
        title=text("report.article.became"),
        paragraphs=tuple(
            both(lambda words, place=place: list(story(part, words))[place])  # type: ignore[misc]
            for place in range(count)
        ),
    )


def _setup(summary: dict[str, Any]) -> Iterator[Setting]:
    def line(name: str, **values: Any) -> Setting:
        said = text(f"report.article.setup_{name}", **values)
        return Setting(name=text(f"report.setup.{name}"), value=said)

    yield line("data")
    yield line("network")
    yield line("training")
    yield line("decay")
    if "study" in summary:
        part = summary["study"]
        yield line("runs", values=len(part["weight_decay"]), seeds=part["seeds"])
        yield Setting(
            name=text("report.setup.engine"),
            value=same(summary["engine"]),
        )
    yield Setting(
        name=text("report.setup.seconds"),
        value=text("report.seconds", value=number(summary["seconds"], 3)),
    )
