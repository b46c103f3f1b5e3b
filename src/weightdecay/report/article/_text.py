"""The article's experiment in words and tables."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from weightdecay.language import Words
from weightdecay.report._writing import bracketed, heading, table, under

#: The measures of the published part, and the sign of the change that a working penalty brings.
MEASURES = {"relative_error": -1, "mse": -1, "train_mse": +1, "weight_norm": -1}


def text(summary: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    """Yield what the demo prints, from its summary (see ``reference.article.Demo``)."""
    yield Text(words("article.title"), style="bold")
    yield words("article.about")
    if "published" in summary:
        yield from _published(summary["published"], words)
    if "study" in summary:
        yield from _meant(summary["study"], words)
        yield from _verdict(summary["verdict"], words)


def four(value: float) -> str:
    """Four decimals as torch prints them; a figure that does not exist as a dash."""
    return f"{value:.4f}" if isfinite(value) else "–"


def _published(part: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "article.published")
    without, penalized = part["without"], part["with"]
    yield heading(say("title", seed=part["seed"], weight_decay=part["weight_decay"]))
    yield escape(
        say("penalized", names=", ".join(part["penalized"]), count=len(penalized["norms"]))
    )
    measures = table(*map(say, ("measure", "without", "with", "working", "seen")))
    for name, sign in MEASURES.items():
        change = penalized[name] - without[name]
        known = isfinite(change) and change != 0
        verdict = say("agrees" if change * sign > 0 else "contradicts") if known else "–"
        measures.add_row(
            say(name),
            four(without[name]),
            four(penalized[name]),
            say("lowers" if sign < 0 else "raises"),
            verdict,
        )
    yield measures
    yield contradiction(without, penalized, words)
    shares = table(*map(say, ("parameter", "norm", "applied", "described")))
    for name, norm in penalized["norms"].items():
        share = part["share"][name]
        shares.add_row(
            escape(name), four(norm), f"{share['applied']:.0%}", f"{share['described']:.1%}"
        )
    yield Text(say("shares"), style="bold")
    yield shares
    yield Text(say("digits"), style="dim")


def contradiction(without: dict[str, Any], penalized: dict[str, Any], words: Words) -> str:
    """Say how many measures contradict the one that the article looked at."""
    say = under(words, "article.published")
    change = {name: penalized[name] - without[name] for name in MEASURES}
    if not isfinite(change["relative_error"]):
        return say("undefined")
    favourable = change["relative_error"] < 0
    against = [
        name
        for name, sign in MEASURES.items()
        if name != "relative_error" and (change[name] * sign > 0) != favourable
    ]
    if not against:
        return say("none_contradict")
    return say(
        "both",
        seen=say("favourable" if favourable else "unfavourable"),
        count=len(against),
        names=say("and").join(map(say, against)),
    )


def _meant(part: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "article.meant")
    yield heading(say("title", seeds=part["seeds"]))
    yield escape(say("explain"))
    keys = ("lambda", "weight_decay", "dead", "flat", "median", "mean", "train", "norm")
    rows = table(*map(say, keys))
    for i, value in enumerate(part["weight_decay"]):
        rows.add_row(
            f"{part['article_lambda'][i]:.2e}" if value else "0",
            f"{value:.2e}" if value else "0",
            f"{part['dead_fraction'][i]:.0%}",
            f"{part['flat_fraction'][i]:.0%}",
            bracketed(part["mse_median"][i], part["mse_median_interval"][i], _short),
            bracketed(part["mse_mean"][i], part["mse_mean_interval"][i], _short),
            _short(part["train_mse_median"][i]),
            _short(part["weight_norm_median"][i]),
        )
    yield rows
    yield say("dead_explain")
    yield from story(part, words)


def story(part: dict[str, Any], words: Words) -> Iterator[str]:
    """Say what became of the networks as λ grew, a sentence or two at a time."""
    say = under(words, "article.meant")
    dead, back = part["dead_without_decay"], part["ever_revived"]
    if part["dead"][0]:
        yield say(
            "dead_story",
            dead=part["dead"][0],
            seeds=part["seeds"],
            up=dead["output_bias_positive"],
            up_back=back["output_bias_positive"],
            down=dead["output_bias_not_positive"],
            down_back=back["output_bias_not_positive"],
        )
    killed = [
        f"λ = {value:.2g}: {count}"
        for value, count in zip(part["article_lambda"], part["killed"], strict=True)
        if count
    ]
    yield say("killed", counts=", ".join(killed)) if killed else say("none_killed")
    if sum(part["diverged"]):
        yield say("diverged", count=sum(part["diverged"]))
    first, last = part["weight_norm_median"][0], part["weight_norm_median"][-1]
    if isfinite(first) and isfinite(last):
        largest = {"lambda": part["article_lambda"][-1]}
        yield say("norm_story", first=first, last=last, **largest)


def _short(value: float) -> str:
    return f"{value:.1f}" if isfinite(value) else "–"


def _verdict(part: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    say = under(words, "article.verdict")
    yield heading(say("title"))
    if not isfinite(part["interval"][0]):
        yield say("too_few")
        return
    low, high = part["interval"]
    values = {**part, "low": low, "high": high, "lambda": part["article_lambda"]}
    yield say("how", **values)
    style = {"helps": "bold green", "hurts": "bold red"}.get(part["label"], "bold yellow")
    yield Text(say(part["label"], **values), style=style)
    if part["needed"]:
        yield say("needed", **values)
    if part["at_edge"]:
        yield say("edge")
    if part["dead_without_decay"]:
        low, high = part["all_seeds"]["interval"]
        yield escape(
            say(
                "revived",
                dead=part["dead_without_decay"],
                revived=part["revived"],
                effect=part["all_seeds"]["effect"],
                low=low,
                high=high,
            )
        )
