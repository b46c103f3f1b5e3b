"""An α that is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from weightdecay.errors import InputError
from weightdecay.sklearn._mlp import MLP
from weightdecay.sklearn._names import scikit_learn_names
from weightdecay.sklearn._network import Layers
from weightdecay.sklearn._targets import Targets


@dataclass(eq=False, repr=False, kw_only=True)
class GivenAlpha(MLP):
    """Parameters and fit of an estimator whose α is given."""

    alpha: float = 0.0001
    warm_start: bool = False
    seeds: int = 1

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train.

        Parameters
        ----------
        X : array, table or sparse matrix [N, P]
        y : array [N], or [N, Q] of numbers or of labels 0 and 1
        sample_weight : array [N], optional
            How much each row counts, 0 or more; only their ratios matter.

        Raises
        ------
        InputError
            If a parameter is out of its range.
        ValueError
            If X or y cannot be used, with scikit-learn's own message, or a network diverged.
        """
        again = self.warm_start and hasattr(self, "networks_")
        x, targets, weight = self._data(X, y, sample_weight, reset=not again)
        if not isinstance(self.alpha, int | float | np.number):
            raise InputError(f"alpha: {self.alpha!r} is not a number")
        with scikit_learn_names("alpha"):
            start = self._start(targets) if again else None
            seeds = self._seeds(self._first())
            self._train(x, targets, weight, self.alpha, seeds, start)
        return self

    def _start(self, targets: Targets) -> Sequence[Layers]:
        """The networks of the last fit, if they can be those of the next one."""
        if targets.classes is not None and not np.array_equal(targets.classes, self.classes_):
            raise InputError(
                f"warm_start: y has the classes {targets.classes.tolist()}, and those fitted are "
                f"{self.classes_.tolist()}; use warm_start=False for a new start"
            )
        return self.networks_
