"""A path of λ found from the data: where it begins and ends, and how far it goes on."""

import warnings
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from torch import Tensor
from torch.func import functional_call

from weightdecay._run import run
from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.language import phrase
from weightdecay.select import learns, path_between, span
from weightdecay.study import Study, mean_loss, weighted_mean

#: λs of the pilot that finds the ends of an automatic path.
PILOT = (0.0, *(10.0**k for k in range(-8, 4)))
PILOT_SEEDS = 4


def automatic_path(study: Study, **how: Any) -> tuple[float, ...]:
    """Return a path between the λ that begins to act and the one at which all collapses.

    Parameters
    ----------
    study : Study
        Whose path is sought; a pilot trains on the first fold.
    **how
        Engine, device and progress, as of :func:`weightdecay.run`.

    Returns
    -------
    tuple of floats
        Where no member learns without decay, no λ begins to act: a ``ConvergenceWarning`` says so,
        and the path is that of the pilot.
    """
    problem = study.problem
    train = problem.splits[0][0]
    values = taken(study.decay, PILOT)
    pilot = replace(
        study,
        problem=replace(problem, splits=((train, train[:0]),)),
        weight_decay=values,
        seeds=study.seeds[:PILOT_SEEDS],
        record=2,
    )
    found, trained = run(pilot, **how)
    losses = found.train_loss.isel(fold=0, epoch=-1).to_numpy()
    constant = _constant_loss(pilot, trained.weights)
    # What has diverged is told as that, and by whom: its learning rate is to be lower, not higher.
    if np.isfinite(losses[0]).any() and not learns(losses[0], constant).any():
        said = ConvergenceWarning(phrase("path.nothing_learns"))
        warnings.warn(said, stacklevel=4)  # whoever called path()
        return values
    low, high = span(values, losses, constant)
    return tuple(path_between(low if low < high else high / 1000, high, least=12))


def taken(decay: Decay, values: Iterable[float]) -> tuple[float, ...]:
    """Return those of some λs that `decay` takes: a constraint takes none above 1."""

    def takes(value: float) -> bool:
        try:
            replace(decay, weight_decay=value)
        except InputError:
            return False
        return True

    return tuple(filter(takes, values))


def _constant_loss(study: Study, weights: Any) -> float:
    """Training loss of the best constant output, found by L-BFGS: the losses are convex in it."""
    problem = study.problem
    mean = mean_loss(problem.loss)
    rows = problem.splits[0][0]
    weight = None if problem.sample_weight is None else problem.sample_weight[rows]
    with torch.no_grad():
        start = {name: w[0] for name, w in weights.items()}
        output = functional_call(study.plan().network.eval(), start, (problem.x[rows[:2]],))
    constant = torch.zeros_like(output[:1]).requires_grad_()
    y = problem.y[rows]
    optimizer = torch.optim.LBFGS([constant], max_iter=200, line_search_fn="strong_wolfe")

    def objective() -> Tensor:
        optimizer.zero_grad()
        output = constant.expand(len(rows), *constant.shape[1:])
        if weight is None:
            value = mean(output, y)
        else:  # as the members' own losses
            value = weighted_mean(mean, output, y, weight / weight.mean())
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(objective)  # type: ignore[no-untyped-call]
    return float(objective().detach())
