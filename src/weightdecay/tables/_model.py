"""A fitted model: from a table's columns to predictions, without torch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weightdecay.sklearn._network import Layers, outputs
from weightdecay.tables._gaps import How
from weightdecay.tables._layout import Layout
from weightdecay.tables._losses import mean_of_seeds, probabilities
from weightdecay.tables._scaling import Scaling
from weightdecay.tables._target import Target


@dataclass(frozen=True)
class Model:
    """What predicts: columns, scaling and S networks, all of them numbers and names.

    Parameters
    ----------
    layout : Layout
    scaling : Scaling
    target : Target
    networks : tuple of S pairs of lists of arrays
        Coefficients [in, out] and intercepts [out] of each layer.
    activation : str
    """

    layout: Layout
    scaling: Scaling
    target: Target
    networks: tuple[Layers, ...]
    activation: str

    @property
    def readings(self) -> dict[str, How]:
        """By column, how CSV is read; the target's too."""
        return self.layout.readings | {self.target.name: self.target.reading}

    def outputs(self, frame: Any) -> NDArray[np.float64]:
        """Return the networks' outputs [S, N, Q] for the rows of a data frame."""
        x = self.scaling(self.layout.features(frame))
        return outputs(self.networks, self.activation, x)


@dataclass(frozen=True)
class Predictions:
    """Predictions, with their spread over S networks.

    Parameters
    ----------
    mean : array [N] or [N, C]
        In the target's own unit, or the probability of each class.
    spread : array [N] or [N, C]
        Standard deviation over networks; 0 with one.
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]


def predictions(model: Model, frame: Any) -> Predictions:
    """Predict the rows of a data frame."""
    out = model.outputs(frame)
    task, target = model.target.task, model.target
    each = out[..., 0] if task == "regression" else probabilities(task, out)
    mean = mean_of_seeds(task, out)
    spread = each.std(axis=0, ddof=1) if len(each) > 1 else np.zeros_like(mean)
    if task == "regression":
        return Predictions(mean * target.scale + target.mean, spread * target.scale)
    return Predictions(mean, spread)
