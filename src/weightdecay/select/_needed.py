"""How many pairs would tell."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def pairs_needed(
    differences: NDArray[np.float64], size: float, level: float = 0.95, overlap: float = 0.0
) -> int | None:
    """Estimate the pairs at which a difference of `size` is found four times out of five.

    Parameters
    ----------
    differences : array [n]
        Paired differences; only their spread is used.
    size : float
        The difference to be found.
    level : float, default 0.95
        Of the interval that is to exclude 0.
    overlap : float, default 0.0
        n_test/n_train, see ``judge``, taken to stay what it is.

    Returns
    -------
    int or None
        More than n. None if no number would do: where pairs overlap, the variance of their mean
        never falls below overlap·s², and what more splits of the same rows cannot tell, more rows
        can.

    Notes
    -----
    The normal approximation: (1/J + overlap)·s² = (size/(z_level + z_0.8))², solved for J.
    """
    spread = differences.std(ddof=1) if len(differences) > 1 else np.nan
    # A size of rounding error is none: no number of pairs finds it.
    if not size > 1e-9 * spread:
        return None
    z = stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(0.8)
    share = (z * spread / size) ** 2
    if share * overlap >= 1:
        return None
    return max(len(differences) + 1, int(np.ceil(share / (1 - share * overlap))))
