"""Learning rate and λ together: pairs of the two along one axis."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def rates_of(lr: ArrayLike | None, count: int) -> NDArray[np.float64]:
    """Return the learning rate of each of `count` pairs; the same for all where none is given.

    Parameters
    ----------
    lr : array [L] or None
        Of each pair. Those of one learning rate stand together: λ = 0 first, the others ascending.
    count : int
        L, over all learning rates.

    Raises
    ------
    ValueError
        If `lr` is not [L].
    """
    rates = np.zeros(count) if lr is None else np.asarray(lr, dtype=float)
    if rates.shape != (count,):
        raise ValueError(f"lr: its shape {rates.shape} is not that of {count} pairs")
    return rates


def without_decay(rates: NDArray[np.float64]) -> NDArray[np.int_]:
    """Return the places of λ = 0, one for each learning rate: the first of its pairs."""
    return np.sort(np.unique(rates, return_index=True)[1])
