"""One kind of start, trained and measured over λs, seeds and draws of the data."""

from dataclasses import replace

import numpy as np
import torch
import xarray as xr
from torch import Tensor

from weightdecay._progress import Progress
from weightdecay._run import run
from weightdecay.reference.d2l import _experiment as experiment
from weightdecay.reference.d2l._subspaces import lengths
from weightdecay.study import Study


def study(plan: Study, progress: Progress = lambda done, total: None) -> xr.Dataset:
    """Run a study of :func:`weightdecay.reference.d2l._experiment.plan`.

    Parameters
    ----------
    plan : Study
    progress : callable, optional
        As of :func:`weightdecay.engines.train`.

    Returns
    -------
    xarray.Dataset
        In the chapter's units: losses are half the mean squared error, and λ is ``weight_decay``
        for it. The dimensions weight_decay [L], seed [S], draw [F], epoch, parameter:
        ``train_loss``, ``validation_loss`` and ``penalty`` [L, S, F, epoch]; ``weight_norm``
        [L, S, F, parameter]; ``weight_share`` [L, bin], the mean over seeds and draws;
        ``row_space`` and ``null_space`` [L, S, F], the lengths of the two parts of the weights
        after training, and ``null_space_at_start`` [S, F]; ``bias_error``
        [L, S, F], how far the bias is from the truth; ``constant_loss`` [F], of predicting the mean
        of the training targets; ``diverged`` [L, S, F]. All measures of a run that diverged are
        NaN.
    """
    found, trained = run(plan, progress=progress)
    found = found.rename(fold="draw", test_loss="validation_loss")
    dims = ("weight_decay", "seed", "draw")
    weights = trained.weights["weight"].clone()
    weights[trained.diverged > 0] = torch.nan  # they may be infinite
    row_space, null_space = parts(plan, weights)
    # The same at every λ.
    start = replace(plan, weight_decay=(0.0,))
    _, at_start = parts(start, start.plan().weights["weight"])
    bias = trained.weights["bias"].double().numpy().reshape(plan.shape)
    measured = found.assign(
        row_space=(dims, row_space),
        null_space=(dims, null_space),
        bias_error=(dims, np.abs(bias - experiment.BIAS)),
    ).where(found.diverged == 0)
    for name in ("train_loss", "validation_loss", "penalty"):
        measured[name] = experiment.HALF * measured[name]
    return measured.assign(
        diverged=found.diverged > 0,
        null_space_at_start=(dims[1:], at_start[0]),
        constant_loss=("draw", constant_loss(plan)),
        # A mean says as much, and of a hundred draws all shares would be most of what is kept.
        weight_share=measured.weight_share.mean(("seed", "draw")),
    ).assign_coords(weight_decay=experiment.HALF * found.weight_decay)


def parts(plan: Study, weights: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Return :func:`lengths` [L, S, F] of the weights [K, 1, P], each on its own training rows."""
    laid_out = weights.double().numpy().reshape(*plan.shape, -1)
    x = plan.problem.x.numpy()
    each = [
        lengths(laid_out[:, :, draw], x[train])
        for draw, (train, _) in enumerate(plan.problem.splits)
    ]
    row_space, null_space = (np.stack(part, axis=-1) for part in zip(*each, strict=True))
    return row_space, null_space


def constant_loss(plan: Study) -> list[float]:
    """Half the mean squared error [F] on the judging rows of the training targets' mean."""
    y = plan.problem.y.double()
    return [
        float(experiment.HALF * (y[judging] - y[train].mean()).square().mean())
        for train, judging in plan.problem.splits
    ]
