"""All of the article's experiment, and what it says, as one plain summary."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from weightdecay._progress import Report
from weightdecay.decay import selected
from weightdecay.reference._verdict import plain
from weightdecay.reference.article import _experiment as experiment
from weightdecay.reference.article import _meant as meant
from weightdecay.reference.article._published import WEIGHT_DECAY, Run, published
from weightdecay.select import by_seeds, judge, mean_interval, median_interval

Part = Literal["published", "pilot", "study"]


@dataclass(frozen=True)
class Demo:
    """What the demo found.

    Parameters
    ----------
    summary : dict
        Numbers, strings and lists only, as ``weightdecay demo --json`` prints them.
    published : dict of str to array [1000], or None
        Predictions of the published networks over the grid: "without" and "with".
    results : xarray.Dataset or None
        Of the study, see ``reference.article._meant.study``.
    """

    summary: dict[str, Any]
    published: dict[str, NDArray[np.float64]] | None
    results: xr.Dataset | None


def demo(
    seed: int,
    seeds: int,
    only: Literal["published", "meant"] | None = None,
    weight_decay: tuple[float, ...] | None = None,
    progress: Report = lambda part, done, total: None,
) -> Demo:
    """Run the article's experiment.

    Parameters
    ----------
    seed : int
        Of the published part.
    seeds : int
        How many initialisations the study has.
    only : {"published", "meant"}, optional
        Run one part alone.
    weight_decay : tuple of floats, optional
        The study's path of λ in torch's convention, ascending from 0; the data decide it if not
        given.
    progress : callable, optional
        Called now and then with the part, the epochs done since the last call, and all its epochs.

    Returns
    -------
    Demo
    """
    began = time.perf_counter()
    summary: dict[str, Any] = {
        "experiment": "article",
        "data": {"x": list(experiment.X), "y": list(experiment.Y)},
    }
    epochs = experiment.RECIPE.epochs
    predictions, results = None, None
    if only != "meant":
        runs = published(seed, lambda done: progress("published", done, 2 * epochs))
        predictions = {"without": runs[0].prediction, "with": runs[1].prediction}
        summary["published"] = _describe_published(seed, *runs)
        summary["engine"] = "loop"
    if only != "published":
        if weight_decay is None:
            weight_decay = meant.path(seeds, lambda done, total: progress("pilot", done, total))
        plan = meant.plan(weight_decay, seeds)
        results = meant.study(plan, lambda done, total: progress("study", done, total))
        summary["study"] = _describe_study(results)
        summary["verdict"] = verdict(results)
        summary["engine"] = results.attrs["engine"]
        summary["engine_reason"] = results.attrs["engine_reason"]
    summary["seconds"] = time.perf_counter() - began
    return Demo(summary, predictions, results)


def _describe_published(seed: int, without: Run, penalized: Run) -> dict[str, Any]:
    def describe(run: Run) -> dict[str, Any]:
        return {name: value for name, value in asdict(run).items() if name != "prediction"}

    described = selected(experiment.network(), "weights")
    return {
        "seed": seed,
        "engine": "loop",
        "weight_decay": WEIGHT_DECAY,
        "penalty": "norm",
        "penalized": list(penalized.penalized),
        "without": describe(without),
        "with": describe(penalized),
        "share": {
            name: {
                "applied": float(name in penalized.penalized),
                "described": norm**2 / penalized.weight_norm**2 if name in described else 0.0,
            }
            for name, norm in penalized.norms.items()
        },
    }


def _describe_study(results: xr.Dataset) -> dict[str, Any]:
    living = results.alive
    dead, dead_without = results.dead, results.dead.sel(weight_decay=0.0)

    def over_living(name: str, statistic: Callable[..., Any]) -> list[Any]:
        return [
            statistic(results[name].values[i][living.values[i]]) for i in range(len(results.mse))
        ]

    medians, means = over_living("mse", median_interval), over_living("mse", mean_interval)
    train = over_living("train_mse", median_interval)
    born_up = results.output_bias_at_start > 0
    revived = dead_without & living.any("weight_decay")
    return {
        "weight_decay": results.weight_decay.values.tolist(),
        "article_lambda": (results.weight_decay.values / 2).tolist(),
        "seeds": results.sizes["seed"],
        "mse_median": [m.estimate for m in medians],
        "mse_median_interval": [[m.low, m.high] for m in medians],
        "mse_mean": [m.estimate for m in means],
        "mse_mean_interval": [[m.low, m.high] for m in means],
        "train_mse_median": [m.estimate for m in train],
        "train_mse_median_interval": [[m.low, m.high] for m in train],
        "weight_norm_median": [m.estimate for m in over_living("weight_norm", median_interval)],
        "weight_norm_interval": [
            [m.low, m.high] for m in over_living("weight_norm", median_interval)
        ],
        "dead_fraction": dead.mean("seed").values.tolist(),
        "dead": dead.sum("seed").values.tolist(),
        "revived": (living & dead_without).sum("seed").values.tolist(),
        "killed": (dead & ~dead_without).sum("seed").values.tolist(),
        "flat": (results.flat & living).sum("seed").values.tolist(),
        "flat_fraction": (results.flat & living).mean("seed").values.tolist(),
        "diverged": results.diverged.sum("seed").values.tolist(),
        "dead_without_decay": {
            "output_bias_positive": int((dead_without & born_up).sum()),
            "output_bias_not_positive": int((dead_without & ~born_up).sum()),
        },
        "ever_revived": {
            "output_bias_positive": int((revived & born_up).sum()),
            "output_bias_not_positive": int((revived & ~born_up).sum()),
        },
    }


def verdict(results: xr.Dataset) -> dict[str, Any]:
    """Choose λ on the even seeds and judge it on the odd ones, pair by pair.

    Both on the networks that are alive without decay: that is settled before any decay acts, so it
    favours no λ. If decay kills such a network, its error counts in full.
    """
    seed = results.seed.values
    alive_without = results.alive.sel(weight_decay=0.0).values
    choosing, judging = alive_without & (seed % 2 == 0), alive_without & (seed % 2 == 1)
    found: dict[str, Any] = {
        "rule": "min",
        "chosen_on": int(choosing.sum()),
        "judged_on": int(judging.sum()),
        "dead_without_decay": int((seed % 2 == 1).sum() - judging.sum()),
    }
    usable = np.where(results.diverged.values, np.nan, results.mse.values)
    best = None
    if choosing.any():
        best, said = by_seeds(usable[:, alive_without], choosing=choosing[alive_without])
    if best is None:
        return {
            **found,
            "label": "cannot_tell",
            "effect": np.nan,
            "interval": [np.nan, np.nan],
            "weight_decay": None,
        }
    chosen = float(results.weight_decay[best])
    everyone = seed % 2 == 1
    overall = judge(usable[0, everyone], usable[best, everyone], unit="seed")
    return {
        **found,
        **plain(said),
        "weight_decay": chosen,
        "article_lambda": chosen / 2,
        "at_edge": best in (1, len(usable) - 1),
        "revived": int(
            (results.alive.values[best] & results.dead.values[0] & (seed % 2 == 1)).sum()
        ),
        "all_seeds": plain(overall),
    }
