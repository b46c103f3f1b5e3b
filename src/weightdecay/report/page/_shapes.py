"""Whether a page's lists fit together: one entry a λ, a seed, a point."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weightdecay.report.page._data import Band, Dependence, Fit, Page, Table


def check(page: "Page") -> None:
    """Check the lengths of all lists.

    Raises
    ------
    ValueError
        If one has another length than it must have; the message names its field.
    """
    count = None
    if page.path is not None:
        count = len(page.path.values)
        _check_path(page, count)
    panels = ("fit", "error", "norms", "training", "seeds")
    for name in panels:
        if getattr(page, name) is not None and count is None:
            raise ValueError(f"{name}: there is no path, so it has no λ to stand at")
    if count is None:
        count = 0  # no panel is left that would ask for it
    if page.fit is not None:
        _check_fit(page.fit, count)
    if page.error is not None:
        for place, curve in enumerate(page.error.curves):
            _check_band(f"error.curves.{place}.band", curve.band, count)
    if page.norms is not None:
        for place, layer in enumerate(page.norms.layers):
            _check_band(f"norms.layers.{place}.norm", layer.norm, count)
        if (weights := page.norms.weights) is not None:
            edges = weights.edges
            if len(edges) < 2 or any(a >= b for a, b in pairwise(edges)):
                raise ValueError("norms.weights.edges: they do not ascend, or are fewer than two")
            _check("norms.weights.share", weights.share, count, len(edges) - 1)
    if (training := page.training) is not None:
        epochs = len(training.epoch)
        _check("training.train", training.train, count, epochs)
        _check("training.penalty", training.penalty, count, epochs)
        if training.test is not None:
            _check("training.test", training.test, count, epochs)
    if (seeds := page.seeds) is not None:
        _check("seeds.status", seeds.status, count, len(seeds.seeds))
        _check("seeds.error", seeds.error, count, len(seeds.seeds))
    for place, section in enumerate(page.sections):
        if section.table is not None:
            _check_table(f"sections.{place}.table", section.table)


def _check(field: str, values: Sequence[Any], *shape: int) -> None:
    """Check that nested lists are of `shape`."""
    if len(values) != shape[0]:
        raise ValueError(f"{field}: it has {len(values)} entries, not {shape[0]}")
    if len(shape) > 1:
        for place, part in enumerate(values):
            _check(f"{field}.{place}", part, *shape[1:])


def _check_band(field: str, band: "Band | Dependence", *shape: int) -> None:
    for name in ("low", "high", "estimate" if hasattr(band, "estimate") else "mean"):
        _check(f"{field}.{name}", getattr(band, name), *shape)


def _check_path(page: "Page", count: int) -> None:
    assert page.path is not None
    values = page.path.values
    if values[0] != 0 or any(a >= b for a, b in pairwise(values)):
        raise ValueError("path.values: they do not ascend from 0")
    for name in ("chosen", "minimum", "one_se"):
        place = getattr(page.path, name)
        if place is not None and not 0 <= place < count:
            raise ValueError(f"path.{name}: there is no λ {place} among {count}")


def _check_fit(fit: "Fit", count: int) -> None:
    shown = fit.shown
    if shown.kind == "curve":
        points = len(shown.x)
        if shown.truth is not None:
            _check("fit.shown.truth", shown.truth, points)
        _check("fit.shown.data_y", shown.data_y, len(shown.data_x))
        for name in ("mean", "low", "high"):
            _check(f"fit.shown.{name}", getattr(shown, name), count, points)
        _check("fit.shown.lines", shown.lines, len(shown.seeds), count, points)
    elif shown.kind == "scatter":
        _check("fit.shown.predicted", shown.predicted, count, len(shown.observed))
    else:
        classes = len(shown.classes)
        _check("fit.shown.counts", shown.counts, count, classes, classes)
    for place, one in enumerate(fit.dependence):
        field = f"fit.dependence.{place}"
        if (one.at is None) == (one.levels is None):
            raise ValueError(f"{field}: it needs either at or levels")
        points = len(one.at if one.at is not None else one.levels or ())
        _check_band(field, one, count, points)


def _check_table(field: str, table: "Table") -> None:
    _check(f"{field}.rows", table.rows, len(table.rows), len(table.columns))
