"""Numbers as targets."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import column_or_1d

from weightdecay.errors import InputError
from weightdecay.sklearn._mlp import MLP
from weightdecay.sklearn._targets import Targets

#: By the names of scikit-learn.
LOSSES = {"squared_error": "mse", "huber": "huber"}


@dataclass(eq=False, repr=False, kw_only=True)
class Regression(RegressorMixin, MultiOutputMixin, MLP):
    """Squared error, or Huber's, on y [N] or [N, Q]."""

    loss: str = "squared_error"

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Return the mean prediction [N] or [N, Q] of the networks for the rows X [N, P]."""
        mean: NDArray[np.float64] = self._outputs(X).mean(axis=0)
        return mean.ravel() if self.n_outputs_ == 1 else mean

    def _targets(self, y: NDArray[Any]) -> Targets:
        if not isinstance(self.loss, str) or self.loss not in LOSSES:
            raise InputError(f"loss: {self.loss!r} is none of {', '.join(map(repr, LOSSES))}")
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        columns = torch.from_numpy(y.astype(self._dtype()).reshape(len(y), -1))
        return Targets(LOSSES[self.loss], columns, columns.shape[1], "identity")
