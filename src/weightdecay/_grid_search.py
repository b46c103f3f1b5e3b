"""Search learning rate and λ together."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path as File
from typing import Any

import numpy as np
from torch import nn

from weightdecay._beginning import when_begun
from weightdecay._grid import Grid
from weightdecay._progress import Progress, Sum, told
from weightdecay._search import path
from weightdecay.errors import InputError
from weightdecay.runs import RunFolder
from weightdecay.study import Recipe, repeatable


def grid(
    make_net: Callable[[], nn.Module] | nn.Module,
    X: Any,
    y: Any = None,
    *,
    lr: Sequence[float],
    recipe: Recipe | None = None,
    out: str | File | RunFolder | None = None,
    force: bool = False,
    progress: bool | Progress = False,
    **options: Any,
) -> Grid:
    """Find a path of λ at each learning rate, choose both, and say whether decay helps.

    Decay and no decay have different best learning rates. Held against each other at one of them, a
    verdict is one on that learning rate too; here each side gets its own best, chosen on the same
    rows or seeds, which take no part in judging.

    Parameters
    ----------
    make_net, X, y
        As of :func:`weightdecay.path`.
    lr : sequence of floats
        Learning rates η, in any order. Seeds and folds are the same at each.
    recipe : Recipe, optional
        How else members are trained; its learning rate gives way to `lr`.
    out : str, Path or RunFolder, optional
        A run folder for all of it, as of :func:`weightdecay.path`.
    force : bool, default False
        Begin anew, what `out` held being moved beside it.
    progress : bool or callable, default False
        As of :func:`weightdecay.path`, over all learning rates.
    **options
        All others of :func:`weightdecay.path`. With ``weight_decay="auto"`` each learning rate
        finds its own path: on the step it is η·λ that decays, so the best λ moves as 1/η.

    Returns
    -------
    Grid

    Raises
    ------
    InputError
        If `lr` is empty, holds one twice, or one that is no finite number above 0; and as
        :func:`weightdecay.path`. Before any training.
    OSError
        If a chunk cannot be written into `out`; those before are kept.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> X = torch.randn(40, 30, generator=torch.Generator().manual_seed(0))
    >>> y = X[:, :1] + 0.5 * torch.randn(40, 1, generator=torch.Generator().manual_seed(1))
    >>> found = wd.grid(
    ...     lambda: torch.nn.Linear(30, 1), X, y, lr=[0.001, 0.1],
    ...     recipe=wd.Recipe(epochs=50), weight_decay=[0.01, 0.1, 1.0], seeds=1,
    ... )
    >>> lr, weight_decay = found.choice
    >>> lr, weight_decay > 0
    (0.1, True)
    """
    given = recipe or Recipe()
    recipes = [replace(given, lr=value) for value in _ascending(lr)]
    if "folds" in options:
        options["folds"] = repeatable(options["folds"])
    with when_begun(out, force) as folder, told(progress) as tell:
        done = Sum(tell, len(recipes))
        paths = [
            path(make_net, X, y, recipe=one, out=folder, progress=done.next(), **options)
            for one in recipes
        ]
    return Grid.of([one.lr for one in recipes], paths)


def _ascending(lr: Sequence[float]) -> list[float]:
    try:
        values = np.asarray(lr, dtype=float).ravel().tolist()
    except (TypeError, ValueError):
        raise InputError(f"lr: {lr!r} holds no numbers") from None
    if not values:
        raise InputError("lr: it is empty; name one learning rate at least")
    if len(set(values)) < len(values):
        raise InputError("lr: one stands there twice")
    return sorted(values)
