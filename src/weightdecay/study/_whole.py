"""Whole numbers, whoever's they are."""

from numbers import Integral
from typing import Any

from weightdecay.errors import InputError


def whole(name: str, value: Any, least: int = 0) -> int:
    """Return a whole number, NumPy's too, as Python's own; True and False are none.

    Raises
    ------
    InputError
        If it is none, or is less than `least`.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise InputError(f"{name}: {value} is not a whole number of {least} or more")
    return int(value)
