"""A scorer of scikit-learn, on the outputs of a path's members."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import get_scorer, get_scorer_names

from weightdecay.errors import InputError
from weightdecay.sklearn._mlp import MLP
from weightdecay.sklearn._rows import Known
from weightdecay.sklearn._targets import Targets

Scorer = Callable[..., float]


def scorer_of(scoring: Any) -> Scorer | None:
    """Return the scorer that `scoring` names or is, or None.

    Raises
    ------
    InputError
        If there is none of that name, or it cannot be called.
    """
    if isinstance(scoring, str):
        if scoring not in get_scorer_names():
            raise InputError(f"scoring: scikit-learn has no scorer {scoring!r}")
        scorer: Scorer = get_scorer(scoring)
        return scorer
    if not (scoring is None or callable(scoring)):
        raise InputError(f"scoring: {scoring!r} is neither the name of a scorer nor a function")
    return scoring  # type: ignore[no-any-return]


@dataclass(frozen=True, eq=False)
class Scoring:
    """Calls a scorer with an estimator, y as it was given, and what stands for the rows.

    Parameters
    ----------
    scorer : callable
        As scikit-learn calls it: (estimator, X, y) to a number, larger is better.
    estimator : MLP
        Knows how its outputs are read; need not be fitted.
    targets : Targets
        Of all rows.
    weighted : bool
        Whether the scorer is given the weights of rows.
    """

    scorer: Scorer
    estimator: MLP
    targets: Targets
    weighted: bool

    @property
    def _score_func(self) -> Scorer:
        """By this `wd.path` knows a scorer, which it gives outputs, y and weights."""
        return self.scorer

    @property
    def __name__(self) -> str:
        function = getattr(self.scorer, "_score_func", self.scorer)
        return str(getattr(function, "__name__", "metric"))

    def __call__(self, member: Any, X: Any, y: Any, sample_weight: Any = None) -> float:
        output = np.asarray(member.output, dtype=np.float64)
        rows = Known(output.reshape(1, len(output), -1))
        weighted = self.weighted and sample_weight is not None
        given = {"sample_weight": sample_weight} if weighted else {}
        return float(self.scorer(self.estimator, rows, self._as_given(y), **given))

    def _as_given(self, y: Any) -> Any:
        if self.targets.labelled:
            return self.targets.classes[y.astype(int)]  # type: ignore[index]
        return y.astype(int) if self.targets.several else y


def reader(estimator: MLP, targets: Targets) -> MLP:
    """Return a copy of `estimator` that can read outputs, and is not fitted."""
    read = copy(estimator)
    read._remember(targets)
    return read
