"""Run a study: plan, train, lay out."""

from collections.abc import Generator
from contextlib import closing, nullcontext
from dataclasses import replace

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor, nn

from weightdecay import engines
from weightdecay._progress import Progress
from weightdecay.engines._executor import Executor, Here, Work
from weightdecay.engines._faults import Fault, member_error
from weightdecay.errors import InputError
from weightdecay.language import first_line, phrase
from weightdecay.runs import RunFolder, Stage
from weightdecay.study import Study, Trained, chunk_size, gathered, results


def run(
    study: Study,
    engine: str = "auto",
    progress: Progress = lambda done, total: None,
    device: torch.device | str = "cpu",
    compile: bool = False,
    folder: RunFolder | None = None,
    executor: Executor | None = None,
) -> tuple[xr.Dataset, Trained]:
    """Train every member of `study`.

    Parameters
    ----------
    study : Study
    engine : {"auto", "lanes", "vmap", "loop"}, default "auto"
    progress : callable, optional
        Called now and then, from any thread, with the member-epochs done since the last call, and
        all that are to be trained: what `folder` holds already is not among them.
    device : torch.device or str, default "cpu"
        Where to train; lanes knows the CPU alone.
    compile : bool, default False
        Train by the vmap engine, its steps through ``torch.compile``, which needs a C++ compiler.
        Compiling takes ten seconds or more for each run and each size of chunk, and makes a step
        about 1.4 times as fast on a CPU: worth it where a run takes minutes.
    folder : RunFolder, optional
        Where chunks of members are kept as they are trained, and taken from if they are there.
    executor : Executor, optional
        Where chunks are trained: :class:`weightdecay.engines.Ray`, on a cluster; in this process if
        not given. The results have the bits of a run folder that is filled here.

    Raises
    ------
    InputError
        If the device is not to be had, for an engine as in :func:`weightdecay.engines.choose`, or
        if `folder` holds another study; with an executor, as it says.
    MemberError
        If some members raise while they are trained: after all chunks without one of them are
        trained and kept, or at once where whatever has been tried raises.
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
    elsewhere = None if executor is None else executor.device
    if elsewhere is not None and str(device).partition(":")[0] not in ("cpu", elsewhere):
        raise InputError(phrase("engine.error.elsewhere", there=elsewhere, device=device))
    population = study.plan()
    try:
        population = population.to(device if elsewhere is None else "cpu")
    except (RuntimeError, AssertionError) as error:
        reason = first_line(error)
        raise InputError(phrase("engine.error.device", device=device, reason=reason)) from error
    with nullcontext() if executor is None else executor.opened():
        name, reason = engines.choose(population, engine, compile, elsewhere)
        if folder is None and executor is None:
            chunks = [np.arange(len(population))]
        else:
            chunks = list(population.chunks(chunk_size(population)))
        stage = folder.begin(population, chunks, name, reason) if folder else None
        work = Work(population, dict(enumerate(chunks)), name, compile)
        # Closed before the executor is, also where an interrupt meets what stands between them.
        with closing(_parts(work, stage, executor or Here(), progress)) as parts:
            trained = gathered(population, parts)
    found = results(study, trained)
    return found.assign_attrs(engine=name, engine_reason=reason), trained


def _parts(
    work: Work, stage: Stage | None, executor: Executor, progress: Progress
) -> Generator[tuple[NDArray[np.int64], Trained], None, None]:
    """Yield what `stage` holds; train the other chunks, and keep them there as they are done."""
    missing = dict(work.chunks)
    for number, chunk in work.chunks.items():
        if stage and (held := stage.read(number)) is not None:
            del missing[number]
            yield chunk, held
    sound = len(missing) < len(work.chunks)
    total = sum(map(len, missing.values())) * work.population.recipe.epochs
    asked = replace(work, chunks=missing, progress=lambda done: progress(done, total))
    faults: dict[int, Fault] = {}
    tried = 0
    with closing(executor.train(asked)) as outcomes:
        for number, outcome in outcomes:
            tried += len(missing[number])
            if isinstance(outcome, Trained):
                sound = True
                if stage:
                    stage.keep(number, outcome)
                yield missing[number], outcome
                continue
            faults |= {int(missing[number][fault.member]): fault for fault in outcome}
            # Of many members all: that is no matter of λ, seed or fold.
            if not sound and 1 < len(faults) == tried:
                break
    if faults:
        way_out = phrase("member.error.mend")
        if stage:
            way_out = phrase("member.error.mend_kept", folder=stage.folder)
        raise member_error(work.population, faults, tried, way_out)


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
