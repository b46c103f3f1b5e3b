"""What is asked: a problem, a recipe, a network, which members; and the results it becomes."""

from weightdecay.study._chunks import chunk_size, gathered
from weightdecay.study._data import from_dataset, inputs, labels, targets
from weightdecay.study._folds import Folds, group_names, repeatable, splits
from weightdecay.study._losses import LOSSES, Loss, mean_loss, row_losses, weighted_mean
from weightdecay.study._metrics import Metric, Weighted, error_metric
from weightdecay.study._order import Order, Take
from weightdecay.study._population import Population, Trained, put
from weightdecay.study._problem import Problem
from weightdecay.study._recipe import Recipe
from weightdecay.study._results import results
from weightdecay.study._stopping import Stopping, Watch
from weightdecay.study._study import Study
from weightdecay.study._trial import why_not

__all__ = [
    "LOSSES",
    "Folds",
    "Loss",
    "Metric",
    "Order",
    "Population",
    "Problem",
    "Recipe",
    "Stopping",
    "Study",
    "Take",
    "Trained",
    "Watch",
    "Weighted",
    "chunk_size",
    "error_metric",
    "from_dataset",
    "gathered",
    "group_names",
    "inputs",
    "labels",
    "mean_loss",
    "put",
    "repeatable",
    "results",
    "row_losses",
    "splits",
    "targets",
    "weighted_mean",
    "why_not",
]
