"""Medians for what is missing, and one scale for all numbers: what is fitted inside the folds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: In standard deviations. A value further out is an error of writing more often than a fact.
FURTHEST = 10.0


@dataclass(frozen=True)
class Scaling:
    """What was fitted, as numbers that can be written down.

    Parameters
    ----------
    median, mean, scale : array [P]
        0, 0 and 1 of the features that stay as they are.
    """

    median: NDArray[np.float64]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    @property
    def is_finite(self) -> bool:
        parts = (self.median, self.mean, self.scale, 1 / self.scale)
        return all(np.isfinite(part).all() for part in parts)

    def __call__(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return features [N, P] without gaps, in standard deviations."""
        filled = np.where(np.isnan(features), self.median, features)
        return np.clip((filled - self.mean) / self.scale, -FURTHEST, FURTHEST)


def scaling(numbers: int) -> Any:
    """Return scikit-learn's transformer, not yet fitted, for features [N, P].

    Parameters
    ----------
    numbers : int
        As many features from the first are numbers: imputed with their median, standardised and
        cut off at ±10 standard deviations. The others, 0 or 1, stay as they are: of a rare level, a
        standard deviation is so small that its rows would stand far out.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    steps = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        FunctionTransformer(np.clip, kw_args={"a_min": -FURTHEST, "a_max": FURTHEST}),
    )
    parts = [("numbers", steps, slice(numbers))] if numbers else []
    return ColumnTransformer(
        [*parts, ("indicators", "passthrough", slice(numbers, None))], sparse_threshold=0.0
    )


def as_numbers(fitted: Any, numbers: int, features: int) -> Scaling:
    """Return what the transformer of :func:`scaling` has been fitted to."""
    median, mean, scale = np.zeros(features), np.zeros(features), np.ones(features)
    if numbers:
        imputer, scaler, _ = (step for _, step in fitted.named_transformers_["numbers"].steps)
        median[:numbers] = imputer.statistics_
        mean[:numbers] = scaler.mean_
        scale[:numbers] = scaler.scale_
    return Scaling(median, mean, scale)


def from_lists(median: Sequence[float], mean: Sequence[float], scale: Sequence[float]) -> Scaling:
    """Return the scaling that these numbers [P] describe."""
    return Scaling(*(np.array(part, dtype=np.float64) for part in (median, mean, scale)))
