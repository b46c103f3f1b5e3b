"""Train with one λ on all rows of all folds."""

from dataclasses import replace

import torch

from weightdecay import engines
from weightdecay.study import Study, Trained


def refit(study: Study, weight_decay: float, seeds: tuple[int, ...]) -> Trained:
    """Train one network from each seed on all rows that train or judge in any fold.

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
    rows = torch.unique(torch.cat([side for pair in study.problem.splits for side in pair]))
    whole = replace(
        study,
        problem=replace(study.problem, splits=((rows, rows[:0]),)),
        weight_decay=tuple(sorted({0.0, float(weight_decay)})),
        seeds=seeds,
        record=2,
    )
    first = whole.weight_decay.index(weight_decay) * len(seeds)
    return engines.train(whole.plan().only(range(first, first + len(seeds))))
