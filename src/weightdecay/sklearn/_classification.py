"""Classes as targets."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from weightdecay.errors import InputError
from weightdecay.sklearn._mlp import MLP, PRECISION, Targets


class Classification(ClassifierMixin, MLP):
    """Cross-entropy on classes y [N]: of two, of the one logit; of C, of as many."""

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable class [N] for the rows X [N, P]."""
        probability = self.predict_proba(X)
        classes: NDArray[Any] = self.classes_[probability.argmax(axis=1)]
        return classes

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probability [N, C] of each class, the mean over the networks."""
        outputs = self._outputs(X)
        if self.n_outputs_ > 1:
            several: NDArray[np.float64] = softmax(outputs, axis=2).mean(axis=0)
            return several
        second = expit(outputs[:, :, 0]).mean(axis=0)
        return np.column_stack([1 - second, second])

    def predict_log_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the logarithm [N, C] of the probability of each class."""
        with np.errstate(divide="ignore"):  # the logarithm of 0 is −∞, as it should be
            return np.log(self.predict_proba(X))

    def _targets(self, y: NDArray[Any]) -> Targets:
        check_classification_targets(y)
        if "multilabel" in (kind := type_of_target(y)) or "multioutput" in kind:
            raise InputError(f"y: {kind} targets are not taken; fit one classifier for each column")
        self.classes_, numbers = np.unique(column_or_1d(y, warn=True), return_inverse=True)
        count = len(self.classes_)
        if count < 2:
            raise InputError(f"y: it holds only one class, {self.classes_[0]!r}; two are needed")
        if count == 2:
            column = torch.from_numpy(numbers.astype(PRECISION)[:, None])
            return Targets("binary_cross_entropy", column, 1)
        return Targets("cross_entropy", torch.from_numpy(numbers.astype(np.int64)), count)
