"""λ of one parameter as a multiple of the Decay's: patterns of names, in order."""

import math
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from weightdecay.errors import InputError

#: (pattern, factor) in order: the first pattern that a name matches counts; none, then 1.
Multipliers = tuple[tuple[str, float], ...]


def checked(multipliers: Any) -> Multipliers:
    """Return `multipliers`, a mapping or pairs, as a Decay keeps them, or say which is none."""
    pairs = multipliers.items() if isinstance(multipliers, Mapping) else multipliers
    for pattern, factor in pairs:
        if isinstance(factor, bool) or not (math.isfinite(factor) and factor >= 0):
            raise InputError(
                f"multipliers: {factor!r} of {pattern!r} is not a finite number of 0 or more"
            )
    return tuple((str(pattern), float(factor)) for pattern, factor in pairs)


def factors(
    multipliers: Multipliers, names: Iterable[str], everything: Iterable[str]
) -> dict[str, float]:
    """What multiplies λ for each of `names`.

    Raises
    ------
    InputError
        If a pattern matches none of the names in `everything`, those of the whole model.
    """
    everything = list(everything)
    for pattern, _ in multipliers:
        if not any(fnmatchcase(name, pattern) for name in everything):
            raise InputError(f"multipliers: {pattern!r} matches no parameter of the model")
    return {
        name: next((factor for pattern, factor in multipliers if fnmatchcase(name, pattern)), 1.0)
        for name in names
    }
