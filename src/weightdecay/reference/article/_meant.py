"""The experiment as the article describes it: λ·Σw² on all weights, over many seeds and many λ."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from weightdecay._progress import Progress
from weightdecay._run import predict, run
from weightdecay.decay import L2, Decay
from weightdecay.reference.article import _experiment as experiment
from weightdecay.select import path_between, span
from weightdecay.study import Study

#: λs and seeds of the pilot that finds the ends of the path.
PILOT = (0.0, *(10.0**k for k in range(-8, 4)))
PILOT_SEEDS = 16

#: An output that varies by less than this share of the targets' range counts as constant.
FLAT = 1e-2


def plan(weight_decay: Sequence[float], seeds: int, record: int = 20) -> Study:
    """Plan the study.

    Parameters
    ----------
    weight_decay : sequence of L floats
        The path of λ, ascending from 0: torch's ``weight_decay``, twice the article's λ.
    seeds : int
        0 … seeds − 1 are the initialisations.
    record : int
        As of :class:`weightdecay.Study`.
    """
    return Study(
        problem=experiment.problem(),
        network=experiment.network,
        recipe=experiment.RECIPE,
        decay=Decay(penalty=L2(), on="loss", select="weights"),
        weight_decay=tuple(weight_decay),
        seeds=tuple(range(seeds)),
        record=record,
    )


def path(seeds: int, progress: Progress = lambda done, total: None) -> tuple[float, ...]:
    """Let a pilot on a few of the seeds find where λ begins to act and where all collapses.

    Parameters
    ----------
    seeds : int
        Of the study.
    progress : callable, optional
        As of :func:`weightdecay.run`.

    Returns
    -------
    tuple of floats
        The path of λ, ascending from 0, in torch's convention.
    """
    pilot = plan(PILOT, min(seeds, PILOT_SEEDS), record=2)
    found, _ = run(pilot, progress=progress)
    _, y = experiment.training_data()
    low, high = span(
        PILOT,
        found.train_loss.isel(fold=0, epoch=-1).to_numpy(),
        constant_loss=float(y.var(correction=0)),
    )
    return tuple(path_between(low if low < high else high / 1000, high))


def study(plan: Study, progress: Progress = lambda done, total: None) -> xr.Dataset:
    """Run the whole study.

    Parameters
    ----------
    plan : Study
        From :func:`plan`.
    progress : callable, optional

    Returns
    -------
    xarray.Dataset
        The dimensions weight_decay [L], seed [S], epoch, parameter, x [1000]: ``mse`` [L, S]
        against y = x², ``train_mse`` [L, S], ``weight_norm`` [L, S] of all weights,
        ``parameter_norm`` [L, S, parameter], ``dead``, ``flat``, ``diverged`` and ``alive`` [L, S]
        (neither dead nor diverged), ``output_bias_at_start`` [S], ``prediction`` [L, S, x],
        ``train_loss``, ``test_loss`` and ``penalty`` [L, S, epoch].
    """
    found, trained = run(plan, progress=progress)
    found = found.isel(fold=0, drop=True)
    shape = plan.shape[:2]
    network = experiment.network()
    x, y = experiment.training_data()
    on_rows = predict(network, trained, x)[..., 0].reshape(*shape, -1)
    on_grid = predict(network, trained, experiment.grid())[..., 0].reshape(*shape, -1)
    spread = on_rows.amax(-1) - on_rows.amin(-1)
    decayed = [name for name in trained.weights if name.endswith("weight")]
    start = replace(plan, weight_decay=(0.0,)).plan().weights  # the same at every λ
    last = list(start)[-1]
    error = (on_grid - experiment.grid()[:, 0].square()).double().square().mean(-1)
    dead = (on_rows == 0).all(-1).numpy()
    diverged = found.diverged > 0
    dims = ("weight_decay", "seed")
    return found.rename(weight_norm="parameter_norm").assign(
        mse=(dims, error.numpy()),
        train_mse=found.train_loss.isel(epoch=-1, drop=True),
        weight_norm=np.sqrt((found.weight_norm.sel(parameter=decayed) ** 2).sum("parameter")),
        dead=(dims, dead),
        flat=(dims, (spread < FLAT * (y.max() - y.min())).numpy()),
        diverged=diverged,
        alive=~(diverged | dead),
        output_bias_at_start=("seed", start[last][: shape[1], 0].numpy()),
        prediction=((*dims, "x"), on_grid.numpy()),
        x=("x", experiment.grid()[:, 0].double().numpy()),
    )
