"""The chapter and its control in words and tables."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from weightdecay.language import Words
from weightdecay.report._minus import Number
from weightdecay.report._writing import bracketed, heading, indented, table, under

#: A share of the null-space part less than this is not worth a place in a sentence.
NOTHING = 1e-9


def text(summary: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    """Yield what the demo prints, from its summary (see ``reference.d2l.Demo``)."""
    say = under(words, "d2l")
    protocol, study = summary["protocol"], summary["study"]
    yield Text(say("title"), style="bold")
    yield escape(say("about", **protocol))
    yield escape(say("means", **study))
    for start in ("normal", "zero"):
        yield from _table(start, study, words)
    yield escape(say("table.explain"))
    yield from _why(protocol, study, words)
    yield from _verdict(summary, words)


def _table(start: str, study: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    say, part = under(words, "d2l.table"), study[start]
    yield heading(say(start))
    measures = ("validation_loss", "train_loss", "null_space", "row_space", "bias_error")
    rows = table(*map(say, ("lambda", *measures)))
    for i, value in enumerate(study["weight_decay"]):
        loss = bracketed(part["validation_loss"][i], part["validation_loss_interval"][i], short)
        rows.add_row(f"{value:g}", loss, *(short(part[name][i]) for name in measures[1:]))
    yield rows
    if sum(part["diverged"]):
        yield say("diverged", count=sum(part["diverged"]))


def short(value: float) -> str:
    """Three digits, trailing zeros among them; a figure that does not exist as a dash."""
    if not isfinite(value):
        return "–"
    return f"{Number(value):#.3g}".rstrip(".") if value else "0"


def _why(protocol: dict[str, Any], study: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "d2l.why")
    yield heading(say("title"))
    yield from why(protocol, study, words)


def why(protocol: dict[str, Any], study: dict[str, Any], words: Words) -> Iterator[str]:
    """Say why, a sentence or two at a time."""
    say = under(words, "d2l.why")
    yield say("rows", free=protocol["inputs"] - protocol["rows"], **protocol)
    at_start, without = study["normal"]["null_space_at_start"], study["normal"]["null_space"][0]
    yield say("start", start=at_start, without=without)
    shares = [
        say("share", percent=100 * share, **{"lambda": value})
        for value, share in zip(study["weight_decay"], study["remains"], strict=True)
        if value and NOTHING < share < 1
    ]
    if shares:
        yield say("decay", shares=say("and").join(shares), **protocol)
    yield say("zero")


def _verdict(summary: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "d2l.verdict")
    part, book = summary["verdict"], summary["protocol"]["book_weight_decay"]
    yield heading(say("title"))
    yield say("how", chosen_on=part["chosen_on"], judged_on=part["normal"]["judged_on"])
    for start in ("normal", "zero"):
        yield from _said(part[start], words, start)
        if part[start]["at_edge"]:
            yield indented(say("edge"))
    chosen = part["normal"]["weight_decay"]
    yield say("control")
    yield from _said({**part["zero_against_book"], "weight_decay": book}, words, "book")
    if chosen != book:
        yield from _said({**part["zero_against_chosen"], "weight_decay": chosen}, words, "chosen")
    yield heading(say("plain"))
    against = part["zero_against_book"]
    as_well = against["label"] in ("helps", "no_difference")
    if as_well and part["normal"]["label"] == "helps":
        yield Text(say("erased", **numbers_of({**against, "weight_decay": book})), style="bold")
        yield say("besides", **numbers_of(part["zero"]))
    else:
        yield Text(say("not_shown", **{"lambda": book}), style="bold")
    constant = summary["study"]["constant_loss"]
    yield say("constant", constant=short(constant), **summary["protocol"])


def _said(verdict: dict[str, Any], words: Words, kind: str) -> Iterator[RenderableType]:
    """One comparison: of decay from a start ("normal", "zero"), or of the control with decay."""
    first, *others = said(verdict, words, kind)
    if not others:
        yield first
        return
    style = {"helps": "green", "hurts": "red"}.get(verdict["label"], "yellow")
    yield Text(first, style=style)
    yield from map(indented, others)


def said(verdict: dict[str, Any], words: Words, kind: str) -> list[str]:
    """Return what is said of one comparison, sentence by sentence."""
    say, numbers = under(words, "d2l.verdict"), numbers_of(verdict)
    what = say(f"what_{kind}", **numbers)
    if verdict["failed"]:
        return [say("failed", **{**verdict, "what": what})]
    label = say(f"{'control' if kind in ('book', 'chosen') else 'decay'}_{verdict['label']}")
    sentences = [say("says", what=what, label=label), say("effect", **numbers)]
    if verdict["needed"]:
        sentences.append(say("needed", **verdict))
    return sentences


def numbers_of(verdict: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of a verdict as they are put into words."""
    low, high = verdict["interval"]
    return {
        "effect": signed(verdict["effect"]),
        "low": signed(low),
        "high": signed(high),
        "percent": Number(100 * verdict["effect"] / verdict["baseline"]),
        "baseline": short(verdict["baseline"]),
        "treated": short(verdict["baseline"] + verdict["effect"]),
        "lambda": verdict["weight_decay"],
    }


def signed(value: float) -> str:
    """Three digits and a sign."""
    return ("+" if value > 0 else "") + short(value)
