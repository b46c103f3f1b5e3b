"""What counts as a number where a user gives one."""

import math


def number(value: object) -> float:
    """`value` as a float; nan, which is in no range, where it is none: text, None, True."""
    if isinstance(value, bool | str | bytes):
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, RuntimeError):  # torch has the last, of many
        return math.nan


def shown(value: object) -> object:
    """`value` for a message: text in quotes, so that "0.1" is seen not to be 0.1."""
    return repr(value) if isinstance(value, str | bytes) else value
