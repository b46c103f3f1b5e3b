"""Whether there is such a metric, and whether it can judge the targets that there are."""

from difflib import get_close_matches
from typing import Any

import torch
from sklearn.metrics import get_scorer_names
from torch import Tensor

from weightdecay.errors import InputError
from weightdecay.language import phrase, shown
from weightdecay.studies._sources import kind_of
from weightdecay.study import error_metric, targets, why_not


def check_scorer(name: str) -> str:
    """Return `name` if scikit-learn has a scorer of it, or if it is that of a function.

    Raises
    ------
    ValueError
        If it is neither, with a phrase.
    """
    names = get_scorer_names()
    if name in names or kind_of(name) == "function":
        return name
    said = {"name": shown(name)}
    if near := get_close_matches(name[:100].lower(), names, 3):
        raise ValueError(phrase("study.error.scorer_near", **said, near=", ".join(near)))
    raise ValueError(phrase("study.error.scorer", **said))


def check_metric(metric: Any, said: str, y: Any, loss: str, sample_weight: Any = None) -> None:
    """Judge y itself by `metric`, so that one that cannot do it fails before the training.

    Parameters
    ----------
    metric : str or callable
        As of :func:`weightdecay.path`.
    said : str
        What it is called in the study file.
    y, loss, sample_weight
        As of :func:`weightdecay.path`.

    Raises
    ------
    InputError
        If it raises, or returns no number.
    """
    truth = targets(y, loss)
    weight = None if sample_weight is None else torch.as_tensor(sample_weight)
    reason = why_not(error_metric(metric, loss), _outputs(truth, loss), truth, weight)
    if reason is not None:
        values = {"option": "study.metric", "metric": shown(said), "loss": loss, "reason": reason}
        raise InputError(phrase("metric.error.targets", **values))


def _outputs(y: Tensor, loss: str) -> Tensor:
    """Outputs of the shape that y asks for."""
    if loss == "cross_entropy" and y.dim() == 1:
        return torch.zeros(len(y), int(y.max()) + 1)
    return torch.zeros_like(y)
