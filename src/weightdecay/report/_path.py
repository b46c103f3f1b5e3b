"""A path of λ as a figure: error against λ."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from weightdecay.language import Words
from weightdecay.report._drawing import TEST, TRAIN, drawing, lambda_axis


def draw_path(
    ax: Axes | None,
    weight_decay: Sequence[float],
    curves: Sequence[NDArray[np.float64]],
    choice: float,
    unit: str,
    metric: str,
    words: Words,
) -> Axes:
    """Draw mean error against λ with 95 % intervals over units, the choice marked.

    Parameters
    ----------
    ax : Axes or None
        Where to draw; a new figure if None.
    weight_decay : sequence [L]
        λs, ascending from 0.
    curves : sequence of array [L, 3]
        Estimate, lower and upper bound at each λ: of the held-out error, and of the training loss
        if it is of the same kind.
    choice : float
        One of the λs.
    unit : {"fold", "seed"}
        What the intervals are over.
    metric : str
        What is measured.
    words : Words
    """
    with drawing():
        if ax is None:
            ax = Figure(figsize=(7, 4.5), layout="constrained").subplots()
        place = lambda_axis(ax, weight_decay, words("path.lambda"))
        looks = (("held_out", TEST, "-", "o"), ("train", TRAIN, "-.", "^"))
        for values, (key, color, line, marker) in zip(curves, looks, strict=False):
            middle, low, high = values.T
            reach = np.nan_to_num([middle - low, high - middle])
            ax.errorbar(
                place,
                middle,
                yerr=reach,
                color=color,
                linestyle=line,
                marker=marker,
                capsize=2,
                label=words(f"path.{key}", unit=words(f"path.unit_{unit}")),
            )
        at = place[list(weight_decay).index(choice)]
        ax.axvline(at, color="black", linestyle="--", linewidth=1, label=words("path.choice"))
        ax.set_title(words("path.title"))
        ax.set_ylabel(words("path.loss") if metric == "loss" else metric)
        ax.legend(loc="best")
    return ax
