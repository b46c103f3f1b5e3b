"""Paths of λ at several learning rates as a figure: a line for each."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from weightdecay.language import Words
from weightdecay.report._drawing import drawing, interval_bars, lambda_axis

#: Colours of Okabe and Ito, dashes and marks: of different numbers, so that no two lines look alike
#: in all three, and those of the first five in none.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
MARKS = ("o", "^", "s", "D", "v", "P", "X", "*")
#: Decades of λ between two lines.
APART = 0.03


def draw_grid(
    ax: Axes | None,
    lr: Sequence[float],
    lines: Sequence[tuple[Sequence[float], NDArray[np.float64]]],
    choice: tuple[float, float],
    unit: str,
    metric: str,
    words: Words,
) -> Axes:
    """Draw mean error against λ at each learning rate, with 95 % intervals, the choice marked.

    Parameters
    ----------
    ax : Axes or None
        Where to draw; a new figure if None.
    lr : sequence of floats
    lines : sequence of pairs
        For each learning rate its λs [L], ascending from 0, and estimate, lower and upper bound of
        the error at each [L, 3].
    choice : pair of floats
        Learning rate and λ.
    unit : {"fold", "seed"}
        What the intervals are over.
    metric : str
        What is measured.
    words : Words
    """
    with drawing():
        if ax is None:
            ax = Figure(figsize=(7, 4.5), layout="constrained").subplots()
        every = sorted({value for values, _ in lines for value in values})
        place = dict(zip(every, lambda_axis(ax, every, words("path.lambda")), strict=True))
        for number, (rate, (values, curve)) in enumerate(zip(lr, lines, strict=True)):
            # A little apart, so that intervals at one λ do not hide each other.
            aside = APART * (number - (len(lr) - 1) / 2)
            at = np.array([place[value] for value in values]) + aside
            interval_bars(
                ax,
                at,
                curve[:, 0].tolist(),
                curve[:, 1:].tolist(),
                words("grid.line", lr=f"{rate:g}"),
                color=COLOURS[number % len(COLOURS)],
                linestyle=DASHES[number % len(DASHES)],
                marker=MARKS[number % len(MARKS)],
            )
            if rate == choice[0]:
                chosen = list(values).index(choice[1])
                ax.plot(
                    at[chosen],
                    curve[chosen, 0],
                    linestyle="none",
                    marker="o",
                    markersize=15,
                    markerfacecolor="none",
                    markeredgecolor="black",
                    label=words("grid.choice", lr=f"{rate:g}", value=f"{choice[1]:.3g}"),
                )
        ax.set_title(words("grid.title"))
        name = words("path.loss") if metric == "loss" else metric
        ax.set_ylabel(words("grid.measure", measure=name, unit=words(f"path.unit_{unit}")))
        ax.legend(loc="best")
    return ax
