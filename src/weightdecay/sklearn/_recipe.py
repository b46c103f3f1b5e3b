"""From scikit-learn's parameters of training to a recipe."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from torch import optim
from torch.optim.lr_scheduler import LambdaLR

from weightdecay.errors import InputError
from weightdecay.sklearn._parameters import Parameters
from weightdecay.study import Recipe, Stopping

#: Rows of a batch that is "auto", as in scikit-learn; an epoch of fewer rows is one batch.
BATCH = 200

#: Solvers with two moments, which take `beta_1`, `beta_2` and `epsilon`.
ADAMS = ("adam", "adamw", "adamax", "nadam", "radam")

NUMBERS = (
    "learning_rate_init",
    "power_t",
    "tol",
    "n_iter_no_change",
    "validation_fraction",
    "momentum",
    "beta_1",
    "beta_2",
    "epsilon",
)


@dataclass(frozen=True)
class InverseScaling:
    """η_0/(t + 1)^p after t rows, from epoch to epoch; scikit-learn's "invscaling".

    Parameters
    ----------
    rows : int
        Of an epoch.
    power : float
        p.
    """

    rows: int
    power: float

    def __call__(self, optimizer: optim.Optimizer) -> LambdaLR:
        return LambdaLR(optimizer, lambda epoch: (epoch * self.rows + 1) ** -self.power)


def recipe(of: Parameters, rows: int) -> Recipe:
    """Return how the networks of an estimator are trained.

    Parameters
    ----------
    of : Parameters
    rows : int
        That the networks are given, those among them that are held out to stop early.

    Raises
    ------
    InputError
        If a parameter is out of its range; by our name for it where the recipe itself finds it.
    """
    for name in NUMBERS:
        if not isinstance(getattr(of, name), Real):
            raise InputError(f"{name}: {getattr(of, name)!r} is not a number")
    if not isinstance(of.solver, str):
        raise InputError(f"solver: {of.solver!r} is not the name of an optimizer")
    stopping = _stopping(of)
    return Recipe(
        lr=of.learning_rate_init,
        epochs=plain(of.max_iter),
        batch_size=BATCH if _is(of.batch_size, "auto") else plain(of.batch_size),
        optimizer=of.solver,
        shuffle=of.shuffle,
        options=_options(of),
        scheduler=_scheduler(of, rows - _held(stopping, rows)),
        stopping=stopping,
    )


def plain(value: Any) -> Any:
    """A number of NumPy's as Python's: what a grid of parameters is made of."""
    return value.item() if isinstance(value, np.generic) else value


def _is(value: Any, word: str) -> bool:
    return isinstance(value, str) and value == word


def _options(of: Parameters) -> Mapping[str, Any]:
    if of.solver == "sgd":
        if not 0 <= of.momentum <= 1:
            raise InputError(f"momentum: {of.momentum} is not in 0 ≤ … ≤ 1")
        nesterov = bool(of.nesterovs_momentum) and of.momentum > 0
        return {"momentum": plain(of.momentum), "nesterov": nesterov}
    if of.solver not in ADAMS:
        return {}
    for name in ("beta_1", "beta_2"):
        if not 0 <= getattr(of, name) < 1:
            raise InputError(f"{name}: {getattr(of, name)} is not in 0 ≤ … < 1")
    if not (math.isfinite(of.epsilon) and of.epsilon > 0):
        raise InputError(f"epsilon: {of.epsilon} is not a finite number above 0")
    return {"betas": (plain(of.beta_1), plain(of.beta_2)), "eps": plain(of.epsilon)}


def _scheduler(of: Parameters, rows: int) -> InverseScaling | None:
    if of.learning_rate not in ("constant", "invscaling", "adaptive"):
        raise InputError(
            f"learning_rate: {of.learning_rate!r} is neither 'constant' nor 'invscaling'; its "
            "number is learning_rate_init"
        )
    if of.solver != "sgd" or of.learning_rate == "constant":
        return None
    if of.learning_rate == "adaptive":
        raise InputError(
            "learning_rate: 'adaptive' is not taken, since the networks of a path would each have "
            "another rate; use 'invscaling', or 'constant' with early_stopping=True"
        )
    if not (math.isfinite(of.power_t) and of.power_t >= 0):
        raise InputError(f"power_t: {of.power_t} is not a finite number of 0 or more")
    return InverseScaling(rows, of.power_t)


def _stopping(of: Parameters) -> Stopping | None:
    patience = plain(of.n_iter_no_change)
    for_ever = isinstance(patience, float) and patience == math.inf
    if not of.early_stopping:
        return None if for_ever else Stopping(patience, plain(of.tol), 0.0)
    if not 0 < of.validation_fraction < 1:
        raise InputError(f"validation_fraction: {of.validation_fraction} is not in 0 < … < 1")
    # With more patience than epochs no network stops, and its best weights still come back.
    most = 2**31 if for_ever else patience
    return Stopping(most, plain(of.tol), plain(of.validation_fraction))


def _held(stopping: Stopping | None, rows: int) -> int:
    return math.ceil(stopping.validation_fraction * rows) if stopping else 0
