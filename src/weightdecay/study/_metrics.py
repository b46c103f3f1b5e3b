"""What a trained network is judged by, if not by its loss."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import get_scorer, get_scorer_names
from torch import Tensor

from weightdecay.errors import InputError

#: From outputs [n, ...] and targets [n, ...] to an error: a number, smaller is better.
Metric = Callable[[Tensor, Tensor], float]

#: The same with weights [n] of the rows, or None.
Weighted = Callable[[Tensor, Tensor, Tensor | None], float]


def error_metric(metric: str | Metric, loss: Any) -> Weighted:
    """Return `metric` as a function whose values are errors: smaller is better.

    Parameters
    ----------
    metric : str or callable
        One of scikit-learn's scorers by name ("accuracy", "r2", "neg_mean_absolute_error",
        "roc_auc" ...) or such a scorer itself: the error is its negative. Any other callable gets
        outputs [n, ...] and targets [n, ...] and returns a number, smaller is better; it gets no
        weights.
    loss : str or callable
        What the outputs are: with "cross_entropy" logits of classes, with "binary_cross_entropy"
        the logit of class 1, or of each of several labels, else predictions.

    Raises
    ------
    InputError
        If scikit-learn has no scorer of that name.
    """
    if isinstance(metric, str):
        if metric not in get_scorer_names():
            raise InputError(f"metric: scikit-learn has no scorer {metric!r}")
        scorer = get_scorer(metric)
    elif hasattr(metric, "_score_func"):  # what make_scorer returns
        scorer = metric
    else:
        return lambda output, y, weight: float(metric(output, y))
    kind = _CLASSIFIERS.get(loss, _Regressor) if isinstance(loss, str) else _Regressor

    def error(output: Tensor, y: Tensor, weight: Tensor | None) -> float:
        target = y.numpy().reshape(len(y)) if y.dim() == 1 or y.shape[1:] == (1,) else y.numpy()
        weights = {} if weight is None else {"sample_weight": weight.numpy()}
        return -float(scorer(kind(output), np.zeros((len(y), 1)), target, **weights))

    return error


class _Regressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Outputs in the form that scikit-learn's scorers ask for."""

    def __init__(self, output: Tensor) -> None:
        self.output = output
        self.fitted_ = True

    def predict(self, X: Any) -> Any:
        output = self.output.numpy()
        return output.reshape(len(output)) if output.shape[1:] == (1,) else output


class _Classifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    def __init__(self, output: Tensor) -> None:
        self.output = output
        self.classes_ = np.arange(output.shape[1])

    def predict(self, X: Any) -> Any:
        return self.output.argmax(1).numpy()

    def predict_proba(self, X: Any) -> Any:
        return self.output.double().softmax(1).numpy()


class _BinaryClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    def __init__(self, output: Tensor) -> None:
        self.output = output.reshape(len(output))
        self.classes_ = np.arange(2)

    def predict(self, X: Any) -> Any:
        return (self.output > 0).long().numpy()

    def predict_proba(self, X: Any) -> Any:
        one = torch.sigmoid(self.output.double())
        return torch.stack([1 - one, one], dim=1).numpy()


class _Multilabel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A logit for each label of a row."""

    def __init__(self, output: Tensor) -> None:
        self.output = output
        self.classes_ = np.arange(output.shape[1])

    def predict(self, X: Any) -> Any:
        return (self.output > 0).long().numpy()

    def predict_proba(self, X: Any) -> Any:
        return torch.sigmoid(self.output.double()).numpy()


def _logits(output: Tensor) -> _BinaryClassifier | _Multilabel:
    return _BinaryClassifier(output) if output.numel() == len(output) else _Multilabel(output)


_CLASSIFIERS: dict[str, Callable[[Tensor], Any]] = {
    "cross_entropy": _Classifier,
    "binary_cross_entropy": _logits,
}
