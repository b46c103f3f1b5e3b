"""The chapter and its control in pictures."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from weightdecay.language import Words
from weightdecay.report._drawing import TEST, TRAIN, drawing, interval_bars, lambda_axis
from weightdecay.report._writing import under

# Of Okabe and Ito's palette, as the others.
ZERO, NULL_SPACE, ROW_SPACE = "#009e73", "#cc79a7", "#56b4e9"
#: A training loss below this is rounding: the rows have been learnt by heart.
BY_HEART = 1e-9
#: The scale of lengths is linear below this, so that 0 stands on it.
LINEAR = 1e-3


def figures(summary: dict[str, Any], words: Words) -> dict[str, Figure]:
    """Draw the experiment from its summary (see ``reference.d2l.Demo``).

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        "errors", of both starts against λ, and "subspaces", the weights' parts in the row space and
        the null space of the data.
    """
    with drawing():
        return {"errors": _errors(summary, words), "subspaces": _subspaces(summary, words)}


def _errors(summary: dict[str, Any], words: Words) -> Figure:
    say, study = under(words, "d2l.figure"), summary["study"]
    figure = Figure(figsize=(15, 4.8), layout="constrained")
    figure.suptitle(say("errors"))
    normal, zero, close = figure.subplots(1, 3)
    for axes, start in ((normal, "normal"), (zero, "zero")):
        part = study[start]
        place = lambda_axis(axes, study["weight_decay"], say("lambda_axis"))
        axes.set_title(say(start))
        axes.set_yscale("log")
        for name, color, line, marker in (
            ("validation_loss", TEST, "-", "o"),
            ("train_loss", TRAIN, "-.", "^"),
        ):
            look = {"color": color, "linestyle": line, "marker": marker}
            interval_bars(axes, place, part[name], part[f"{name}_interval"], say(name), **look)
        _constant(axes, summary, words)
        _chosen(axes, place, summary, start, words)
        axes.set_ylabel(say("loss"))
        axes.legend(loc="upper right")
    zero.sharey(normal)
    normal.set_ylim(BY_HEART, 5 * np.nanmax(study["normal"]["validation_loss"]))
    note = say("by_heart", loss=study["zero"]["train_loss"][0])
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    zero.text(0.97, 0.03, note, transform=zero.transAxes, ha="right", fontsize="small", bbox=box)

    place = lambda_axis(close, study["weight_decay"], say("lambda_axis"))
    close.set_title(say("close"))
    close.set_ylabel(say("validation_loss"))
    for start, color, line, marker in (("normal", TEST, "-", "o"), ("zero", ZERO, "--", "s")):
        part = study[start]
        look = {"color": color, "linestyle": line, "marker": marker}
        intervals = part["validation_loss_interval"]
        interval_bars(close, place, part["validation_loss"], intervals, say(start), **look)
    _constant(close, summary, words)
    # Room for the differences that a start from zero has; what exceeds it is in the first panel.
    lowest = np.nanmin(study["zero"]["validation_loss_interval"])
    close.set_ylim(0.95 * lowest, 1.25 * study["constant_loss"])
    close.legend(loc="best")
    figure.supxlabel(say("note", **study), fontsize="small")
    return figure


def _constant(axes: Axes, summary: dict[str, Any], words: Words) -> None:
    label = words("d2l.figure.constant")
    axes.axhline(
        summary["study"]["constant_loss"], color="0.3", linestyle=":", linewidth=1.2, label=label
    )


def _chosen(axes: Axes, place: Any, summary: dict[str, Any], start: str, words: Words) -> None:
    at = summary["study"]["weight_decay"].index(summary["verdict"][start]["weight_decay"])
    label = words("d2l.figure.chosen")
    axes.axvline(place[at], color="black", linestyle="--", linewidth=1, label=label)


def _subspaces(summary: dict[str, Any], words: Words) -> Figure:
    say, study = under(words, "d2l.figure"), summary["study"]
    figure = Figure(figsize=(11, 4.8), layout="constrained")
    figure.suptitle(say("subspaces", **summary["protocol"]))
    panels = figure.subplots(1, 2, sharey=True)
    for axes, start in zip(panels, ("normal", "zero"), strict=True):
        part = study[start]
        place = lambda_axis(axes, study["weight_decay"], say("lambda_axis"))
        axes.set_title(say(start))
        axes.set_yscale("symlog", linthresh=LINEAR)
        for name, color, line, marker in (
            ("null_space", NULL_SPACE, "-", "o"),
            ("row_space", ROW_SPACE, "--", "s"),
        ):
            look = {"color": color, "linestyle": line, "marker": marker}
            interval_bars(axes, place, part[name], part[f"{name}_interval"], say(name), **look)
        # No cross where a step overshoots: those runs diverge.
        left = [part["null_space_at_start"] * x if x <= 1 else np.nan for x in study["remains"]]
        label = say("remains", **summary["protocol"])
        axes.plot(place, left, color="black", linestyle="", marker="x", zorder=3, label=label)
        axes.legend(loc="upper right")
    panels[0].set_ylabel(say("length"))
    panels[0].set_ylim(-0.3 * LINEAR, 3 * np.nanmax(study["normal"]["null_space"]))
    figure.supxlabel(say("note", **study), fontsize="small")
    return figure
