"""What a prediction costs, row by row, from arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax

from weightdecay.tables._target import Task

#: The least probability that a class is given: its logarithm has to be finite.
LEAST = 1e-12


def row_losses(task: Task, output: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """Return losses [..., N] of outputs [..., N, Q], those that networks are trained with.

    Parameters
    ----------
    task : {"regression", "binary", "multiclass"}
        Squared error; cross-entropy of one logit; cross-entropy.
    output : array [..., N, Q]
    y : array [N]
    """
    if task == "regression":
        return np.asarray((output[..., 0] - y) ** 2)
    if task == "binary":
        return np.asarray(np.logaddexp(0, output[..., 0]) - y * output[..., 0])
    at = np.broadcast_to(y.astype(int)[:, None], (*output.shape[:-1], 1))
    return np.asarray(-np.take_along_axis(log_softmax(output, axis=-1), at, axis=-1)[..., 0])


def probabilities(task: Task, output: NDArray[Any]) -> NDArray[np.float64]:
    """Return probabilities [..., N, C] of the classes."""
    if task == "binary":
        second = expit(output[..., 0])
        return np.stack([1 - second, second], axis=-1)
    return np.asarray(softmax(output, axis=-1))


def mean_of_seeds(task: Task, output: NDArray[Any]) -> NDArray[np.float64]:
    """Return what S networks predict together: numbers [N], or probabilities [N, C]."""
    if task == "regression":
        return np.asarray(output[..., 0].mean(axis=0))
    return np.asarray(probabilities(task, output).mean(axis=0))


def losses_of(task: Task, predicted: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """Return losses [N] of predictions such as those of :func:`mean_of_seeds`."""
    if task == "regression":
        return np.asarray((predicted - y) ** 2)
    mine = np.take_along_axis(predicted, y.astype(int)[:, None], axis=1)[:, 0]
    return np.asarray(-np.log(np.clip(mine, LEAST, 1)))


def constant_loss(task: Task, y: NDArray[Any]) -> float:
    """Return the loss of the best constant: the variance, or the entropy of the classes."""
    if task == "regression":
        return float(y.var())
    share = np.bincount(y.astype(int)) / len(y)
    share = share[share > 0]
    return float(-(share * np.log(share)).sum())
