"""Kinds of decay by the names that a command line takes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weightdecay.decay import L1, Decay, Norm, presets


@dataclass(frozen=True)
class Kind:
    """A kind of decay, and the λs between which it acts on a standardised table.

    Parameters
    ----------
    of : callable
        From λ to a Decay.
    low, high : float
        Where it begins to act, and where all collapses, in its own convention of λ.
    """

    of: Callable[[float], Decay]
    low: float
    high: float

    @property
    def path(self) -> tuple[float, ...]:
        """λs [L], ascending from 0. A pilot would cost nearly what the path costs."""
        return (0.0, *np.geomspace(self.low, self.high, 13).tolist())

    @property
    def decay(self) -> Decay:
        return self.of(1.0)


KINDS: dict[str, Kind] = {
    "l2": Kind(presets.l2, 1e-5, 1),
    "adamw": Kind(presets.adamw, 1e-2, 1e2),
    "l1": Kind(presets.l1, 1e-4, 10),
    "l1_subgradient": Kind(lambda value: Decay(value, L1()), 1e-5, 1),
    "elastic_net": Kind(presets.elastic_net, 1e-4, 10),
    "norm": Kind(lambda value: Decay(value, Norm()), 1e-5, 1),
    "group_lasso": Kind(presets.group_lasso, 1e-4, 10),
    "lp": Kind(lambda value: presets.lp(value, p=1.5), 1e-3, 10),
    "cautious": Kind(presets.cautious, 3e-2, 3e2),
    "to_init": Kind(presets.to_init, 3e-2, 3e2),
    "spectral": Kind(presets.spectral, 1e-4, 10),
}
