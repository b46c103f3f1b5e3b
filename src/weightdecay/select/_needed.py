"""How many pairs would tell."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from weightdecay.select._crossed import Crossed
from weightdecay.select._intervals import ROUNDING, alike, least_pairs


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
    The normal approximation: (1/J + overlap)·s² = (size/(z_level + z_0.8))², solved for J. Where
    all are alike, as many as a median needs for its interval.
    """
    if alike(differences):
        return least_pairs(level)
    spread = differences.std(ddof=1) if len(differences) > 1 else np.nan
    if not size > ROUNDING * spread:
        return None
    share = (_standard_errors(level) * spread / size) ** 2
    if share * overlap >= 1:
        return None
    return max(len(differences) + 1, int(np.ceil(share / (1 - share * overlap))))


def crossed_needed(found: Crossed, size: float, level: float = 0.95) -> tuple[int, int] | None:
    """Estimate the rows and seeds at which a difference of `size` is found four times out of five.

    Parameters
    ----------
    found : Crossed
        Whose variance, of_units + of_seeds, is to fall; either part falls as 1/n of its own.
    size : float
        The difference to be found.
    level : float, default 0.95
        Of the interval that is to exclude 0.

    Returns
    -------
    units, seeds : int, or None
        More seeds alone, which ask for no new data, where the rows leave them half of what the
        variance may be; else more rows, with the seeds there are if these leave as much, and with
        more seeds if they do not. None if the variance cannot be estimated.
    """
    variance = found.of_units + found.of_seeds
    if not (variance > 0 and size > ROUNDING * np.sqrt(variance)):
        return None
    aim = (size / _standard_errors(level)) ** 2
    if found.of_seeds > 0 and found.of_units <= aim / 2:
        seeds = found.seeds * found.of_seeds / (aim - found.of_units)
        return found.units, max(found.seeds + 1, int(np.ceil(seeds)))
    if found.of_seeds <= aim / 2:
        units = found.units * found.of_units / (aim - found.of_seeds)
        return max(found.units + 1, int(np.ceil(units))), found.seeds
    units, seeds = (2 * part / aim for part in (found.of_units, found.of_seeds))
    return int(np.ceil(found.units * units)), int(np.ceil(found.seeds * seeds))


def _standard_errors(level: float) -> float:
    """How many standard errors an effect must measure to be found four times out of five."""
    return float(stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(0.8))
