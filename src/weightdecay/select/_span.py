"""Where a path of λ should begin and end: from no effect to collapse."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: A training loss this close to the one without decay counts as unchanged.
UNCHANGED = 0.05
#: A training loss of at least this share of the best constant's counts as collapsed.
COLLAPSED = 0.99


def learns(train_loss: ArrayLike, constant_loss: float) -> NDArray[np.bool_]:
    """Return which members predict better than a constant on what they trained on; NaN does not.

    Parameters
    ----------
    train_loss : array
    constant_loss : float
        Training loss of the best constant prediction.
    """
    better: NDArray[np.bool_] = np.asarray(train_loss, dtype=float) < COLLAPSED * constant_loss
    return better


def span(
    weight_decay: ArrayLike, train_loss: ArrayLike, constant_loss: float
) -> tuple[float, float]:
    """Find the ends of a path from a coarse pilot.

    Parameters
    ----------
    weight_decay : array [L]
        λs of the pilot, ascending from 0.
    train_loss : array [L, n]
        Final training loss of n members at each, paired by seed; NaN where one diverged.
    constant_loss : float
        Training loss of the best constant prediction.

    Returns
    -------
    low, high : float
        `high`: the smallest λ at which every member predicts no better than a constant, or the
        largest of the pilot if none does. `low`: the largest λ up to which the median change of the
        training loss, over members that learn without decay, is at most 5 %; the smallest above 0
        if there is none; never more than `high`.
    """
    path = np.asarray(weight_decay, dtype=float)
    loss = np.asarray(train_loss, dtype=float)
    learnt = learns(loss[0], constant_loss)
    # A NaN is no sign of learning, so it counts as collapsed.
    collapsed = np.array(~learns(loss, constant_loss).any(axis=1))
    collapsed[0] = False
    high = int(np.argmax(collapsed)) if collapsed.any() else len(path) - 1
    smallest = 1e-300  # a loss may be 0
    change = np.abs(loss[:, learnt] - loss[0, learnt]) / np.maximum(loss[0, learnt], smallest)
    medians = [np.median(c[~np.isnan(c)]) if not np.isnan(c).all() else np.inf for c in change]
    unchanged = np.array(medians) <= UNCHANGED
    low = int(np.argmin(unchanged[1:])) if not unchanged[1:].all() else high - 1
    return float(path[min(max(low, 1), high)]), float(path[high])


def path_between(low: float, high: float, least: int = 16, per_decade: int = 4) -> list[float]:
    """Return 0 and then λs from `low` to `high`, evenly in log λ; in all at least `least` + 1.

    Raises
    ------
    ValueError
        Unless 0 < low < high.
    """
    if not 0 < low < high:
        raise ValueError(f"a path needs 0 < low < high, not {low} and {high}")
    count = max(least, int(np.ceil(per_decade * np.log10(high / low))) + 1)
    return [0.0, *np.geomspace(low, high, count).tolist()]


def path_beyond(path: Sequence[float], best: int, per_decade: int = 4) -> list[float]:
    """Return λs, ascending, of one more decade where the best stands at an end of its path.

    Parameters
    ----------
    path : sequence of L floats
        Ascending from 0.
    best : int
        The place of the best λ. At 0 there is no end: the path begins where λ begins to act.

    Returns
    -------
    list of float
        Above the largest or below the smallest above 0; none if the best stands in between.
    """
    steps = [10 ** (k / per_decade) for k in range(1, per_decade + 1)]
    if best == len(path) - 1:
        return [path[-1] * step for step in steps]
    if best == 1:
        return [path[1] / step for step in reversed(steps)]
    return []
