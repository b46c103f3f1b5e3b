"""What the four estimators have in common: data in, a recipe, trained networks, outputs."""

from abc import ABC, abstractmethod
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, is_classifier
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from torch import Tensor

from weightdecay._refit import refit
from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.sklearn._network import ACTIVATIONS, Network, as_arrays, outputs
from weightdecay.study import Problem, Recipe, Study

#: Training is in single precision, as torch's own default is.
PRECISION = np.float32

#: Rows of a batch that is "auto", as in scikit-learn; an epoch of fewer rows is one batch.
BATCH = 200


class Targets(NamedTuple):
    """What the network is to learn, and how many outputs it has for it."""

    loss: str
    y: Tensor
    outputs: int


class MLP(BaseEstimator, ABC):
    """Trains networks of one shape from several seeds with one α, and keeps them as arrays.

    Parameters are documented where a public class names them; a subclass says what its targets are.
    """

    activation: str
    batch_size: Any
    decay: Decay | None
    hidden_layer_sizes: Any
    learning_rate_init: float
    max_iter: int
    momentum: float
    nesterovs_momentum: bool
    random_state: Any
    seeds: int
    shuffle: bool
    solver: str

    @abstractmethod
    def _targets(self, y: NDArray[Any]) -> Targets:
        """Say what is to be learnt from y [N] or [N, Q], and remember how to read the outputs."""

    def _data(self, X: Any, y: Any, **checks: Any) -> tuple[Tensor, Targets]:
        numeric = not is_classifier(self)
        X, y = validate_data(
            self, X, y, dtype=PRECISION, multi_output=True, y_numeric=numeric, **checks
        )
        return torch.from_numpy(np.array(X, order="C")), self._targets(y)

    def _network(self, outputs: int) -> Network:
        if self.activation not in ACTIVATIONS:
            raise InputError(
                f"activation: {self.activation!r} is none of {', '.join(map(repr, ACTIVATIONS))}"
            )
        one = isinstance(self.hidden_layer_sizes, Integral)
        hidden = [self.hidden_layer_sizes] if one else list(self.hidden_layer_sizes)
        if not all(isinstance(units, Integral) and int(units) > 0 for units in hidden):
            raise InputError(f"hidden_layer_sizes: {hidden} are not whole numbers above 0")
        return Network((self.n_features_in_, *map(int, hidden), outputs), self.activation)

    def _decay(self) -> Decay:
        if not isinstance(self.decay, Decay | None):
            raise InputError(f"decay: {self.decay!r} is not a Decay; write Decay(penalty=...)")
        return self.decay or Decay()

    def _recipe(self) -> Recipe:
        options = {}
        if self.solver == "sgd":
            nesterov = self.nesterovs_momentum and self.momentum > 0
            options = {"momentum": self.momentum, "nesterov": nesterov}
        return Recipe(
            lr=self.learning_rate_init,
            epochs=_plain(self.max_iter),
            batch_size=BATCH if _is_auto(self.batch_size) else _plain(self.batch_size),
            optimizer=self.solver,
            shuffle=self.shuffle,
            options=options,
        )

    def _first(self) -> int:
        """The number from which folds and seeds come: `random_state`, or one that it draws."""
        draw = check_random_state(self.random_state)
        known = isinstance(self.random_state, Integral)
        return int(self.random_state) if known else int(draw.randint(2**31 - 1))

    def _seeds(self, first: int) -> tuple[int, ...]:
        """S seeds; those of another `first` are others."""
        if not isinstance(self.seeds, Integral) or self.seeds < 1:
            raise InputError(f"seeds: {self.seeds} is not a whole number of 1 or more")
        return tuple(range(first * int(self.seeds), (first + 1) * int(self.seeds)))

    def _train(self, x: Tensor, targets: Targets, alpha: float, seeds: tuple[int, ...]) -> None:
        """Train one network from each seed on all rows, and set the attributes of a fit."""
        rows = torch.arange(len(x))
        study = Study(
            problem=Problem(x, targets.y, ((rows, rows[:0]),), targets.loss),
            network=self._network(targets.outputs),
            recipe=self._recipe(),
            decay=self._decay(),
            weight_decay=(0.0,),
            seeds=seeds,
        )
        trained = refit(study, alpha, seeds, every=True)
        if failed := np.count_nonzero(trained.diverged):
            raise ValueError(
                f"{failed} of {len(seeds)} networks diverged at alpha={alpha}: standardise X and "
                "y, or lower learning_rate_init"
            )
        self.networks_ = as_arrays(trained)
        self.coefs_, self.intercepts_ = self.networks_[0]
        self.loss_curve_ = trained.train_loss.mean(axis=0).tolist()
        self.loss_ = self.loss_curve_[-1]
        self.n_iter_ = study.recipe.epochs
        self.n_outputs_ = targets.outputs
        self.seeds_ = seeds

    def _outputs(self, X: Any) -> NDArray[np.float64]:
        """Return the outputs [S, N, Q] of the networks."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=PRECISION, reset=False)
        return outputs(self.networks_, self.activation, X)


def _plain(value: Any) -> Any:
    """A number of NumPy's as Python's: what a grid of parameters is made of."""
    return value.item() if isinstance(value, np.generic) else value


def _is_auto(value: Any) -> bool:
    return isinstance(value, str) and value == "auto"
