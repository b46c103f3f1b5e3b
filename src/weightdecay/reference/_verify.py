"""Which reference experiments there are, and running one."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from weightdecay.reference._box import box
from weightdecay.reference._digits import digits
from weightdecay.reference._lasso import lasso
from weightdecay.reference._logistic import logistic
from weightdecay.reference._nuclear import nuclear
from weightdecay.reference._reference import Outcome
from weightdecay.reference._ridge import ridge
from weightdecay.reference._risk import risk
from weightdecay.reference.d2l import d2l

#: By name, from the plainest to the one that takes most for granted.
REFERENCES: dict[str, Callable[[], Outcome]] = {
    "ridge": ridge,
    "lasso": lasso,
    "logistic": logistic,
    "nuclear": nuclear,
    "box": box,
    "risk": risk,
    "d2l": d2l,
    "digits": digits,
}


def verify(name: str) -> Outcome:
    """Run the reference experiment `name`.

    Parameters
    ----------
    name : str
        One of ``REFERENCES``.

    Returns
    -------
    Outcome

    Raises
    ------
    KeyError
        If there is none of that name.

    Examples
    --------
    >>> from weightdecay.reference import verify
    >>> verify("ridge").passed
    True
    """
    start = perf_counter()
    outcome = REFERENCES[name]()
    return replace(outcome, seconds=perf_counter() - start)
