"""How good predictions are, in the numbers that people expect."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from weightdecay.tables._losses import losses_of
from weightdecay.tables._target import Target


def scores(target: Target, predicted: NDArray[np.float64], y: NDArray[Any]) -> dict[str, float]:
    """Return scores by name.

    Parameters
    ----------
    target : Target
    predicted : array [N] or [N, C]
        Standardised as y is, or probabilities.
    y : array [N]

    Returns
    -------
    dict
        "rmse" and "mse" in the target's own unit, and "r2", the share of the variance of these rows
        that is explained; or "accuracy" and "log_loss".
    """
    loss = float(losses_of(target.task, predicted, y).mean())
    if target.task != "regression":
        accuracy = float((predicted.argmax(axis=-1) == y).mean())
        return {"accuracy": accuracy, "log_loss": loss}
    variance = float(y.var())
    r2 = 1 - loss / variance if variance > 0 else float("nan")
    return {
        "rmse": float(np.sqrt(loss)) * target.scale,
        "r2": r2,
        "mse": loss * target.scale**2,
    }
