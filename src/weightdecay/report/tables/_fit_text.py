"""What a fit found, for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from weightdecay.language import Words, shown
from weightdecay.report._writing import heading, table, under
from weightdecay.report.tables._numbers import change, error, four, names, pairs
from weightdecay.report.tables._predict_text import SCORES


def text(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    """Return what is printed, part by part: nothing in it is read as markup.

    Parameters
    ----------
    summary : mapping
        Of a fit.
    words : Words
    """
    say = under(words, "fit")
    yield from what_was_read(summary, words)
    yield from task(summary, words)
    yield from _path(summary, words)
    yield heading(say("verdict"))
    yield Text(judgement(summary["verdict"], "", summary, words))
    yield heading(say("rival"))
    rival = summary["baseline"]
    yield Text(judgement(rival["verdict"], "rival_", summary, words, model=rival["model"]))
    yield from _scores(summary, words)


def what_was_read(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    """What was read, and what was made of it."""
    say = under(words, "fit")
    columns = summary["columns"]
    yield heading(say("data"))
    count = sum(map(len, columns.values()))
    read = {"rows": summary["rows"], "columns": count, "features": summary["features"]}
    yield Text(say("rows", data=summary["data"], **read))
    yield Text(say("kinds", **{kind: names(listed) for kind, listed in columns.items()}))
    if summary["rows_without_target"]:
        yield Text(say("without_target", count=summary["rows_without_target"]))
    if summary["imputed"]:
        said = [f"{name}: {count}" for name, count in summary["imputed"].items()]
        yield Text(say("imputed", names=names(said)))
    if summary["marks"]:
        said = [f"{name}: {' '.join(marks)}" for name, marks in summary["marks"].items()]
        yield Text(say("marks", names=names(said)))
    if summary["notations"]:
        said = [f"{shown(name, 30)} ({way})" for name, way in summary["notations"].items()]
        yield Text(say("notations", names=_some(said)))
    if summary["dropped"]:
        said = [
            f"{shown(d['name'], 30)} ({say('reason_' + d['reason'])})" for d in summary["dropped"]
        ]
        yield Text(say("dropped", names=_some(said)))
    if summary["groups"] is not None:
        yield Text(say("groups", count=summary["groups"]))


def _some(said: list[str]) -> str:
    return ", ".join(said[:8]) + (", …" if len(said) > 8 else "")


def task(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    """What is predicted, by which networks, and how they are judged."""
    say = under(words, "fit")
    yield heading(say("task"))
    classes = summary["classes"]
    about = {"target": shown(summary["target"]), "classes": names(classes), "count": len(classes)}
    yield Text(say(summary["task"], **about))
    recipe = summary["recipe"]
    yield Text(say("recipe", **{**recipe, "hidden": ", ".join(map(str, recipe["hidden"]))}))
    evaluation = summary["evaluation"]
    if evaluation["nested"]:
        yield Text(say("folds", folds=evaluation["folds"]))
    else:
        yield Text(say("hold_out", rows=evaluation["rows_judged"]))


def _path(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "fit")
    yield heading(say("path"))
    metric = summary["metric"]
    failed = any(row["failed"] for row in summary["path"])
    columns = [
        say("lambda"),
        say(metric),
        "95 %",
        say("train"),
        *([say("failed")] if failed else []),
    ]
    made = table(*columns)
    for row in summary["path"]:
        low, high = (error(bound, metric) for bound in row["interval"])
        cells = [
            f"{row['weight_decay']:.3g}",
            error(row["error"], metric),
            f"{low} – {high}",
            error(row["train_error"], metric),
            *([str(row["failed"] or "")] if failed else []),
        ]
        style = "bold" if row["weight_decay"] == summary["choice"] else ""
        made.add_row(*map(Text, cells), style=style)
    yield made
    chosen = summary["choice"]
    yield Text(say("choice", value=chosen) if chosen else say("choice_zero"))
    if summary["at_edge"]:
        yield Text(say("at_edge"))


def judgement(
    verdict: Mapping[str, Any], key: str, summary: Mapping[str, Any], words: Words, **more: str
) -> str:
    """What a verdict says, with its interval."""
    say = under(words, "fit")
    if verdict["failed"]:
        return say("lost", count=verdict["failed"])
    measure = say(f"measure_{summary['metric']}")
    said = {**change(verdict), "pairs": pairs(verdict, words), "measure": measure, **more}
    sentence = say(f"{key}{verdict['label']}", **said)
    slight = max(map(abs, verdict["interval"])) <= verdict["margin"]
    if slight and verdict["label"] in ("helps", "hurts"):
        return say("slight", sentence=sentence, margin=said["margin"])
    return sentence


def _scores(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "fit")
    yield heading(say("scores", seeds=summary["recipe"]["seeds"]))
    rows = summary["scores"]
    keys = [key for key in SCORES if key in rows["with_decay"]]
    made = table("", *(say(SCORES[key]) for key in keys))
    labels = {
        "with_decay": say("with_decay"),
        "without_decay": say("without_decay"),
        "baseline": summary["baseline"]["model"],
    }
    for name, label in labels.items():
        made.add_row(label, *(four(rows[name][key]) for key in keys))
    yield made
