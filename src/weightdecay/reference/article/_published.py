"""The experiment as published: one seed, and the penalty that the loop really applies.

The article's loop puts the norm of one parameter after the other, times 1e8, into the same name. So
what is added to the loss is the unsquared norm of the last parameter alone: the output bias.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from weightdecay.decay import Decay, Norm, selected
from weightdecay.engines import loop
from weightdecay.reference.article import _experiment as experiment
from weightdecay.study import Study, put

WEIGHT_DECAY = 1e8
SEED = 25


@dataclass(frozen=True)
class Run:
    """One of the two published networks after its training.

    Parameters
    ----------
    relative_error : float
        The article's Σ (x² − ŷ)²/ŷ² over the grid, added up in float32 in its order; NaN or
        infinite where the network predicts 0.
    mse : float
        Mean of (x² − ŷ)² over the same grid.
    train_mse : float
        Mean of (y − ŷ)² over the ten points.
    weight_norm : float
        L2 norm of all weights, biases not counted.
    norms : dict of str to float
        L2 norm of each parameter.
    penalized : tuple of str
        The parameters that the penalty reaches.
    penalty : float
        λ·Ω after training.
    prediction : array [1000]
        ŷ over the grid.
    """

    relative_error: float
    mse: float
    train_mse: float
    weight_norm: float
    norms: dict[str, float]
    penalized: tuple[str, ...]
    penalty: float
    prediction: NDArray[np.float64]


def train(seed: int, weight_decay: float, progress: Callable[[int], None]) -> Run:
    """Train the published network in the loop engine, with the penalty times `weight_decay`."""
    study = Study(
        problem=experiment.problem(),
        network=experiment.network,
        recipe=experiment.RECIPE,
        decay=Decay(penalty=Norm(), on="loss", select="last"),
        weight_decay=tuple(sorted({0.0, weight_decay})),
        seeds=(seed,),
        record=2,
    )
    everyone = study.plan()
    member = study.weight_decay.index(weight_decay)
    trained = loop.train(everyone.only([member]), progress)
    network = experiment.network()
    put(network, trained, 0)
    norms = {name: float(w.detach().norm()) for name, w in network.named_parameters()}
    decayed = selected(network, "weights")
    with torch.no_grad():
        # One point after the other, as the article does: a batch of them may round otherwise.
        prediction = torch.stack([network(x) for x in experiment.grid()])
    return Run(
        relative_error=relative_error(prediction),
        mse=float((experiment.grid().square() - prediction).double().square().mean()),
        train_mse=float(trained.train_loss[0, -1]),
        weight_norm=float(np.sqrt(sum(norms[name] ** 2 for name in decayed))),
        norms=norms,
        penalized=selected(network, "last"),
        penalty=float(trained.penalty[0, -1]),
        prediction=prediction[:, 0].double().numpy(),
    )


def relative_error(prediction: torch.Tensor) -> float:
    """The article's Σ (x² − ŷ)²/ŷ² for predictions [1000, 1], with its rounding.

    Every summand and the sum are float32, x² is i·i/10000 in double until it meets ŷ.
    """
    total: Any = 0
    for i, y in enumerate(prediction):
        total = (i * i / 10000 - y) ** 2 / y**2 + total
    return float(total)


def published(seed: int, progress: Callable[[int], None] = lambda epochs: None) -> tuple[Run, Run]:
    """Train both published networks side by side, each in a process of its own.

    Parameters
    ----------
    seed : int
    progress : callable, optional
        Called with the number of epochs done since the last call, of 6,000.

    Returns
    -------
    without, with : Run
    """
    # spawn: a forked child would inherit torch's thread pools in whatever state they are.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    steps = context.SimpleQueue()
    with ProcessPoolExecutor(2, context, _adopt, (steps,)) as pool:
        jobs: list[Future[Run]] = [pool.submit(_job, seed, value) for value in (0.0, WEIGHT_DECAY)]
        try:
            while wait(jobs, timeout=0.1).not_done:
                while not steps.empty():
                    progress(steps.get())
        except BaseException:
            # Leaving the pool waits for its jobs; nobody wants their results any more.
            for child in set(multiprocessing.active_children()) - others:
                child.kill()
            raise
        without, penalized = (job.result() for job in jobs)
    return without, penalized


_steps: Any = None


def _adopt(steps: Any) -> None:
    global _steps
    _steps = steps
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Ctrl-C reaches the whole group of processes; the parent decides and ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with_parent() -> None:
    """Do not outlive a parent that was killed: nobody would read the result."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _job(seed: int, weight_decay: float) -> Run:
    torch.set_num_threads(1)
    pending = 0

    def report(epochs: int) -> None:
        nonlocal pending
        pending += epochs
        if pending >= 50:
            _steps.put(pending)
            pending = 0

    return train(seed, weight_decay, report)
