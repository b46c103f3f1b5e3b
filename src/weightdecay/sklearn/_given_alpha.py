"""An α that is given."""

from typing import Any, Self

import numpy as np

from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.sklearn._mlp import MLP
from weightdecay.sklearn._names import scikit_learn_names


class GivenAlpha(MLP):
    """Parameters and fit of an estimator whose α is given."""

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        decay: Decay | None = None,
        batch_size: Any = "auto",
        learning_rate_init: float = 0.001,
        max_iter: int = 200,
        shuffle: bool = True,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        seeds: int = 1,
        random_state: Any = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.decay = decay
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.seeds = seeds
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Train.

        Parameters
        ----------
        X : array or table [N, P]
        y : array [N] or, in regression, [N, Q]

        Raises
        ------
        InputError
            If a parameter is out of its range.
        ValueError
            If X or y cannot be used, with scikit-learn's own message, or a network diverged.
        """
        x, targets = self._data(X, y)
        if not isinstance(self.alpha, int | float | np.number):
            raise InputError(f"alpha: {self.alpha!r} is not a number")
        with scikit_learn_names("alpha"):
            self._train(x, targets, self.alpha, self._seeds(self._first()))
        return self
