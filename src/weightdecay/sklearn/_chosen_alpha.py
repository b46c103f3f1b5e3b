"""An α that is chosen from a path, by cross-validation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.utils.metadata_routing import UNUSED, MetadataRouter
from sklearn.utils.validation import check_consistent_length
from torch import Tensor

from weightdecay._path import Path
from weightdecay._search import path
from weightdecay.errors import InputError
from weightdecay.sklearn._mlp import MLP
from weightdecay.sklearn._names import scikit_learn_names
from weightdecay.sklearn._recipe import recipe
from weightdecay.sklearn._routing import route, router
from weightdecay.sklearn._scoring import Scoring, reader, scorer_of
from weightdecay.sklearn._targets import Targets
from weightdecay.study import LOSSES, group_names, splits


@dataclass(eq=False, repr=False, kw_only=True)
class ChosenAlpha(MLP):
    """Parameters and fit of an estimator that chooses its α."""

    alphas: Any = "auto"
    cv: Any = None
    scoring: Any = None
    rule: str = "min"
    seeds: int = 3

    # Groups are the splitter's; training itself does not look at them.
    __metadata_request__fit = {"groups": UNUSED}  # noqa: RUF012

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Choose α, then train on all rows.

        Parameters
        ----------
        X : array, table or sparse matrix [N, P]
        y : array [N], or [N, Q] of numbers or of labels 0 and 1
        sample_weight : array [N], optional
            How much each row counts, 0 or more, in training and in judging; only their ratios
            matter.
        groups : array [N], optional
            Rows of one group stay on one side of every fold, and are one draw for the verdict.

        Raises
        ------
        InputError
            If a parameter is out of its range, or there are too few rows for the folds.
        ValueError
            If X or y cannot be used, with scikit-learn's own message, or a network diverged.
        """
        if isinstance(self.alphas, Real):
            raise InputError(f"alphas: {self.alphas!r} is neither 'auto' nor an array of αs")
        routed = route(self, sample_weight, groups)
        x, targets, weight = self._data(X, y, sample_weight, ensure_min_samples=2)
        check_consistent_length(x, routed.groups)
        groups = None if routed.groups is None else group_names(routed.groups, len(x))
        weights = None if weight is None else weight.numpy()
        scoring: Any = self._scoring(targets, routed.weighted)
        first = self._first()
        with scikit_learn_names("alphas"):
            seeds = self._seeds(first)
            # Cut here, since the number of inner folds depends on it.
            folds = splits(
                5 if self.cv is None else self.cv,
                targets.y.flatten().long() if targets.labelled else targets.y,
                X=x,
                classes=targets.labelled,
                groups=groups,
                random_state=first,
            )
            units = np.arange(len(x)) if groups is None else groups
            fewest = min(len(np.unique(units[train.numpy()])) for train, _ in folds)
            found = path(
                self._network(targets.outputs),
                x,
                targets.y,
                decay=self._decay(),
                recipe=recipe(self, _rows_of_a_fold(folds)),
                # By name it would be read as one label a row, where there is a scorer.
                loss=LOSSES[targets.loss] if scoring and targets.several else targets.loss,
                metric=scoring,
                weight_decay=self.alphas,
                seeds=seeds,
                folds=folds,
                inner_folds=max(2, min(3, fewest)),
                groups=groups,
                sample_weight=weights,
                rule=self.rule,
                random_state=first,
            )
            self._train(x, targets, weight, found.choice, seeds)
        # Without its study, which holds all the rows that were fitted.
        self.path_ = replace(found, study=None)
        self.verdict_ = found.verdict
        self.alphas_ = np.array(found.weight_decay)
        self.alpha_ = found.choice
        self.cv_results_ = _cv_results(found)
        place = found.weight_decay.index(found.choice)
        self.best_score_ = float(self.cv_results_["mean_test_score"][place])
        return self

    def get_metadata_routing(self) -> MetadataRouter:
        """Return to whom weights and groups go, as scikit-learn's metadata routing asks for it."""
        return router(self, self.cv, scorer_of(self.scoring))

    def _scoring(self, targets: Targets, weighted: bool) -> Scoring | None:
        scorer = scorer_of(self.scoring)
        if scorer is None:
            return None
        return Scoring(scorer, reader(self, targets), targets, weighted)


def _rows_of_a_fold(folds: Sequence[tuple[Tensor, Tensor]]) -> int:
    """The mean number of rows that train: all networks of a path have one schedule."""
    return round(float(np.mean([len(train) for train, _ in folds])))


def _cv_results(found: Path) -> dict[str, Any]:
    """Scores [L] of each fold, the mean over seeds, in the form of ``GridSearchCV``."""
    scores: NDArray[np.float64] = -found.errors.mean(axis=1)
    mean = scores.mean(axis=1)
    worst_first = np.where(np.isnan(mean), -np.inf, mean)
    return {
        "params": [{"alpha": value} for value in found.weight_decay],
        "param_alpha": np.array(found.weight_decay),
        **{f"split{fold}_test_score": column for fold, column in enumerate(scores.T)},
        "mean_test_score": mean,
        "std_test_score": scores.std(axis=1),
        "rank_test_score": rankdata(-worst_first, method="min").astype(np.int32),
    }
