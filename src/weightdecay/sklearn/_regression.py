"""Numbers as targets."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import column_or_1d

from weightdecay.sklearn._mlp import MLP, PRECISION, Targets


class Regression(RegressorMixin, MultiOutputMixin, MLP):
    """Mean squared error on y [N] or [N, Q]."""

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Return the mean prediction [N] or [N, Q] of the networks for the rows X [N, P]."""
        mean: NDArray[np.float64] = self._outputs(X).mean(axis=0)
        return mean.ravel() if self.n_outputs_ == 1 else mean

    def _targets(self, y: NDArray[Any]) -> Targets:
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        columns = torch.from_numpy(y.astype(PRECISION).reshape(len(y), -1))
        return Targets("mse", columns, columns.shape[1])
