"""Classes as targets."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d
from torch import Tensor

from weightdecay.errors import InputError
from weightdecay.sklearn._mlp import MLP
from weightdecay.sklearn._targets import Targets


@dataclass(eq=False, repr=False, kw_only=True)
class Classification(ClassifierMixin, MLP):
    """Cross-entropy on classes y [N], of two from one logit; or on Q labels y [N, Q] of 0 and 1."""

    def predict(self, X: Any) -> NDArray[Any]:
        """Return for the rows X [N, P] the most probable class [N], or all probable labels [N, Q].

        Labels are 1 where their probability is above a half, else 0.
        """
        probability = self.predict_proba(X)
        if self.out_activation_ == "logistic" and self.n_outputs_ > 1:
            return (probability > 0.5).astype(int)
        classes: NDArray[Any] = np.asarray(self.classes_)[probability.argmax(axis=1)]
        return classes

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probability [N, C] of each class, the mean over the networks.

        Of each label [N, Q], where there are several.
        """
        outputs = self._outputs(X)
        if self.out_activation_ == "softmax":
            several: NDArray[np.float64] = softmax(outputs, axis=2).mean(axis=0)
            return several
        ones: NDArray[np.float64] = expit(outputs).mean(axis=0)
        return ones if self.n_outputs_ > 1 else np.column_stack([1 - ones, ones])

    def predict_log_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the logarithm of :meth:`predict_proba`."""
        with np.errstate(divide="ignore"):  # the logarithm of 0 is −∞, as it should be
            return np.log(self.predict_proba(X))

    def _data(
        self, X: Any, y: Any, sample_weight: Any = None, **checks: Any
    ) -> tuple[Tensor, Targets, Tensor | None]:
        x, targets, weight = super()._data(X, y, sample_weight, **checks)
        if weight is not None and targets.labelled:
            counted = np.unique(targets.y[weight > 0].numpy())
            if len(counted) == 1:
                raise InputError("sample_weight: only one class has more than 0; two are needed")
        return x, targets, weight

    def _targets(self, y: NDArray[Any]) -> Targets:
        check_classification_targets(y)
        kind = type_of_target(y)
        if kind == "multilabel-indicator":
            labels = torch.from_numpy(y.astype(self._dtype()))
            count = y.shape[1]
            return Targets("binary_cross_entropy", labels, count, "logistic", np.arange(count))
        if "multioutput" in kind:
            raise InputError(f"y: {kind} targets are not taken; fit one classifier for each column")
        classes, numbers = np.unique(column_or_1d(y, warn=True), return_inverse=True)
        count = len(classes)
        if count < 2:
            raise InputError(f"y: it holds only one class, {classes[0]!r}; two are needed")
        if count == 2:
            column = torch.from_numpy(numbers.astype(self._dtype())[:, None])
            return Targets("binary_cross_entropy", column, 1, "logistic", classes)
        numbers = numbers.astype(np.int64)
        return Targets("cross_entropy", torch.from_numpy(numbers), count, "softmax", classes)

    def _remember(self, targets: Targets) -> None:
        super()._remember(targets)
        self.classes_ = targets.classes

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
