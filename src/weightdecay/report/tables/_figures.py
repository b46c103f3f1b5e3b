"""The figures of a fit."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from weightdecay.language import Words
from weightdecay.report._path import draw_path


def figures(summary: Mapping[str, Any], words: Words) -> dict[str, Figure]:
    """Return the path of λ, in the unit of the target, as a figure.

    Parameters
    ----------
    summary : mapping
        Of a fit.
    words : Words
    """
    rows = summary["path"]
    held_out = np.array([[row["error"], *row["interval"]] for row in rows], dtype=float)
    train = np.array([[row["train_error"]] * 3 for row in rows], dtype=float)
    held_out = np.maximum(held_out, 0)  # no error is below 0, whatever the t interval says
    label = words("fit.measure_log_loss")
    if summary["metric"] == "mse":
        held_out, train = np.sqrt(held_out), np.sqrt(train)
        label = words("fit.figure_held_out")
    unit = "fold" if summary["evaluation"]["nested"] else "seed"
    values = [row["weight_decay"] for row in rows]
    axes = draw_path(None, values, [held_out, train], summary["choice"], unit, label, words)
    figure = axes.figure
    assert isinstance(figure, Figure)
    return {"path": figure}
