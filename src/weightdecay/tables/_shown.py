"""What the networks of a path say of single rows, at every λ: what a page of a fit shows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weightdecay.study import Trained
from weightdecay.tables._dependence import Dependent, dependence, rows_of
from weightdecay.tables._fold import evenly, folds_of
from weightdecay.tables._losses import mean_of_seeds
from weightdecay.tables._search import Plan
from weightdecay.tables._table import Table

#: Rows that are drawn as points, and rows that are counted by class: more would say no more.
DRAWN, COUNTED = 300, 5_000


@dataclass(frozen=True)
class Shown:
    """What is shown of a fit besides its summary.

    Parameters
    ----------
    rows : array [N']
        Rows that judge, thinned evenly.
    judged : int
        How many rows judge in all.
    observed : array [N']
        In the target's own unit, or numbers of classes.
    predicted : array [L, N']
        What the S networks of the row's fold, none of which it has trained, predict together:
        numbers, or of a classification the class; NaN, or −1, where one of them diverged.
    dependence : tuple of Dependent
    averaged : int
        Over how many rows.
    """

    rows: NDArray[np.int64]
    judged: int
    observed: NDArray[Any]
    predicted: NDArray[Any]
    dependence: tuple[Dependent, ...]
    averaged: int


def shown(table: Table, plan: Plan, trained: Trained, lambdas: int, chosen: int) -> Shown:
    """Predict rows that took no part in training, at every λ.

    Parameters
    ----------
    table : Table
    plan : Plan
    trained : Trained
        The L·S·F members of :func:`~weightdecay.tables._search.searched`.
    lambdas : int
        L.
    chosen : int
        Place of the chosen λ: there it is seen which columns matter most.
    """
    folds = folds_of(table, plan, trained, lambdas)
    target, regression = table.target, table.target.task == "regression"
    every = np.concatenate([test for _, test in plan.judging])
    kept = evenly(len(every), DRAWN if regression else COUNTED)
    fold_of = np.repeat(np.arange(len(folds)), [len(test) for _, test in plan.judging])[kept]
    rows = every[kept]
    predicted = np.empty((lambdas, len(rows)), dtype=np.float64 if regression else np.int64)
    for number, fold in enumerate(folds):
        mine = fold_of == number
        x = fold.scaled(table.x[rows[mine]])
        for place in range(lambdas):
            together = mean_of_seeds(target.task, fold.outputs(place, x))
            if regression:
                predicted[place, mine] = together * target.scale + target.mean
            else:
                lost = np.isnan(together).any(axis=-1)
                predicted[place, mine] = np.where(lost, -1, together.argmax(axis=-1))
    y = table.y[rows]
    return Shown(
        rows=rows,
        judged=len(every),
        observed=y * target.scale + target.mean if regression else y.astype(int),
        predicted=predicted,
        dependence=dependence(table, folds, lambdas, chosen),
        averaged=sum(len(rows_of(fold, len(folds))) for fold in folds),
    )
