"""A path of λ as a page."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from weightdecay._versions import versions
from weightdecay.report.page._data import (
    Curve,
    CurveFit,
    Error,
    Fit,
    Page,
    Path,
    Setting,
    Text,
    Verdict,
)
from weightdecay.report.page._numbers import band, numbers, share, spread_of_curves
from weightdecay.report.page._pairs import over
from weightdecay.report.page._panels import norms, seeds, training
from weightdecay.report.page._text import over_networks, same, text

#: Networks that are drawn singly.
LINES = 12
#: Losses that have a name of their own in what is shown.
LOSSES = ("mse", "cross_entropy", "binary_cross_entropy")


def path_page(
    results: xr.Dataset,
    curves: Sequence[NDArray[np.float64]],
    chosen: int | None,
    picks: Sequence[int | None],
    verdict: Any,
    about: Mapping[str, Any],
) -> Page:
    """Return what the page of a path shows.

    Parameters
    ----------
    results : xarray.Dataset
        Of a path, see :class:`weightdecay.Path`.
    curves : sequence of array [L, 3]
        Mean and interval, over folds or seeds, of the error and of the training loss if it is of
        the same kind.
    chosen : int or None
        Place of the chosen λ; None where a run failed at each.
    picks : pair of int or None
        Places of the λs that "min" and "1se" pick.
    verdict : weightdecay.Verdict
    about : mapping
        What is known of rows, network, recipe and decay; empty of a path that was loaded.
    """
    values = results.weight_decay.values.tolist()
    measure, loss = _measure(results), _loss(results.attrs["loss"])
    counts: dict[str, Any] = {"seeds": results.sizes["seed"], "folds": results.sizes["fold"]}
    names = (("held_out", text("report.path.held_out")), ("train", text("report.fit.train")))
    return Page(
        title=text("report.path.title"),
        subtitle=over_networks("path.subtitle", **counts, values=len(values)),
        path=Path(
            values=tuple(values),
            name=text("report.path.lambda"),
            chosen=chosen,
            minimum=picks[0],
            one_se=picks[1],
        ),
        fit=Fit(shown=_curve(results)) if "prediction" in results else None,
        error=Error(
            measure=measure,
            over=text(f"report.path.over_{'folds' if counts['folds'] > 1 else 'seeds'}", **counts),
            curves=tuple(
                Curve(name=name, role=role, band=band(values))  # type: ignore[arg-type]
                for (role, name), values in zip(names, _possible(curves, results), strict=False)
            ),
        ),
        norms=norms(results, over_networks(**counts)),
        training=training(
            results,
            text("report.path.training", loss=loss),
            over_networks("over_training", **counts),
            test_name=text("report.path.held_out"),
        ),
        seeds=seeds(
            results,
            results.error.mean("fold", skipna=False).to_numpy(),
            measure,
            over_networks("fit.seeds", **counts),
        ),
        verdict=_verdict(verdict, measure, counts["folds"]),
        setup=tuple(_setup(results, about, counts)),
        command="weightdecay.path(make_net, X, y, …).report(file)",
        versions=versions(),
        thinned=_thinned(results),
    )


def _possible(
    curves: Sequence[NDArray[np.float64]], results: xr.Dataset
) -> Sequence[NDArray[np.float64]]:
    """No such loss is below 0, whatever a t interval says; of a measure of one's own who knows."""
    if results.attrs["metric"] != "loss" or results.attrs["loss"] not in LOSSES:
        return curves
    return [np.maximum(values, 0) for values in curves]


def _measure(results: xr.Dataset) -> Text:
    metric = results.attrs["metric"]
    if metric == "loss":
        return _loss(results.attrs["loss"])
    return text("report.path.metric", name=metric)


def _loss(name: str) -> Text:
    return text(f"report.path.{name if name in LOSSES else 'loss'}")


def _curve(results: xr.Dataset) -> CurveFit:
    fits = results.prediction.to_numpy()  # [L, S, point]
    alive = np.ones(fits.shape[:2], dtype=bool)
    middle, low, high = map(numbers, spread_of_curves(fits, alive))
    return CurveFit(
        x_name=same("x"),
        y_name=same("y"),
        x=numbers(results.point_x.values),
        truth=numbers(results.point_y.values),
        truth_name=text("report.path.truth"),
        data_x=numbers(results.datum_x.values),
        data_y=numbers(results.datum_y.values),
        mean=middle,
        low=low,
        high=high,
        mean_name=text("report.path.middle"),
        band=text("report.path.band"),
        seeds=tuple(results.seed.values[:LINES].tolist()),
        lines=numbers(fits[:, :LINES].swapaxes(0, 1)),
    )


def _verdict(verdict: Any, measure: Text, folds: int) -> Verdict:
    effect, whole = verdict.effect, verdict.baseline
    key = "lost" if verdict.failed else "few" if isnan(effect.low) else verdict.label
    values = {"estimate": effect.estimate, "low": effect.low, "high": effect.high}
    notes: tuple[Text, ...] = ()
    if verdict.label in ("helps", "hurts") and max(map(abs, effect[1:])) <= verdict.margin:
        notes = (text("report.path.slight", margin=verdict.margin),)
    if verdict.needed:
        pairs = over(verdict.unit, verdict.needed, verdict.needed_seeds)
        notes = (text("report.path.needed", pairs=pairs),)
    return Verdict(
        label=verdict.label,
        sentence=text(
            f"report.path.{key}",
            measure=measure,
            baseline=whole,
            margin=verdict.margin,
            pairs=over(verdict.unit, verdict.pairs, verdict.seeds),
            count=verdict.failed,
            **values,
        ),
        how=text(f"report.path.how_{'folds' if folds > 1 else 'seeds'}", folds=folds),
        notes=notes,
        effect=share(effect.estimate, whole),
        low=share(effect.low, whole),
        high=share(effect.high, whole),
    )


def _setup(
    results: xr.Dataset, about: Mapping[str, Any], counts: dict[str, Any]
) -> Iterator[Setting]:
    def line(name: str, value: Text) -> Setting:
        return Setting(name=text(f"report.setup.{name}"), value=value)

    if about:
        yield line("data", text("report.path.setup_data", rows=about["rows"]))
        yield line("network", text("report.path.setup_network", count=about["parameters"]))
        yield line("training", text("report.path.setup_training", **about))
        yield line("decay", same(about["decay"]))
    runs = {"values": results.sizes["weight_decay"], **counts}
    yield line("runs", over_networks("path.setup_runs", **runs))
    yield line("engine", same(f"{results.attrs['engine']}: {results.attrs['engine_reason']}"))


def _thinned(results: xr.Dataset) -> tuple[Text, ...]:
    if "prediction" not in results or results.sizes["seed"] <= LINES:
        return ()
    return (text("report.article.thinned_lines", count=LINES, total=results.sizes["seed"]),)
