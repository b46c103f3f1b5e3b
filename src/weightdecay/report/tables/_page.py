"""A fit of a table as a page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from weightdecay._versions import versions
from weightdecay.language import Words
from weightdecay.report.page._data import (
    Confusion,
    Curve,
    Dependence,
    Error,
    Fit,
    Page,
    Path,
    Reference,
    Scatter,
    Section,
    Seeds,
    Setting,
    Table,
    Text,
    Training,
    Verdict,
)
from weightdecay.report.page._numbers import band, numbers, share
from weightdecay.report.page._panels import norms, seeds, training
from weightdecay.report.page._text import both, number, over_networks, same, text
from weightdecay.report.tables._fit_text import judgement, what_was_read
from weightdecay.report.tables._numbers import four
from weightdecay.report.tables._predict_text import SCORES


def page(
    summary: Mapping[str, Any],
    results: xr.Dataset,
    shown: Any,
    picks: Sequence[int | None],
    unit: float,
    command: str,
) -> Page:
    """Return what the page of a fit shows.

    Parameters
    ----------
    summary : mapping
        Of a fit.
    results : xarray.Dataset
        Of its path, in the unit of the standardised target.
    shown : tables.Shown
        What its networks say of single rows.
    picks : pair of int or None
        Places of the λs that "min" and "1se" pick.
    unit : float
        What errors of the standardised target are multiplied by.
    command : str
        What makes it again.
    """
    values = [row["weight_decay"] for row in summary["path"]]
    chosen = values.index(summary["choice"])
    return Page(
        title=text("report.fit.title", target=summary["target"], data=summary["data"]),
        subtitle=text(
            f"report.fit.subtitle_{summary['task']}",
            target=summary["target"],
            rows=summary["rows"],
            count=len(summary["classes"]),
        ),
        path=Path(
            values=tuple(values),
            name=text("report.lambda"),
            chosen=chosen,
            minimum=picks[0],
            one_se=picks[1],
        ),
        fit=_fit(summary, shown, values[chosen]),
        error=error(summary),
        norms=norms(results, over_networks(**_networks(summary))),
        training=_training(summary, results, unit),
        seeds=_seeds(summary, results, unit),
        verdict=_verdict(summary),
        sections=tuple(_sections(summary)),
        setup=tuple(setup(summary)),
        command=command,
        versions=versions(),
        thinned=tuple(_thinned(shown, summary)),
    )


def measure(summary: Mapping[str, Any]) -> Text:
    """The measure of errors as they are shown: a root, of squared ones."""
    if summary["metric"] == "mse":
        return text("report.rmse", target=summary["target"])
    return text("report.cross_entropy")


def shown_error(value: Any, summary: Mapping[str, Any]) -> Any:
    """An error, or a bound, as it is shown; no error is below 0, whatever a t interval says."""
    positive = np.maximum(np.asarray(value, dtype=float), 0)
    return np.sqrt(positive) if summary["metric"] == "mse" else positive


def _networks(summary: Mapping[str, Any]) -> dict[str, Any]:
    return {"seeds": summary["recipe"]["seeds"], "folds": summary["evaluation"]["folds"]}


def error(summary: Mapping[str, Any]) -> Error:
    """Errors against λ, in the unit of the target."""
    rows = summary["path"]
    held_out = [[row["error"], *row["interval"]] for row in rows]
    train = [[row["train_error"], np.nan, np.nan] for row in rows]
    linear = summary["scores"]["baseline"]
    rival = linear["rmse"] if summary["metric"] == "mse" else linear["log_loss"]
    constant = float(shown_error(summary["constant_error"], summary))
    named = {
        text("report.fit.constant"): constant,
        text("report.fit.linear", model=summary["baseline"]["model"]): rival,
    }
    nested = summary["evaluation"]["nested"]
    return Error(
        measure=measure(summary),
        over=text(f"report.fit.over_{'folds' if nested else 'seeds'}", **_networks(summary)),
        curves=(
            Curve(
                name=text("report.fit.held_out" if nested else "report.fit.choosing"),
                role="held_out",
                band=band(shown_error(held_out, summary)),
            ),
            Curve(
                name=text("report.fit.train"),
                role="train",
                band=band(shown_error(train, summary)),
            ),
        ),
        references=tuple(
            Reference(name=name, value=numbers(value))
            for name, value in named.items()
            if np.isfinite(value)
        ),
    )


def _fit(summary: Mapping[str, Any], shown: Any, choice: float) -> Fit:
    target = summary["target"]
    panel: Scatter | Confusion
    if summary["metric"] == "mse":
        panel = Scatter(
            target=target,
            observed=numbers(shown.observed),
            predicted=numbers(shown.predicted),
            about=over_networks("fit.about_rows", rows=len(shown.rows), **_networks(summary)),
        )
    else:
        panel = Confusion(
            target=target,
            classes=tuple(summary["classes"]),
            counts=_counts(shown.observed, shown.predicted, len(summary["classes"])),
            about=over_networks("fit.about_rows", rows=len(shown.rows), **_networks(summary)),
        )
    found = tuple(_dependence(one, summary) for one in shown.dependence)
    about = None
    if found:
        about = over_networks("fit.about_dependence", value=choice, **_networks(summary))
    return Fit(shown=panel, dependence=found, dependence_about=about)


def _counts(observed: Any, predicted: Any, classes: int) -> Any:
    """How many rows of each class were taken for which [L, C, C]; those without a guess nowhere."""
    tables = np.zeros((len(predicted), classes, classes), dtype=int)
    for table, guesses in zip(tables, predicted, strict=True):
        known = guesses >= 0
        np.add.at(table, (observed[known], guesses[known]), 1)
    return tuple(tuple(tuple(row) for row in table) for table in tables.tolist())


def _dependence(one: Any, summary: Mapping[str, Any]) -> Dependence:
    """Mean over seeds [L, g], and from the lowest seed to the highest."""
    found = np.full((3, *one.each[:, 0].shape), np.nan)
    for place, each in enumerate(one.each):
        known = each[np.isfinite(each).all(axis=1)]
        if len(known):
            found[:, place] = known.mean(axis=0), known.min(axis=0), known.max(axis=0)
    mean, low, high = map(numbers, found)
    named = isinstance(one.at, tuple)
    return Dependence(
        column=one.column,
        at=None if named else numbers(one.at),
        levels=one.at if named else None,
        of=None if one.of is None else summary["classes"][one.of],
        mean=mean,
        low=low,
        high=high,
    )


def _training(summary: Mapping[str, Any], results: xr.Dataset, unit: float) -> Training:
    squared = summary["metric"] == "mse"
    name = "mse_training" if squared else "cross_entropy_training"
    nested = summary["evaluation"]["nested"]
    return training(
        results,
        text(f"report.{name}", target=summary["target"]),
        over_networks("over_training", **_networks(summary)),
        test_name=text("report.fit.held_out" if nested else "report.fit.choosing"),
        unit=unit,
    )


def _seeds(summary: Mapping[str, Any], results: xr.Dataset, unit: float) -> Seeds:
    errors = results.error.mean("fold", skipna=False).to_numpy() * unit
    about = over_networks("fit.seeds", **_networks(summary))
    return seeds(results, shown_error(errors, summary), measure(summary), about)


def _verdict(summary: Mapping[str, Any]) -> Verdict:
    verdict, rival = summary["verdict"], summary["baseline"]
    whole = verdict["error_of_first"]
    low, high = verdict["interval"]
    model = rival["model"]
    notes = [
        both(lambda words: judgement(rival["verdict"], "rival_", summary, words, model=model)),
    ]
    if summary["at_edge"]:
        notes.append(text("report.fit.at_edge"))
    key = "hold_out" if not summary["evaluation"]["nested"] else "folds"
    evaluation = {"folds": summary["evaluation"]["folds"]}
    return Verdict(
        label=verdict["label"],
        sentence=both(lambda words: judgement(verdict, "", summary, words)),
        how=text(f"fit.{key}", **evaluation, rows=summary["evaluation"]["rows_judged"]),
        notes=tuple(notes),
        effect=share(verdict["effect"], whole),
        low=share(low, whole),
        high=share(high, whole),
    )


def _sections(summary: Mapping[str, Any]) -> Iterator[Section]:
    rows = summary["scores"]
    keys = [key for key in SCORES if key in rows["with_decay"]]
    labels = {
        "with_decay": text("fit.with_decay"),
        "without_decay": text("fit.without_decay"),
        "baseline": same(summary["baseline"]["model"]),
    }
    yield Section(
        title=text("fit.scores", seeds=summary["recipe"]["seeds"]),
        table=Table(
            columns=(text("report.fit.model"), *(text(f"fit.{SCORES[key]}") for key in keys)),
            rows=tuple(
                (label, *(same(four(rows[name][key])) for key in keys))
                for name, label in labels.items()
            ),
        ),
    )
    yield reading(summary)


def reading(summary: Mapping[str, Any]) -> Section:
    """What was read, and what was made of it."""
    said = {
        words.language: [str(part) for part in what_was_read(summary, words)][1:]
        for words in (Words("en"), Words("zh"))
    }
    paragraphs = (Text(en=en, zh=zh) for en, zh in zip(said["en"], said["zh"], strict=True))
    return Section(title=text("fit.data"), paragraphs=tuple(paragraphs))


def setup(summary: Mapping[str, Any]) -> Iterator[Setting]:
    """The lines of the set-up of a fit or a comparison."""
    recipe = {**summary["recipe"], "hidden": ", ".join(map(str, summary["recipe"]["hidden"]))}

    def line(name: str, said: Text) -> Setting:
        return Setting(name=text(f"report.setup.{name}"), value=said)

    yield line("data", same(summary["data"]))
    yield line("training", text("fit.recipe", **recipe))
    if "decay" in recipe:
        yield line("decay", text("report.fit.decay"))
    nested = summary["evaluation"]["nested"]
    rows, folds = summary["evaluation"]["rows_judged"], summary["evaluation"]["folds"]
    yield line(
        "evaluation",
        text("fit.folds", folds=folds) if nested else text("fit.hold_out", rows=rows),
    )
    if "engine" in summary:
        yield line("engine", same(summary["engine"]))
    yield line("seconds", text("report.seconds", value=number(summary["seconds"], 3)))


def _thinned(shown: Any, summary: Mapping[str, Any]) -> Iterator[Text]:
    if len(shown.rows) < shown.judged:
        key = "points" if summary["metric"] == "mse" else "counted"
        yield text(f"report.fit.thinned_{key}", count=len(shown.rows), total=shown.judged)
    if shown.dependence:
        yield text("report.fit.thinned_dependence", rows=shown.averaged)
