"""Run a study: plan, train, lay out."""

from collections.abc import Callable

import torch
import xarray as xr
from torch import Tensor, nn

from weightdecay import engines
from weightdecay.errors import InputError
from weightdecay.study import Study, Trained, results


def run(
    study: Study,
    engine: str = "auto",
    progress: Callable[[int], None] = lambda epochs: None,
    device: torch.device | str = "cpu",
    compile: bool = False,
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

    Raises
    ------
    InputError
        If the device is not to be had, or for an engine as in :func:`weightdecay.engines.choose`.

    Returns
    -------
    results : xarray.Dataset
        As of :func:`weightdecay.study.results`; attributes ``engine`` and ``engine_reason``.
    trained : Trained
        The networks, in the order of ``study.plan()``.
    """
    try:
        population = study.plan().to(device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"device: {device} is not to be had: {reason}") from error
    name, reason = engines.choose(population, engine, compile)
    trained = engines.train_by(name, population, progress, compile)
    found = results(study, trained)
    return found.assign_attrs(engine=name, engine_reason=reason), trained


@torch.no_grad()
def predict(network: nn.Module, trained: Trained, x: Tensor) -> Tensor:
    """Return every member's outputs [K, N, ...] for the rows `x` [N, ...], in evaluation mode."""
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
