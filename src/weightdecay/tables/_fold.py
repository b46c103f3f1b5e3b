"""The networks of one fold at every λ, and the rows that they were not trained on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weightdecay.sklearn._network import Layers, as_arrays, outputs
from weightdecay.study import Trained
from weightdecay.tables._scaling import Scaling, as_numbers, scaling
from weightdecay.tables._search import ACTIVATION, Plan
from weightdecay.tables._table import Table


@dataclass(frozen=True)
class Fold:
    """The networks of one fold, and the rows that they were not trained on.

    Parameters
    ----------
    networks : tuple of L tuples of S networks
    lost : array [L, S] of bool
        Which of them diverged.
    scaled : Scaling
        Fitted on the training rows.
    test : array [m]
        The rows that judge.
    """

    networks: tuple[tuple[Layers, ...], ...]
    lost: NDArray[np.bool_]
    scaled: Scaling
    test: NDArray[np.int64]

    def outputs(self, place: int, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return outputs [S, N, Q] of the networks at one λ; NaN of those that diverged."""
        with np.errstate(all="ignore"):  # what diverged overflows
            found = outputs(self.networks[place], ACTIVATION, x)
        found[self.lost[place]] = np.nan
        return found


def folds_of(table: Table, plan: Plan, trained: Trained, lambdas: int) -> list[Fold]:
    """The networks of each fold, of the L·S·F members of a path."""
    count = len(plan.folds)
    every, lost = as_arrays(trained), trained.diverged > 0
    seeds = len(every) // (lambdas * count)
    folds = []
    for number, (train, test) in enumerate(plan.judging):
        fitted = scaling(table.layout.numbers).fit(table.x[train])
        mine = [
            [(place * seeds + seed) * count + number for seed in range(seeds)]
            for place in range(lambdas)
        ]
        folds.append(
            Fold(
                networks=tuple(tuple(every[k] for k in row) for row in mine),
                lost=lost[np.array(mine)],
                scaled=as_numbers(fitted, table.layout.numbers, table.x.shape[1]),
                test=test,
            )
        )
    return folds


def evenly(count: int, most: int) -> NDArray[np.int64]:
    """At most `most` of the places 0 … `count` − 1, spread evenly."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)
