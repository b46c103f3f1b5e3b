"""An α that is chosen from a path, by cross-validation."""

from dataclasses import replace
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.base import is_classifier

from weightdecay._path import Path
from weightdecay._search import path
from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.sklearn._mlp import MLP
from weightdecay.sklearn._names import scikit_learn_names
from weightdecay.study import splits


class ChosenAlpha(MLP):
    """Parameters and fit of an estimator that chooses its α."""

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alphas: Any = "auto",
        decay: Decay | None = None,
        cv: Any = None,
        scoring: str | None = None,
        rule: str = "min",
        batch_size: Any = "auto",
        learning_rate_init: float = 0.001,
        max_iter: int = 200,
        shuffle: bool = True,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        seeds: int = 3,
        random_state: Any = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alphas = alphas
        self.decay = decay
        self.cv = cv
        self.scoring = scoring
        self.rule = rule
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.seeds = seeds
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Choose α, then train on all rows.

        Parameters
        ----------
        X : array or table [N, P]
        y : array [N] or, in regression, [N, Q]

        Raises
        ------
        InputError
            If a parameter is out of its range, or there are too few rows for the folds.
        ValueError
            If X or y cannot be used, with scikit-learn's own message, or a network diverged.
        """
        x, targets = self._data(X, y, ensure_min_samples=2)
        classes = is_classifier(self)
        if not (self.scoring is None or isinstance(self.scoring, str)):
            raise InputError(f"scoring: {self.scoring!r} is not the name of a scorer, nor None")
        first = self._first()
        with scikit_learn_names("alphas"):
            seeds = self._seeds(first)
            # Cut here, since the number of inner folds depends on it.
            numbers = targets.y.flatten().to(torch.int64) if classes else targets.y[:, 0]
            cv = 5 if self.cv is None else self.cv
            folds = splits(cv, numbers, classes=classes, random_state=first)
            found = path(
                self._network(targets.outputs),
                x,
                targets.y,
                decay=self._decay(),
                recipe=self._recipe(),
                loss=targets.loss,
                metric=self.scoring,
                weight_decay=self.alphas,
                seeds=seeds,
                folds=folds,
                inner_folds=max(2, min(3, *(len(train) for train, _ in folds))),
                rule=self.rule,
                random_state=first,
            )
            self._train(x, targets, found.choice, seeds)
        # Without its study, which holds all the rows that were fitted.
        self.path_ = replace(found, study=None)
        self.verdict_ = found.verdict
        self.alphas_ = np.array(found.weight_decay)
        self.alpha_ = found.choice
        self.cv_results_ = _cv_results(found)
        place = found.weight_decay.index(found.choice)
        self.best_score_ = float(self.cv_results_["mean_test_score"][place])
        return self


def _cv_results(found: Path) -> dict[str, NDArray[Any]]:
    """Scores [L] of each fold, the mean over seeds, in the form of ``GridSearchCV``."""
    scores = -found.errors.mean(axis=1)
    mean = scores.mean(axis=1)
    worst_first = np.where(np.isnan(mean), -np.inf, mean)
    return {
        "param_alpha": np.array(found.weight_decay),
        **{f"split{fold}_test_score": column for fold, column in enumerate(scores.T)},
        "mean_test_score": mean,
        "std_test_score": scores.std(axis=1),
        "rank_test_score": rankdata(-worst_first, method="min").astype(np.int32),
    }
