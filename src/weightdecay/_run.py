"""Run a study: plan, train, lay out."""

from collections.abc import Callable

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from weightdecay import engines
from weightdecay.errors import InputError
from weightdecay.runs import RunFolder
from weightdecay.study import Population, Study, Trained, chunk_size, joined, results


def run(
    study: Study,
    engine: str = "auto",
    progress: Callable[[int], None] = lambda epochs: None,
    device: torch.device | str = "cpu",
    compile: bool = False,
    folder: RunFolder | None = None,
) -> tuple[xr.Dataset, Trained]:
    """Train every member of `study`.

    Parameters
    ----------
    study : Study
    engine : {"auto", "lanes", "vmap", "loop"}, default "auto"
    progress : callable, optional
        As of :func:`weightdecay.engines.train`.
    device : torch.device or str, default "cpu"
        Where to train; lanes knows the CPU alone.
    compile : bool, default False
        Train by the vmap engine, its steps through ``torch.compile``, which needs a C++ compiler.
        Compiling takes ten seconds or more for each run and each size of chunk, and makes a step
        about 1.4 times as fast on a CPU: worth it where a run takes minutes.
    folder : RunFolder, optional
        Where chunks of members are kept as they are trained, and taken from if they are there.

    Raises
    ------
    InputError
        If the device is not to be had, for an engine as in :func:`weightdecay.engines.choose`, or
        if `folder` holds another study.
    OSError
        If a chunk cannot be written; those before are kept.

    Returns
    -------
    results : xarray.Dataset
        As of :func:`weightdecay.study.results`; attributes ``engine`` and ``engine_reason``.
    trained : Trained
        The networks, in the order of ``study.plan()``.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> x = torch.linspace(-1, 1, 12)[:, None]
    >>> study = wd.Study(
    ...     wd.Problem.with_truth(x, x.square(), x, x.square()),
    ...     lambda: torch.nn.Linear(1, 1),
    ...     wd.Recipe(epochs=5),
    ...     wd.Decay(),
    ...     weight_decay=(0.0, 0.1),
    ...     seeds=(0, 1),
    ... )
    >>> results, trained = wd.run(study)
    >>> results.test_loss.dims
    ('weight_decay', 'seed', 'fold', 'epoch')
    """
    try:
        population = study.plan().to(device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"device: {device} is not to be had: {reason}") from error
    name, reason = engines.choose(population, engine, compile)
    if folder is None:
        trained = engines.train_by(name, population, progress, compile)
    else:
        trained = _in_folder(folder, population, name, reason, progress, compile)
    found = results(study, trained)
    return found.assign_attrs(engine=name, engine_reason=reason), trained


def _in_folder(
    folder: RunFolder,
    population: Population,
    engine: str,
    reason: str,
    progress: Callable[[int], None],
    compile: bool,
) -> Trained:
    """Train chunk by chunk those that `folder` does not hold yet."""
    chunks = list(population.chunks(chunk_size(population)))
    stage = folder.begin(population, chunks, engine, reason)
    parts = []
    for number, chunk in enumerate(chunks):
        trained = stage.read(number)
        if trained is None:
            trained = engines.train_by(engine, stage.members(number), progress, compile)
            stage.keep(number, trained)
        else:
            progress(len(chunk) * population.recipe.epochs)
        parts.append(trained)
    return joined(parts, np.concatenate(chunks))


@torch.no_grad()
def predict(network: nn.Module, trained: Trained, x: Tensor) -> Tensor:
    """Return every member's outputs, in evaluation mode.

    Parameters
    ----------
    network : torch.nn.Module
        Of the kind that was trained, such as ``study.template()``; its own weights do not matter.
    trained : Trained
        K members, from :func:`weightdecay.run`.
    x : Tensor [N, ...]
        Rows, as they were trained on.

    Returns
    -------
    Tensor [K, N, ...]

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> x = torch.linspace(-1, 1, 12)[:, None]
    >>> problem, recipe = wd.Problem.with_truth(x, x, x, x), wd.Recipe(epochs=2)
    >>> network = lambda: torch.nn.Linear(1, 1)
    >>> study = wd.Study(problem, network, recipe, wd.Decay(), (0.0, 0.1), seeds=(0, 1, 2))
    >>> _, trained = wd.run(study)
    >>> wd.predict(study.template(), trained, x).shape  # 2 λs × 3 seeds
    torch.Size([6, 12, 1])
    """
    return torch.stack([outputs(network, trained, k, x) for k in range(len(trained.diverged))])


@torch.no_grad()
def outputs(network: nn.Module, trained: Trained, k: int, x: Tensor) -> Tensor:
    """Return the outputs [N, ...] of member `k`."""
    mine = {name: stack[k] for name, stack in {**trained.weights, **trained.buffers}.items()}
    was_training = network.training
    try:
        out: Tensor = torch.func.functional_call(network.eval(), mine, (x,))
    finally:
        network.train(was_training)
    return out
