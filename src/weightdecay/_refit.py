"""Train with one λ on all rows."""

from dataclasses import replace

import torch

from weightdecay import engines
from weightdecay.study import Study, Trained


def refit(study: Study, weight_decay: float, seeds: tuple[int, ...]) -> Trained:
    """Train one network from each seed on all rows that train in any fold.

    Parameters
    ----------
    study : Study
        Its λs, seeds and folds give way.
    weight_decay : float
        λ, in the convention of the study's decay.
    seeds : tuple of S ints

    Returns
    -------
    Trained
        S members, one a seed.
    """
    rows = torch.unique(torch.cat([train for train, _ in study.problem.splits]))
    whole = replace(
        study,
        problem=replace(study.problem, splits=((rows, rows[:0]),)),
        weight_decay=tuple(sorted({0.0, float(weight_decay)})),
        seeds=seeds,
        record=2,
    )
    first = whole.weight_decay.index(weight_decay) * len(seeds)
    return engines.train(whole.plan().only(range(first, first + len(seeds))))
