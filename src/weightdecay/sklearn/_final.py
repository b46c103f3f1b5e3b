"""The networks of a fit, on all rows with one α."""

from collections.abc import Sequence
from dataclasses import replace

from weightdecay import engines
from weightdecay.sklearn._network import Layers, as_weights
from weightdecay.study import Study, Trained


def train(study: Study, alpha: float, start: Sequence[Layers] | None = None) -> Trained:
    """Train one network from each seed, and measure after every epoch.

    Parameters
    ----------
    study : Study
        Of one fold without judging rows; its λs give way.
    alpha : float
    start : sequence of S pairs of lists of array, optional
        Initial weights, in the place of those that the seeds give.

    Returns
    -------
    Trained
        S members; as ``test_loss`` the loss of the rows held out to stop early.

    Raises
    ------
    InputError
        If `start` holds networks of other shapes.
    """
    study = replace(study, weight_decay=tuple(sorted({0.0, float(alpha)})))
    first = study.weight_decay.index(alpha) * len(study.seeds)
    members = study.plan().only(range(first, first + len(study.seeds)))
    if start is not None:
        members = replace(members, weights=as_weights(start, members.weights))
    every = tuple(range(1, study.recipe.epochs + 1))
    return engines.train(replace(members, test=members.held, record=every))
