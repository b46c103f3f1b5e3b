"""Panels that any study has: the size and the distribution of its weights, its training, its seeds.

All of them from ``xarray`` results as :func:`weightdecay.run` and :func:`weightdecay.path` lay them
out: the dimensions weight_decay [L], seed [S] and, where there are any, fold [F].
"""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from weightdecay.report.page._data import Layer, Norms, Seeds, Text, Training, Weights
from weightdecay.report.page._numbers import band, numbers, spread

Array = np.ndarray[Any, Any]


def norms(
    results: xr.Dataset, over: Text, alive: ArrayLike | None = None, norm: str = "weight_norm"
) -> Norms:
    """Return the norms of each parameter, and how decayed weights are distributed.

    Parameters
    ----------
    results : xarray.Dataset
    over : Text
        Whose median and middle 80 % the norms are.
    alive : array [L, S] or [L, S, F] of bool, optional
        Which networks count; those that did not diverge if not given.
    norm : str, default "weight_norm"
        The variable of the norms.
    """
    lives = members(living(results, alive))
    layers = [
        Layer(
            name=str(name),
            decayed=bool(decayed),
            norm=band(spread(members(results[norm].sel(parameter=name)), lives)),
        )
        for name, decayed in zip(results.parameter.values, results.decayed.values, strict=True)
    ]
    weights = None
    if results.decayed.values.any():
        share = results.weight_share.transpose(..., "bin").to_numpy().astype(np.float64)
        if "seed" in results.weight_share.dims:
            share = _mean(share.reshape(*lives.shape, -1), lives)
        edges = [*results.bin_low.values.tolist(), float(results.bin_high.values[-1])]
        weights = Weights(
            edges=numbers(edges),
            linear=float(results.attrs["weight_linear"]),
            share=numbers(share),
        )
    return Norms(over=over, layers=tuple(layers), weights=weights)


def training(
    results: xr.Dataset,
    measure: Text,
    over: Text,
    *,
    test_name: Text | None = None,
    alive: ArrayLike | None = None,
    unit: float = 1.0,
) -> Training:
    """Return medians over networks of data losses and penalty, epoch by epoch.

    Parameters
    ----------
    results : xarray.Dataset
    measure, over : Text
    test_name : Text, optional
        What ``test_loss`` is on; no such curve if not given.
    alive : array [L, S] or [L, S, F] of bool, optional
        As of :func:`norms`.
    unit : float, default 1
        What losses and penalty are multiplied by.
    """
    lives = members(living(results, alive))

    def medians(name: str) -> Any:
        curves = results[name].transpose(..., "epoch").to_numpy() * unit
        curves = curves.reshape(*lives.shape, -1)
        return numbers(
            [
                np.median(row[alike], axis=0) if alike.any() else np.full(row.shape[1], np.nan)
                for row, alike in zip(curves, lives, strict=True)
            ]
        )

    return Training(
        epoch=numbers(results.epoch.values),
        measure=measure,
        over=over,
        train=medians("train_loss"),
        test=medians("test_loss") if test_name is not None else None,
        test_name=test_name,
        penalty=medians("penalty"),
    )


def seeds(
    results: xr.Dataset,
    error: ArrayLike,
    measure: Text,
    about: Text,
    *,
    dead: ArrayLike | None = None,
    flat: ArrayLike | None = None,
) -> Seeds:
    """Return what became of each seed.

    Parameters
    ----------
    results : xarray.Dataset
    error : array [L, S]
    measure, about : Text
    dead, flat : array [L, S] of bool, optional
        Where that can be told. A seed that diverged in any fold counts as diverged.
    """
    status = np.full(np.shape(error), "alive", dtype=object)
    for name, is_so in (("flat", flat), ("dead", dead), ("diverged", _diverged(results))):
        if is_so is not None:
            status[np.asarray(is_so, dtype=bool)] = name
    return Seeds(
        seeds=tuple(results.seed.values.tolist()),
        status=tuple(tuple(row) for row in status.tolist()),
        error=numbers(np.where(status == "diverged", np.nan, np.asarray(error, dtype=float))),
        measure=measure,
        about=about,
    )


def living(results: xr.Dataset, alive: ArrayLike | None = None) -> Array:
    """Return which networks [L, S] or [L, S, F] count."""
    did_not: Array = results.diverged.to_numpy() == 0
    return did_not if alive is None else did_not & np.asarray(alive, dtype=bool)


def members(values: Any) -> Array:
    """Return values [L, S, ...] as [L, n], one row a λ."""
    array = np.asarray(values)
    return array.reshape(len(array), -1)


def _mean(share: Array, lives: Array) -> Array:
    """Mean shares [L, bin] of the living networks [L, n]."""
    found = np.full((len(share), share.shape[-1]), np.nan)
    for place, (row, alike) in enumerate(zip(share, lives, strict=True)):
        if alike.any():
            found[place] = row[alike].mean(axis=0)
    return found


def _diverged(results: xr.Dataset) -> Array:
    diverged = results.diverged.to_numpy() > 0
    return np.asarray(diverged.any(axis=2) if diverged.ndim == 3 else diverged)
