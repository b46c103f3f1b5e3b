"""Search a path of λ: from data and a network to a choice and a verdict."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import replace
from pathlib import Path as File
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from torch import nn

from weightdecay._automatic import automatic_path, taken
from weightdecay._curve import with_curve
from weightdecay._cutting import Cut, cut
from weightdecay._judgeable import check_judgeable
from weightdecay._judging import Judging
from weightdecay._path import Path, units, verdict_of
from weightdecay._progress import Progress, Sum, told
from weightdecay._run import run
from weightdecay.decay import Decay
from weightdecay.engines._executor import Executor
from weightdecay.errors import InputError
from weightdecay.runs import RunFolder
from weightdecay.select import choose, path_beyond
from weightdecay.study import Folds, Loss, Metric, Recipe, Study, error_metric

#: How often an automatic path whose best λ stands at its end is extended, by a decade each time.
EXTENSIONS = 3


def path(
    make_net: Callable[[], nn.Module] | nn.Module,
    X: Any,
    y: Any = None,
    *,
    decay: Decay | None = None,
    recipe: Recipe | None = None,
    loss: str | Loss = "mse",
    metric: str | Metric | None = None,
    weight_decay: str | ArrayLike = "auto",
    seeds: int | Sequence[int] = 5,
    folds: Folds = 5,
    inner_folds: int = 3,
    truth: tuple[Any, Any] | None = None,
    validation: tuple[Any, Any] | None = None,
    groups: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    transform: Any = None,
    rule: str = "min",
    engine: str = "auto",
    device: str = "cpu",
    compile: bool = False,
    random_state: int = 0,
    out: str | File | RunFolder | None = None,
    force: bool = False,
    executor: Executor | None = None,
    progress: bool | Progress = False,
) -> Path:
    """Train a network with every λ, seed and fold, choose λ, and say whether decay helps.

    Parameters
    ----------
    make_net : callable or torch.nn.Module
        Returns a fresh network each time; or a network, of which copies are made whose modules
        draw their parameters anew (``reset_parameters``).
    X : Tensor, array or table [N, ...], or Dataset
        A tensor stays what it is, so whole numbers for an embedding go in as one; of arrays and
        tables all numbers become floating-point ones. A ``torch.utils.data.Dataset`` of pairs
        (x, y) with a length takes the place of X and y.
    y : Tensor or array [N, ...]
    decay : Decay, optional
        Penalty, coupling and selection; L2 in the loss if not given. Its own λ is not used.
    recipe : Recipe, optional
    loss : str or callable, default "mse"
        What is minimised, see :func:`weightdecay.study.mean_loss`.
    metric : str or callable, optional
        What is judged, see :func:`weightdecay.study.error_metric`; the loss if not given. It is
        tried on every fold first, on made-up outputs.
    weight_decay : "auto" or array [L]
        λs, in the convention of `decay` (torch's ``weight_decay`` for L2). 0 is always in. "auto":
        a pilot finds where λ begins to act and where all collapses; where the best of the path in
        between stands at an end, the path is extended there; that of a constraint, whose λ is a
        part of the way to it, to 1 at most. Where no network of the pilot learns without decay, a
        ``ConvergenceWarning`` says so.
    seeds : int or sequence of S ints, default 5
        Initialisations: 0 … S − 1, or those of one's own.
    folds : int, float, splitter or pairs, default 5
        See :func:`weightdecay.study.splits`.
    inner_folds : int, default 3
        G. Where there are several folds, λ is chosen for each on G inner folds of its training
        rows, so that its judging rows take no part (nested evaluation). The choice costs G times
        what the path costs. The verdict is then over rows and seeds, see
        :func:`weightdecay.by_rows`; over folds where what is judged is no mean over rows.
    truth, validation : pair (X, y), optional
        Rows to judge on instead of folds: the known truth, or a hold-out of your own. λ is then
        chosen on the even seeds and judged on the odd ones.
    groups : array [N], optional
        Rows of one group stay on one side, and the verdict takes a group, not a row, for a draw.
    sample_weight : array [N], optional
        How much each row counts, in training and in judging, see
        :class:`weightdecay.Problem`.
    transform : scikit-learn transformer, optional
        What turns X, which may then be a table of any kind, into numbers: fitted anew on the
        training rows of each fold, outer and inner, so that nothing of the judging rows leaks.
    rule : {"min", "1se"}, default "min"
        See :func:`weightdecay.choose`.
    engine : {"auto", "lanes", "vmap", "loop"}, default "auto"
    device : str, default "cpu"
        Where to train: "cuda" ...
    compile : bool, default False
        As of :func:`weightdecay.run`: it takes long to pay back, above all with many folds.
    random_state : int, default 0
        Of the folds, inner ones too. A splitter has its own.
    out : str, Path or RunFolder, optional
        A run folder, or an open one: chunks of members are kept there as they are trained. The same
        call goes on where an earlier one was interrupted, and ends with the same bits, see
        :class:`weightdecay.RunFolder`.
    force : bool, default False
        Begin anew, what `out` held being moved beside it.
    executor : Executor, optional
        Where chunks of members are trained: :class:`weightdecay.engines.Ray`, on a cluster; in this
        process if not given. The results have the bits of a run folder that is filled here.
    progress : bool or callable, default False
        True: a bar on a terminal and, with ipywidgets, in a notebook, a line a minute elsewhere,
        on stderr. Or a function that is called now and then, from any thread, with the
        member-epochs done since the last call, and all that are to be trained: None while a pilot
        looks for the path, more once it is extended, without those that `out` holds already.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If data, network and loss do not fit together, a number is not finite, an option is out of
        range, `metric` cannot judge a fold, an inner one too, or `out` holds another study: before
        any training.
    MemberError
        If some members raise while they are trained, see :func:`weightdecay.run`. Folds are
        numbered from 0, the outer ones first and then the inner ones of each in turn.
    OSError
        If a chunk cannot be written into `out`; those before are kept.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> X = torch.randn(40, 30, generator=torch.Generator().manual_seed(0))
    >>> y = X[:, :1] + 0.5 * torch.randn(40, 1, generator=torch.Generator().manual_seed(1))
    >>> found = wd.path(
    ...     lambda: torch.nn.Linear(30, 1), X, y, recipe=wd.Recipe(lr=0.1, epochs=50), seeds=1
    ... )
    >>> found.choice > 0
    True
    """
    if rule not in ("min", "1se"):
        raise InputError(f"rule: {rule!r} is neither 'min' nor '1se'")
    if inner_folds < 2:
        raise InputError(f"inner_folds: {inner_folds} is less than 2")
    if truth is not None and validation is not None:
        raise InputError("truth, validation: both are given, and one is what members are judged on")
    judged_on = validation if truth is None else truth
    rows = cut(
        X,
        y,
        loss,
        folds,
        inner_folds,
        judging=judged_on,
        groups=groups,
        sample_weight=sample_weight,
        transform=transform,
        random_state=random_state,
    )
    study = Study(
        problem=rows.problem,
        network=_maker(make_net),
        recipe=recipe or Recipe(),
        decay=decay or Decay(),
        weight_decay=(0.0,),
        seeds=seeds_of(seeds),
    )
    automatic = is_automatic(weight_decay)
    if not automatic:
        study = replace(study, weight_decay=given_path(weight_decay, study.decay))
    error, name = None, "loss"
    if metric is not None:
        error = error_metric(metric, loss)
        name = metric if isinstance(metric, str) else getattr(metric, "__name__", "metric")
        check_judgeable(study, error, name, rows.outer)
    judging = Judging(outer=rows.outer, metric=error, unit=rows.unit, kind=rows.kind)
    how: dict[str, Any] = {"engine": engine, "device": device, "compile": compile}
    # An open folder is its opener's to close.
    opening = nullcontext(out) if isinstance(out, RunFolder | None) else RunFolder(out, force)
    # Opened once, for all that is run.
    executing = nullcontext() if executor is None else executor.opened()
    with executing, opening as folder, told(progress) as tell:
        how |= {"folder": folder, "executor": executor}
        results, study = _found(study, judging, automatic, truth is not None, Sum(tell), how)
    return assembled(results, study, rows, rule, name)


def _found(
    study: Study,
    judging: Judging,
    automatic: bool,
    curve: bool,
    progress: Sum,
    how: dict[str, Any],
) -> tuple[xr.Dataset, Study]:
    """Run `study`, whose path is found, and goes on where its best stands at an end, if automatic.

    Returns
    -------
    results : xarray.Dataset
    study : Study
        With the path that it has in the end.
    """

    def found(study: Study) -> xr.Dataset:
        measured, trained = run(study, progress=progress.next(), **how)
        laid_out = judging.lay_out(study, measured, trained)
        return with_curve(laid_out, study, trained) if curve else laid_out

    if automatic:
        # The pilot is too short to be worth compiling.
        quick = {**how, "progress": progress.next(pilot=True), "compile": False}
        study = replace(study, weight_decay=automatic_path(study, **quick))
    results = found(study)
    for _ in range(EXTENSIONS if automatic else 0):
        errors = results.error.to_numpy()
        if not np.isfinite(errors[[1, -1]]).all():
            break
        more = taken(study.decay, path_beyond(study.weight_decay, choose(units(errors))))
        if not more:
            break
        new = found(replace(study, weight_decay=(0.0, *more))).sel(weight_decay=list(more))
        results = xr.concat(
            [results, new],
            "weight_decay",
            data_vars="minimal",
            join="exact",
            compat="equals",
            combine_attrs="override",
        ).sortby("weight_decay")
        study = replace(study, weight_decay=tuple(sorted((*study.weight_decay, *more))))
    return results, study


def assembled(results: xr.Dataset, study: Study, rows: Cut, rule: str, metric: str) -> Path:
    """Return what was found as a path.

    Parameters
    ----------
    results : xarray.Dataset
        As of :meth:`weightdecay._judging.Judging.lay_out`.
    study : Study
        What was run, with the inner folds.
    rows : Cut
    rule : {"min", "1se"}
    metric : str
        What was judged.
    """
    ratios = [len(test) / len(train) for train, test in rows.whole.splits]
    overlap = float(np.mean(ratios)) if rows.outer > 1 else 0.0
    results.attrs["metric"] = metric
    loss = study.problem.loss
    results.attrs["loss"] = loss if isinstance(loss, str) else "loss"
    whole = replace(study, problem=rows.whole)
    verdict = verdict_of(results, rule, overlap)
    return Path(results, rule, verdict, whole, rows.transform, rows.judged_apart)


def seeds_of(seeds: Any) -> tuple[int, ...]:
    """Return seeds: 0 to S − 1 for their number S, or those that are given.

    Raises
    ------
    InputError
        If they are no whole numbers, or their number is less than 1.
    """
    given = np.asarray(seeds)
    if given.dtype.kind not in "iu" or given.ndim > 1:
        raise InputError(f"seeds: {seeds!r} is neither their number nor a list of whole numbers")
    if given.ndim == 0 and given < 1:
        raise InputError(f"seeds: {seeds} is less than 1")
    return tuple(range(int(given)) if given.ndim == 0 else given.tolist())


def is_automatic(weight_decay: Any) -> bool:
    """Whether the path of λ is to be found, not given."""
    if isinstance(weight_decay, str) and weight_decay != "auto":
        raise InputError(f"weight_decay: {weight_decay!r} is neither 'auto' nor numbers")
    return isinstance(weight_decay, str)


def given_path(weight_decay: Any, decay: Decay) -> tuple[float, ...]:
    """Return λs as a path, ascending from 0.

    Raises
    ------
    InputError
        If they are no numbers, none is above 0, or there is one that `decay` does not take.
    """
    try:
        values = np.asarray(weight_decay, dtype=float).ravel().tolist()
    except (TypeError, ValueError):
        raise InputError(f"weight_decay: {weight_decay!r} holds no numbers") from None
    for value in values:
        replace(decay, weight_decay=value)
    if not any(values):
        raise InputError("weight_decay: a path needs a λ above 0")
    return tuple(sorted({0.0, *values}))


def _maker(make_net: Callable[[], nn.Module] | nn.Module) -> Callable[[], nn.Module]:
    """A module as a function that gives fresh copies of it."""
    if not isinstance(make_net, nn.Module):
        return make_net

    def copy() -> nn.Module:
        network = deepcopy(make_net)
        for module in network.modules():
            reset = getattr(module, "reset_parameters", None)
            if callable(reset):
                reset()
            elif next(module.parameters(recurse=False), None) is not None:
                raise InputError(
                    f"make_net: {type(module).__name__} has no reset_parameters(); give a function "
                    "that makes the network"
                )
        return network

    return copy
