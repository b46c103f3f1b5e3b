"""The chapter and its control as a page."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from weightdecay._versions import versions
from weightdecay.language import Words
from weightdecay.report.d2l._text import numbers_of, said, short, why
from weightdecay.report.page._data import (
    Curve,
    Error,
    Page,
    Path,
    Reference,
    Section,
    Setting,
    Table,
    Text,
    Verdict,
)
from weightdecay.report.page._numbers import band, numbers, share
from weightdecay.report.page._panels import norms, seeds
from weightdecay.report.page._text import both, number, same, text

#: Curves of error: start, variable, role.
CURVES = (
    ("normal", "validation_loss", "held_out"),
    ("zero", "validation_loss", "other"),
    ("normal", "train_loss", "train"),
)
MEASURES = ("validation_loss", "train_loss", "null_space", "row_space", "bias_error")


def page(summary: dict[str, Any], results: xr.Dataset, command: str) -> Page:
    """Return what the page of the chapter shows.

    Parameters
    ----------
    summary : dict
        See ``reference.d2l.Demo``.
    results : xarray.Dataset
        Of both starts.
    command : str
        What makes it again.
    """
    study, protocol = summary["study"], summary["protocol"]
    values = study["weight_decay"]
    normal = results.sel(start="normal").transpose("weight_decay", "seed", "draw", ...)
    measure = text("report.d2l.measure")
    counts = {"draws": study["draws"], "seeds": study["seeds"]}
    last = normal.validation_loss.isel(epoch=-1).rename(draw="fold")
    return Page(
        title=text("d2l.title"),
        subtitle=text("d2l.about", **protocol),
        path=Path(
            values=tuple(values),
            name=text("report.d2l.lambda"),
            chosen=values.index(summary["verdict"]["normal"]["weight_decay"]),
        ),
        error=Error(
            measure=measure,
            over=text("report.d2l.over", **counts),
            scale="log",
            curves=tuple(_curves(study)),
            references=(
                Reference(name=text("d2l.figure.constant"), value=numbers(study["constant_loss"])),
            ),
        ),
        norms=norms(normal, text("report.d2l.over_networks", **counts)),
        seeds=seeds(
            normal,
            last.mean("fold", skipna=False).to_numpy(),
            measure,
            text("report.d2l.seeds", **counts),
        ),
        verdict=_verdict(summary),
        sections=tuple(_sections(summary)),
        setup=tuple(_setup(summary)),
        command=command,
        versions=versions(),
    )


def _curves(study: dict[str, Any]) -> Iterator[Curve]:
    for start, name, role in CURVES:
        part = study[start]
        values = np.column_stack([part[name], part[f"{name}_interval"]])
        label = text("report.d2l.curve", start=_start(start), name=text(f"d2l.table.{name}"))
        yield Curve(name=label, role=role, band=band(values))  # type: ignore[arg-type]


def _start(start: str) -> Text:
    return text(f"report.d2l.{start}")


def _verdict(summary: dict[str, Any]) -> Verdict:
    part, book = summary["verdict"], summary["protocol"]["book_weight_decay"]
    normal, against = part["normal"], part["zero_against_book"]
    chosen = normal["weight_decay"]

    def sentences(verdict: dict[str, Any], kind: str) -> Text:
        # Chinese has no space between sentences.
        return both(
            lambda words: ("" if words.language == "zh" else " ").join(said(verdict, words, kind))
        )

    notes = [sentences(part["zero"], "zero")]
    notes.append(sentences({**against, "weight_decay": book}, "book"))
    if chosen != book:
        notes.append(sentences({**part["zero_against_chosen"], "weight_decay": chosen}, "chosen"))
    notes.extend(text("d2l.verdict.edge") for start in ("normal", "zero") if part[start]["at_edge"])
    as_well = against["label"] in ("helps", "no_difference")
    if as_well and normal["label"] == "helps":
        values = numbers_of({**against, "weight_decay": book})
        notes.insert(0, text("d2l.verdict.erased", **values))
        notes.insert(1, text("d2l.verdict.besides", **numbers_of(part["zero"])))
    else:
        notes.insert(0, text("d2l.verdict.not_shown", **{"lambda": book}))
    whole = normal["baseline"]
    low, high = normal["interval"]
    return Verdict(
        label=normal["label"],
        sentence=sentences(normal, "normal"),
        how=text("d2l.verdict.how", chosen_on=part["chosen_on"], judged_on=normal["judged_on"]),
        notes=tuple(notes),
        effect=share(normal["effect"], whole),
        low=share(low, whole),
        high=share(high, whole),
    )


def _sections(summary: dict[str, Any]) -> Iterator[Section]:
    protocol, study = summary["protocol"], summary["study"]
    count = len(list(why(protocol, study, Words("en"))))
    yield Section(
        title=text("report.d2l.why"),
        paragraphs=tuple(
            both(lambda words, place=place: list(why(protocol, study, words))[place])  # type: ignore[misc]
            for place in range(count)
        ),
    )
    for start in ("normal", "zero"):
        part = study[start]
        rows = [
            (same(f"{value:g}"), *(same(short(part[name][i])) for name in MEASURES))
            for i, value in enumerate(study["weight_decay"])
        ]
        columns = (text("d2l.table.lambda"), *(text(f"d2l.table.{name}") for name in MEASURES))
        yield Section(
            title=_start(start),
            paragraphs=(text("d2l.table.explain"),) if start == "normal" else (),
            table=Table(columns=columns, rows=tuple(rows)),
        )
    constant = short(study["constant_loss"])
    yield Section(
        title=text("report.d2l.comparison"),
        paragraphs=(text("d2l.verdict.constant", constant=constant, **protocol),),
    )


def _setup(summary: dict[str, Any]) -> Iterator[Setting]:
    protocol, study = summary["protocol"], summary["study"]
    values = {
        "data": text("report.d2l.setup_data", **protocol, draws=study["draws"]),
        "network": text("report.d2l.setup_network", **protocol),
        "training": text("report.d2l.setup_training", **protocol),
        "decay": text("report.d2l.setup_decay"),
        "runs": text(
            "report.d2l.setup_runs",
            values=len(study["weight_decay"]),
            draws=study["draws"],
            seeds=study["seeds"],
        ),
        "engine": same(summary["engine"]),
        "seconds": text("report.seconds", value=number(summary["seconds"], 3)),
    }
    for name, value in values.items():
        yield Setting(name=text(f"report.setup.{name}"), value=value)
