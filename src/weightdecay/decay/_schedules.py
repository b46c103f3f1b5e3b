"""λ as a function of the steps taken: λ(t) = λ · schedule(t)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral

from weightdecay.errors import InputError

#: Steps taken so far → what multiplies λ.
Schedule = Callable[[int], float]


@dataclass(frozen=True)
class _Ramp:
    """From λ at the first step to `end`·λ within `steps`, in whatever way."""

    end: float
    steps: int

    def __post_init__(self) -> None:
        if isinstance(self.end, bool) or not (math.isfinite(self.end) and self.end >= 0):
            raise InputError(f"schedule: end={self.end!r} is not a finite number of 0 or more")
        # NumPy has integers of its own.
        whole = isinstance(self.steps, Integral) and not isinstance(self.steps, bool)
        if not whole or self.steps < 1:
            raise InputError(f"schedule: steps={self.steps!r} is not a whole number of 1 or more")
        object.__setattr__(self, "steps", int(self.steps))


@dataclass(frozen=True)
class Linear(_Ramp):
    """From λ at the first step in a straight line to `end`·λ at the last, and there it stays.

    With T = `steps`, λ(t) = λ·(1 + (end − 1)·min(t, T − 1)/(T − 1)) for t = 0, 1, ... steps taken.

    Parameters
    ----------
    end : float
        The last λ, as a multiple of the first.
    steps : int
        T, steps of the optimizer; those that a GradScaler skips do not count.

    Raises
    ------
    InputError
        If `end` is negative or not finite, or `steps` is not 1 or more.

    Examples
    --------
    >>> from weightdecay.decay import Linear
    >>> [Linear(end=3.0, steps=3)(t) for t in range(4)]
    [1.0, 2.0, 3.0, 3.0]
    """

    def __call__(self, step: int) -> float:
        return 1 + (self.end - 1) * min(step / max(self.steps - 1, 1), 1.0)


@dataclass(frozen=True)
class Cosine(_Ramp):
    """From λ at the first step along half a cosine to `end`·λ after T, and there it stays.

    λ(t) = λ·(end + (1 − end)·(1 + cos(π·min(t, T)/T))/2) for t = 0, 1, ... steps taken: DINO's
    schedule of 0.04 → 0.4 [1]_ is ``Decay(0.04, schedule=Cosine(end=10, steps=T))``.

    Parameters
    ----------
    end : float
        The last λ, as a multiple of the first.
    steps : int
        T, steps of the optimizer; those that a GradScaler skips do not count.

    Raises
    ------
    InputError
        If `end` is negative or not finite, or `steps` is not 1 or more.

    Examples
    --------
    >>> from weightdecay.decay import Cosine
    >>> [round(Cosine(end=10.0, steps=4)(t), 3) for t in (0, 2, 4, 9)]
    [1.0, 5.5, 10.0, 10.0]

    References
    ----------
    .. [1] M. Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021,
       arXiv 2104.14294, "Implementation details"; ``utils.cosine_scheduler`` of its code.
    """

    def __call__(self, step: int) -> float:
        along = 0.5 * (1 + math.cos(math.pi * min(step / self.steps, 1.0)))
        return self.end + (1 - self.end) * along
