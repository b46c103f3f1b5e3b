"""What the four estimators have in common: data in, trained networks, outputs."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from torch import Tensor

from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.sklearn._final import train
from weightdecay.sklearn._network import ACTIVATIONS, Layers, Network, as_arrays, outputs
from weightdecay.sklearn._parameters import Parameters
from weightdecay.sklearn._recipe import recipe
from weightdecay.sklearn._rows import Known, dense
from weightdecay.sklearn._targets import Targets
from weightdecay.study import Problem, Study, Trained


class MLP(Parameters, ABC):
    """Trains networks of one shape from several seeds with one α, and keeps them as arrays."""

    seeds: int  # has another default where α is chosen

    @abstractmethod
    def _targets(self, y: NDArray[Any]) -> Targets:
        """Say what is to be learnt from y [N] or [N, Q]."""

    def _data(
        self, X: Any, y: Any, sample_weight: Any = None, **checks: Any
    ) -> tuple[Tensor, Targets, Tensor | None]:
        """Return the rows [N, P], what is to be learnt from them, and their weights [N]."""
        dtype = self._dtype()
        numeric = not is_classifier(self)
        X, y = validate_data(
            self,
            X,
            y,
            accept_sparse=["csr", "csc"],
            dtype=dtype,
            multi_output=True,
            y_numeric=numeric,
            **checks,
        )
        weight = None
        if sample_weight is not None:
            weight = torch.from_numpy(np.array(_check_sample_weight(sample_weight, X, dtype=dtype)))
        return torch.from_numpy(np.array(dense(X), order="C")), self._targets(dense(y)), weight

    def _dtype(self) -> np.dtype[Any]:
        for dtype in (np.dtype(np.float32), np.dtype(np.float64)):
            if self.dtype in (dtype.name, dtype, dtype.type):
                return dtype
        raise InputError(f"dtype: {self.dtype!r} is neither 'float32' nor 'float64'")

    def _network(self, outputs: int) -> Network:
        if not isinstance(self.activation, str) or self.activation not in ACTIVATIONS:
            raise InputError(
                f"activation: {self.activation!r} is none of {', '.join(map(repr, ACTIVATIONS))}"
            )
        several = isinstance(self.hidden_layer_sizes, Iterable)
        hidden = list(self.hidden_layer_sizes) if several else [self.hidden_layer_sizes]
        if not all(isinstance(units, Integral) and int(units) > 0 for units in hidden):
            raise InputError(f"hidden_layer_sizes: {hidden} are not whole numbers above 0")
        sizes = (self.n_features_in_, *map(int, hidden), outputs)
        return Network(sizes, self.activation, self._dtype().name)

    def _decay(self) -> Decay:
        if not isinstance(self.decay, Decay | None):
            raise InputError(f"decay: {self.decay!r} is not a Decay; write Decay(penalty=...)")
        return self.decay or Decay()

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

    def _train(
        self,
        x: Tensor,
        targets: Targets,
        weight: Tensor | None,
        alpha: float,
        seeds: tuple[int, ...],
        start: Sequence[Layers] | None = None,
    ) -> None:
        """Train one network from each seed on all rows, and set the attributes of a fit."""
        rows = torch.arange(len(x))
        study = Study(
            problem=Problem(x, targets.y, ((rows, rows[:0]),), targets.loss, weight),
            network=self._network(targets.outputs),
            recipe=recipe(self, len(x)),
            decay=self._decay(),
            weight_decay=(0.0,),
            seeds=seeds,
        )
        trained = train(study, alpha, start)
        if failed := np.count_nonzero(trained.diverged):
            raise ValueError(
                f"{failed} of {len(seeds)} networks diverged at alpha={alpha}: standardise X and "
                "y, or lower learning_rate_init"
            )
        self._remember(targets)
        self.networks_ = as_arrays(trained)
        self.coefs_, self.intercepts_ = self.networks_[0]
        self.n_layers_ = len(self.coefs_) + 1
        self.seeds_ = seeds
        curve = [] if start is None else self.loss_curve_
        self._measure(trained, study.recipe.epochs, curve)
        if study.recipe.stopping and self.n_iter_no_change != np.inf and not trained.stopped.all():
            warnings.warn(
                f"{np.count_nonzero(trained.stopped == 0)} of {len(seeds)} networks had not "
                f"converged after max_iter={study.recipe.epochs}; n_iter_no_change=np.inf asks for "
                "just as many passes",
                ConvergenceWarning,
                stacklevel=3,
            )

    def _measure(self, trained: Trained, epochs: int, curve: list[float]) -> None:
        """Set what is known of the course of training; `curve` is what came before."""
        self.n_iter_ = int(np.where(trained.stopped, trained.stopped, epochs).max())
        self.loss_curve_ = [*curve, *trained.train_loss.mean(axis=0)[: self.n_iter_].tolist()]
        self.loss_ = self.loss_curve_[-1]
        held = trained.test_loss.mean(axis=0)[: self.n_iter_].tolist()
        self.validation_losses_ = held if self.early_stopping else None
        self.best_validation_loss_ = held[-1] if self.early_stopping else None
        self.best_loss_ = None if self.early_stopping else min(self.loss_curve_)

    def _remember(self, targets: Targets) -> None:
        """Set what is needed to read outputs."""
        self.n_outputs_ = targets.outputs
        self.out_activation_ = targets.activation

    def _outputs(self, X: Any) -> NDArray[np.float64]:
        """Return the outputs [S, N, Q] of the networks."""
        if isinstance(X, Known):
            return X.outputs
        check_is_fitted(self, "networks_")
        X = validate_data(self, X, accept_sparse=["csr", "csc"], dtype=self._dtype(), reset=False)
        return outputs(self.networks_, self.activation, X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
