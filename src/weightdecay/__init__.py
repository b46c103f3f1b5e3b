"""Find out whether weight decay helps a network, which kind, and how much.

A study trains one network with every λ and many seeds, and a verdict says with an interval whether
decay helps, and how much:

>>> import torch
>>> import weightdecay as wd
>>> x = torch.linspace(-1, 1, 12)[:, None]
>>> noise = 0.3 * torch.randn(12, 1, generator=torch.Generator().manual_seed(0))
>>> truth = torch.linspace(-1, 1, 101)[:, None]
>>> study = wd.Study(
...     problem=wd.Problem.with_truth(x, x.square() + noise, truth, truth.square()),
...     network=lambda: torch.nn.Sequential(
...         torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
...     ),
...     recipe=wd.Recipe(lr=0.02, epochs=50, batch_size=12),
...     decay=wd.Decay(penalty=wd.L2()),
...     weight_decay=(0.0, 0.001, 0.01, 0.1),
...     seeds=tuple(range(20)),
... )
>>> results, trained = wd.run(study)
>>> error = results.test_loss.isel(fold=0, epoch=-1)  # [L, S]
>>> best = wd.choose(error[:, :10])
>>> wd.judge(error[0, 10:], error[best, 10:]).pairs
10
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weightdecay import engines
    from weightdecay._compare import compare
    from weightdecay._comparison import Comparison
    from weightdecay._grid import Grid
    from weightdecay._grid_search import grid
    from weightdecay._path import Path
    from weightdecay._run import predict, run
    from weightdecay._search import path
    from weightdecay.apply._audit import Audit, Finding, audit
    from weightdecay.apply._convert import convert
    from weightdecay.apply._groups import param_groups
    from weightdecay.apply._monitor import Monitor
    from weightdecay.apply._penalty import penalty
    from weightdecay.apply._suggest import suggest
    from weightdecay.decay import (
        CPR,
        L1,
        L2,
        Decay,
        ElasticNet,
        FixedNorm,
        GroupLasso,
        Lp,
        MaxNorm,
        Norm,
        Orthogonal,
        Spectral,
        attachments,
        presets,
        selected,
    )
    from weightdecay.errors import InputError, MemberError
    from weightdecay.runs import RunFolder
    from weightdecay.select import Verdict, by_folds, by_rows, by_seeds, choose, judge
    from weightdecay.study import Problem, Recipe, Stopping, Study

_ROOMS = {
    "_compare": ("compare",),
    "_comparison": ("Comparison",),
    "_grid": ("Grid",),
    "_grid_search": ("grid",),
    "_path": ("Path",),
    "_run": ("predict", "run"),
    "_search": ("path",),
    "apply._audit": ("Audit", "Finding", "audit"),
    "apply._convert": ("convert",),
    "apply._groups": ("param_groups",),
    "apply._monitor": ("Monitor",),
    "apply._penalty": ("penalty",),
    "apply._suggest": ("suggest",),
    "decay": (
        "CPR",
        "L1",
        "L2",
        "Decay",
        "ElasticNet",
        "FixedNorm",
        "GroupLasso",
        "Lp",
        "MaxNorm",
        "Norm",
        "Orthogonal",
        "Spectral",
        "attachments",
        "presets",
        "selected",
    ),
    "errors": ("InputError", "MemberError"),
    "runs": ("RunFolder",),
    "select": ("Verdict", "by_folds", "by_rows", "by_seeds", "choose", "judge"),
    "study": ("Problem", "Recipe", "Stopping", "Study"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "CPR",
    "L1",
    "L2",
    "Audit",
    "Comparison",
    "Decay",
    "ElasticNet",
    "Finding",
    "FixedNorm",
    "Grid",
    "GroupLasso",
    "InputError",
    "Lp",
    "MaxNorm",
    "MemberError",
    "Monitor",
    "Norm",
    "Orthogonal",
    "Path",
    "Problem",
    "Recipe",
    "RunFolder",
    "Spectral",
    "Stopping",
    "Study",
    "Verdict",
    "attachments",
    "audit",
    "by_folds",
    "by_rows",
    "by_seeds",
    "choose",
    "compare",
    "convert",
    "engines",
    "grid",
    "judge",
    "param_groups",
    "path",
    "penalty",
    "predict",
    "presets",
    "run",
    "selected",
    "suggest",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: torch takes a second."""
    if name == "engines":
        return import_module("weightdecay.engines")
    if name == "__version__":
        return import_module("importlib.metadata").version("weightdecay")
    if name not in _HOME:
        raise AttributeError(f"module 'weightdecay' has no attribute {name!r}")
    return getattr(import_module(f"weightdecay.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*(name for name in globals() if name.startswith("__")), "__version__", *__all__])
