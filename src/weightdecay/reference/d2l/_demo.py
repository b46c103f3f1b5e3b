"""The chapter from its own start and from zero, over many λs and draws, as one plain summary."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from weightdecay._progress import Report, Sum
from weightdecay.reference._verdict import plain
from weightdecay.reference.d2l import _experiment as experiment
from weightdecay.reference.d2l._study import study
from weightdecay.select import by_seeds, judge, mean_interval

#: Draws of the data: enough that what decay does to a start from zero, some 7 %, can be told.
DRAWS = 100
#: From hardly any decay to weights of almost 0, two λs a decade; the chapter's 3 is one of them.
PATH = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
#: Kinds of start: the deviation of the normal distribution of the initial weights.
STARTS = {"normal": 1.0, "zero": 0.0}


@dataclass(frozen=True)
class Demo:
    """What the demo found.

    Parameters
    ----------
    summary : dict
        Numbers, strings and lists only, as ``weightdecay demo d2l --json`` prints them.
    results : xarray.Dataset
        Of both studies, along the dimension ``start``; see ``reference.d2l._study.study``.
    """

    summary: dict[str, Any]
    results: xr.Dataset


def demo(
    seeds: int,
    weight_decay: Sequence[float] | None = None,
    progress: Report = lambda part, done, total: None,
    draws: int = DRAWS,
) -> Demo:
    """Run the chapter's experiment and its control.

    Parameters
    ----------
    seeds : int
        How many runs a λ has on each draw: from as many random starts, or orders of the rows.
    weight_decay : sequence of floats, optional
        λs, the chapter's ``lambd`` and torch's ``weight_decay``; 0 and the chapter's 3 are always
        among them. Default: ``PATH``.
    progress : callable, optional
        Called now and then with the name of the part, the epochs done since the last call, and all
        its epochs.
    draws : int, default 100
        Draws of the data; half of them choose λ and half judge it.

    Returns
    -------
    Demo
    """
    began = time.perf_counter()
    path = tuple(sorted({0.0, experiment.WEIGHT_DECAY, *(weight_decay or PATH)}))
    done = Sum(lambda steps, total: progress("d2l", steps, total), len(STARTS))
    found = [
        study(
            experiment.plan(experiment.network(deviation), path, seeds, draws),
            done.next(),
        )
        for deviation in STARTS.values()
    ]
    results = xr.concat(found, "start").assign_coords(start=list(STARTS))
    summary = {
        "experiment": "d2l",
        "protocol": {
            "rows": experiment.ROWS,
            "inputs": experiment.INPUTS,
            "judging_rows": experiment.JUDGING,
            "lr": experiment.LR,
            "epochs": experiment.EPOCHS,
            "batch_size": experiment.BATCH,
            "steps": experiment.STEPS,
            "book_weight_decay": experiment.WEIGHT_DECAY,
        },
        "study": _describe(results),
        "verdict": verdicts(results),
        "engine": results.attrs["engine"],
        "engine_reason": results.attrs["engine_reason"],
        "seconds": time.perf_counter() - began,
    }
    return Demo(summary, results)


def remains(weight_decay: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share [L] of the null-space part that decay alone leaves: (1 − ηλ) to the steps.

    A step of SGD takes w to (1 − ηλ)·w − η·g, and g lies in the row space.
    """
    # More than 1 in size where ηλ > 2: the step overshoots, and such runs diverge.
    with np.errstate(over="ignore"):
        left: NDArray[np.float64] = np.abs(1 - experiment.LR * np.asarray(weight_decay, float))
        return left**experiment.STEPS


def _describe(results: xr.Dataset) -> dict[str, Any]:
    """Means over draws, seeds averaged inside each, with their 95 % intervals."""

    def over_draws(name: str, values: xr.DataArray) -> dict[str, Any]:
        means = values.mean("seed", skipna=False).to_numpy()  # [L, F]
        said = [mean_interval(row) for row in means]
        return {
            name: [one.estimate for one in said],
            f"{name}_interval": [[one.low, one.high] for one in said],
        }

    def from_start(part: xr.Dataset) -> dict[str, Any]:
        last = part.isel(epoch=-1)
        return {
            **over_draws("validation_loss", last.validation_loss),
            **over_draws("train_loss", last.train_loss),
            **over_draws("null_space", part.null_space),
            **over_draws("row_space", part.row_space),
            **over_draws("bias_error", part.bias_error),
            "null_space_at_start": float(part.null_space_at_start.mean()),
            "diverged": part.diverged.sum(("seed", "draw")).values.tolist(),
        }

    path = results.weight_decay.to_numpy()
    return {
        "weight_decay": path.tolist(),
        "remains": remains(path).tolist(),
        "seeds": results.sizes["seed"],
        "draws": results.sizes["draw"],
        "constant_loss": float(results.constant_loss.isel(start=0).mean()),
        **{name: from_start(results.sel(start=name)) for name in STARTS},
    }


def verdicts(results: xr.Dataset) -> dict[str, Any]:
    """Say what decay does to the validation loss from each start, and what the control says.

    The pairs are draws of the data, seeds averaged inside each. A draw shares no row with another,
    so they are as independent as seeds are on a known truth, and are chosen on and judged likewise:
    λ on the even draws, its effect on the odd ones, with no correction for overlap. The control
    is a start from zero without decay against the chapter's start with decay: with the chapter's λ,
    which no data chose, on every draw, and with the chosen λ on the draws that judge it.
    """
    last = results.validation_loss.isel(epoch=-1).mean("seed", skipna=False)
    errors = {name: last.sel(start=name).to_numpy() for name in STARTS}  # [L, F]
    judging = results.draw.to_numpy() % 2 == 1
    path = results.weight_decay.to_numpy().tolist()
    said: dict[str, Any] = {"rule": "min", "pairs": "draws", "chosen_on": int((~judging).sum())}
    chosen = {}
    for name, table in errors.items():
        best, verdict = by_seeds(table, choosing=~judging)
        assert best is not None  # the chapter's λ is always in the path, and does not diverge
        chosen[name] = best
        said[name] = {
            **plain(verdict),
            "weight_decay": path[best],
            "at_edge": best in (1, len(path) - 1),
        }
    control = errors["zero"][0]
    book = errors["normal"][path.index(experiment.WEIGHT_DECAY)]
    said["zero_against_book"] = plain(judge(book, control))
    best_chosen = errors["normal"][chosen["normal"], judging]
    said["zero_against_chosen"] = plain(judge(best_chosen, control[judging]))
    return said
