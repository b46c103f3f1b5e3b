"""What a reference experiment says: each of its figures beside what is tolerated."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One measured figure and the range in which it must lie.

    Parameters
    ----------
    name : str
        What was measured; its words are ``reference.<outcome>.<name>`` in the catalogues.
    figure : float
    low, high : float
        Both ends are tolerated. A NaN lies in no range.
    """

    name: str
    figure: float
    low: float
    high: float

    @property
    def passed(self) -> bool:
        return self.low <= self.figure <= self.high


@dataclass(frozen=True)
class Outcome:
    """What became of one reference experiment.

    Parameters
    ----------
    name : str
        Claim and source are ``reference.<name>.claim`` and ``.source`` in the catalogues.
    checks : tuple of Check
    seconds : float
        How long it took; NaN if nobody looked.
    """

    name: str
    checks: tuple[Check, ...]
    seconds: float = math.nan

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


def at_most(name: str, figure: float, limit: float) -> Check:
    """Check an error, which is 0 at its best, against `limit`."""
    return Check(name, float(figure), 0.0, limit)
