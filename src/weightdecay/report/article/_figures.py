"""The article's experiment in pictures."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from weightdecay.language import Words
from weightdecay.report._drawing import TEST, TRAIN, drawing, interval_bars, lambda_axis

# The article's own colours; the rest are from Okabe and Ito's palette for colour-blind readers.
POINTS, TRUTH, FIT = "red", "#e6b400", "blue"
PENALTY, DEAD, FLAT = "#009e73", "#555555", "#cc79a7"


def figures(
    summary: dict[str, Any],
    published: dict[str, NDArray[np.float64]] | None,
    results: xr.Dataset | None,
    words: Words,
) -> dict[str, Figure]:
    """Draw the experiment.

    Parameters
    ----------
    summary : dict
        See ``reference.article.Demo``.
    published : dict of str to array [1000] or None
        Predictions of the published networks over x = 0, 0.01 … 9.99: "without" and "with".
    results : xarray.Dataset or None
        Of the study, see ``reference.article``.
    words : Words

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        "fit", and with the study "path" and "curves".
    """
    drawn = {}
    with drawing():
        drawn["fit"] = _fit(summary, published, results, words)
        if results is not None:
            drawn["path"] = _path(summary, words)
            drawn["curves"] = _curves(summary, results, words)
    return drawn


def _chosen(summary: dict[str, Any]) -> int:
    """The place of the chosen λ in the path; of the largest where none could be chosen."""
    value = summary["verdict"]["weight_decay"]
    path = summary["study"]["weight_decay"]
    return path.index(value) if value is not None else len(path) - 1


def _fit(
    summary: dict[str, Any],
    published: dict[str, NDArray[np.float64]] | None,
    results: xr.Dataset | None,
    words: Words,
) -> Figure:
    def say(key: str, **values: object) -> str:
        return words(f"article.figure.{key}", **values)

    rows = (published is not None) + (results is not None)
    figure = Figure(figsize=(10, 4.2 * rows), layout="constrained")
    figure.suptitle(say("fit"))
    panels = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False)
    x = np.arange(1000) / 100
    if published is not None:
        for axes, (name, prediction) in zip(panels[0], published.items(), strict=True):
            axes.set_title(say(f"published_{name}", seed=summary["published"]["seed"]))
            _frame(axes, x, summary["data"], say)
            axes.plot(x, prediction, color=FIT, label=say("prediction"))
    if results is not None:
        chosen = _chosen(summary)
        for axes, key, i in zip(panels[-1], ("without", "with"), (0, chosen), strict=True):
            alive = results.alive[i].to_numpy()
            value = summary["study"]["article_lambda"][i]
            title = say(f"meant_{key}", count=int(alive.sum()), **{"lambda": value})
            axes.set_title(title)
            _frame(axes, x, summary["data"], say)
            if alive.any():
                fits = results.prediction[i].to_numpy()[alive]
                low, median, high = np.quantile(fits, (0.1, 0.5, 0.9), axis=0)
                axes.fill_between(
                    x, low, high, color=FIT, alpha=0.2, linewidth=0, label=say("band")
                )
                axes.plot(x, median, color=FIT, label=say("median_prediction"))
    for axes in panels.flat:
        axes.legend(loc="upper left")
    return figure


def _frame(axes: Axes, x: NDArray[np.float64], data: dict[str, list[float]], say: Any) -> None:
    """What every panel of the fit has: the training points and the truth."""
    axes.plot(x, x**2, color=TRUTH, linewidth=2.5, label=say("truth"))
    axes.scatter(data["x"], data["y"], color=POINTS, zorder=3, label=say("points"))
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    axes.set_ylim(-5, 110)


def _path(summary: dict[str, Any], words: Words) -> Figure:
    def say(key: str, **values: object) -> str:
        return words(f"article.figure.{key}", **values)

    study, verdict = summary["study"], summary["verdict"]
    figure = Figure(figsize=(15, 4.6), layout="constrained")
    figure.suptitle(say("path"))
    error, share, norm = figure.subplots(1, 3)
    values = study["article_lambda"]

    place = lambda_axis(error, values, say("lambda_axis"))
    error.set_title(say("error_title"))
    error.set_ylabel(say("error"))
    for key, label, style in (
        ("median", "test_median", {"marker": "o", "color": TEST}),
        ("mean", "test_mean", {"marker": "s", "color": TEST, "linestyle": "--", "mfc": "white"}),
    ):
        interval_bars(
            error, place, study[f"mse_{key}"], study[f"mse_{key}_interval"], say(label), **style
        )
    train = study["train_mse_median"]
    error.plot(place, train, color=TRAIN, marker="^", linestyle="-.", label=say("train_median"))
    # Collapsed networks are off the chart, or nobody would see the difference that matters.
    note = say("interval_note")
    high = 2.5 * max(study["mse_median"][0], train[0])
    if np.isfinite(high):
        error.set_ylim(0, high)
        if (worst := np.nanmax(study["mse_mean"])) > high:
            note += "\n" + say("off_chart", worst=worst)
    error.text(0.02, 0.02, note, transform=error.transAxes, fontsize="small")

    place = lambda_axis(share, values, say("lambda_axis"))
    share.set_title(say("share_title"))
    share.set_ylabel(say("share"))
    share.set_ylim(-0.03, 1.03)
    share.plot(place, study["dead_fraction"], color=DEAD, marker="x", label=say("dead"))
    share.plot(
        place, study["flat_fraction"], color=FLAT, marker="o", linestyle="--", label=say("flat")
    )

    place = lambda_axis(norm, values, say("lambda_axis"))
    norm.set_title(say("norm_title"))
    norm.set_ylabel(say("norm"))
    label = say("norm_median")
    medians, intervals = study["weight_norm_median"], study["weight_norm_interval"]
    interval_bars(norm, place, medians, intervals, label, marker="o", color=PENALTY)
    norm.set_ylim(0, None)

    for axes in (error, share, norm):
        if verdict["weight_decay"] is not None:
            at = place[_chosen(summary)]
            axes.axvline(at, color="black", linestyle="--", linewidth=1, label=say("chosen"))
        axes.legend(loc="best")
    return figure


def _curves(summary: dict[str, Any], results: xr.Dataset, words: Words) -> Figure:
    def say(key: str, **values: object) -> str:
        return words(f"article.figure.{key}", **values)

    figure = Figure(figsize=(10, 4.6), layout="constrained")
    figure.suptitle(say("curves"))
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    chosen = _chosen(summary)
    value = summary["study"]["article_lambda"][chosen]
    titles = (say("curves_without"), say("curves_with", **{"lambda": value}))
    epochs = results.epoch.to_numpy()
    for axes, i, title in zip(panels, (0, chosen), titles, strict=True):
        alive = results.alive[i].to_numpy()
        axes.set_title(title)
        for name, key, color, line in (
            ("train_loss", "train_curve", TRAIN, "-."),
            ("test_loss", "test_curve", TEST, "-"),
            ("penalty", "penalty_curve", PENALTY, "--"),
        ):
            curves = results[name][i].to_numpy()[alive]
            if not len(curves) or not (curves > 0).any():
                continue
            low, median, high = np.nanquantile(curves, (0.25, 0.5, 0.75), axis=0)
            axes.fill_between(epochs, low, high, color=color, alpha=0.2, linewidth=0)
            axes.plot(epochs, median, color=color, linestyle=line, label=say(key))
        axes.set_yscale("log")
        axes.set_xlabel(say("epoch"))
        axes.legend(loc="best")
    panels[0].set_ylabel(say("error"))
    figure.supxlabel(say("curve_note"), fontsize="small")
    return figure
