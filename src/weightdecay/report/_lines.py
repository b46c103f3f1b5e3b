"""Several paths of λ as a figure: a line for each learning rate, or kind of decay."""

from collections.abc import Sequence
from typing import NamedTuple

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


class Line(NamedTuple):
    """A path: its name, its λs [L], ascending from 0, and their errors with intervals [L, 3]."""

    name: str
    weight_decay: Sequence[float]
    curve: NDArray[np.float64]


def draw_lines(
    ax: Axes | None,
    lines: Sequence[Line],
    best: int,
    choice: float,
    unit: str,
    metric: str,
    title: str,
    words: Words,
) -> Axes:
    """Draw mean error against λ of each path, with 95 % intervals, the choice marked.

    Parameters
    ----------
    ax : Axes or None
        Where to draw; a new figure if None.
    lines : sequence of Line
    best : int
        Which of them is chosen.
    choice : float
        One of its λs.
    unit : {"fold", "seed"}
        What the intervals are over.
    metric : str
        What is measured.
    title : str
    words : Words
    """
    with drawing():
        if ax is None:
            ax = Figure(figsize=(7, 4.5), layout="constrained").subplots()
        every = sorted({value for line in lines for value in line.weight_decay})
        place = dict(zip(every, lambda_axis(ax, every, words("path.lambda")), strict=True))
        for number, (name, values, curve) in enumerate(lines):
            # A little apart, so that intervals at one λ do not hide each other.
            aside = APART * (number - (len(lines) - 1) / 2)
            at = np.array([place[value] for value in values]) + aside
            interval_bars(
                ax,
                at,
                curve[:, 0].tolist(),
                curve[:, 1:].tolist(),
                _label(name),
                color=COLOURS[number % len(COLOURS)],
                linestyle=DASHES[number % len(DASHES)],
                marker=MARKS[number % len(MARKS)],
            )
            if number == best:
                chosen = list(values).index(choice)
                ax.plot(
                    at[chosen],
                    curve[chosen, 0],
                    linestyle="none",
                    marker="o",
                    markersize=15,
                    markerfacecolor="none",
                    markeredgecolor="black",
                    label=words("lines.choice", name=_label(name).strip(), value=f"{choice:.3g}"),
                )
        ax.set_title(title)
        measure = words("path.loss") if metric == "loss" else metric
        ax.set_ylabel(words("lines.measure", measure=measure, unit=words(f"path.unit_{unit}")))
        ax.legend(loc="best")
    return ax


def _label(name: str) -> str:
    """A user's name as a label: no formula, and shown though it begin with an underscore."""
    escaped = name.replace("$", r"\$")
    return f" {escaped}" if name.startswith("_") else escaped
