"""What the page shows at a λ is what the data say, in tables and in drawings."""

import math
import re

import numpy as np
import pytest
import sample_pages
from reading import ROOT, built, move, number, tables

from weightdecay.report.page._html import html

PLACES = [0, 2, 5]


def assert_shown(cells: list[list[str]], expected: list[list[float | None]]) -> None:
    assert len(cells) == len(expected)
    for row, wanted in zip(cells, expected, strict=True):
        for cell, value in zip(row, wanted, strict=False):
            shown = number(cell)
            assert (shown is None) == (value is None)
            assert value is None or math.isclose(shown, value, rel_tol=1e-6, abs_tol=1e-12)


@pytest.mark.parametrize("index", PLACES)
def test_the_curve_and_its_table(show, index):
    page = sample_pages.page()
    shown = page.fit.shown
    seen = show(html(page))
    move(seen, index)
    [fit, singles, data] = tables(seen, "fit")
    lines = [line[index] for line in shown.lines]
    columns = [shown.x, shown.truth, shown.mean[index], shown.low[index], shown.high[index]]
    assert_shown(fit, [list(row) for row in zip(*columns, strict=True)])
    assert_shown(singles, [list(row) for row in zip(shown.x, *lines, strict=True)])
    assert_shown(data, [list(row) for row in zip(shown.data_x, shown.data_y, strict=True)])

    # The line on the screen is the same numbers to a scale.
    path = seen.evaluate(f"{ROOT}.querySelector('[data-line=mean]').getAttribute('d')")
    drawn = np.array(
        [[float(v) for v in at.split(",")] for at in re.findall(r"[ML]([^ML]+)", path)]
    )
    for values, pixels in ((shown.x, drawn[:, 0]), (shown.mean[index], drawn[:, 1])):
        scale = np.polyfit(values, pixels, 1)
        np.testing.assert_allclose(np.polyval(scale, values), pixels, atol=0.06)


@pytest.mark.parametrize("index", PLACES)
def test_rows_and_classes(show, index):
    page = sample_pages.page("scatter")
    seen = built(show(html(page)))
    move(seen, index)
    shown = page.fit.shown
    [rows] = tables(seen, "fit")
    assert_shown(rows, [list(p) for p in zip(shown.observed, shown.predicted[index], strict=True)])
    [points] = tables(seen, "dependence")
    expected = [
        [mean, low, high]
        for part in page.fit.dependence
        for mean, low, high in zip(part.mean[index], part.low[index], part.high[index], strict=True)
    ]
    assert_shown([row[2:] for row in points], expected)

    classes = sample_pages.page("confusion")
    seen = show(html(classes))
    move(seen, index)
    cells = seen.evaluate(
        f"[...{ROOT}.querySelectorAll('.confusion tbody td')].map((td) => Number(td.textContent))"
    )
    assert cells == [n for row in classes.fit.shown.counts[index] for n in row]


def test_curves_over_lambda(show):
    page = sample_pages.page()
    seen = built(show(html(page)))
    values = page.path.values
    curves = [curve.band for curve in page.error.curves]
    expected = [
        [value, *(x for b in curves for x in (b.estimate[k], b.low[k], b.high[k])), 80.0]
        for k, value in enumerate(values)
    ]
    assert_shown([row[:-1] for row in tables(seen, "error")[0]], expected)
    for figure, layer in zip(("norms", "free_norms"), page.norms.layers, strict=True):
        norm = layer.norm
        expected = [
            list(row) for row in zip(values, norm.estimate, norm.low, norm.high, strict=True)
        ]
        assert_shown(tables(seen, figure)[0], expected)


@pytest.mark.parametrize("index", PLACES)
def test_weights_training_and_seeds(show, index):
    page = sample_pages.page()
    seen = built(show(html(page)))
    move(seen, index)
    weights, training, seeds = page.norms.weights, page.training, page.seeds
    edges = weights.edges
    expected = zip(edges[:-1], edges[1:], weights.share[index], strict=True)
    assert_shown(tables(seen, "weights")[0], [list(row) for row in expected])
    expected = zip(training.epoch, training.train[index], training.test[index], strict=True)
    assert_shown(tables(seen, "training")[0], [list(row) for row in expected])
    expected = zip(training.epoch, training.penalty[index], strict=True)
    assert_shown(tables(seen, "penalty")[0], [list(row) for row in expected])
    at = min(index, 1)  # this λ is the second, where one is before it
    column = [[row[1 + 2 * at]] for row in tables(seen, "seeds")[0]]
    assert_shown(column, [[v] for v in seeds.error[index]])


def test_kinds(show):
    page = sample_pages.comparison()
    seen = built(show(html(page)))
    kinds = [[k.choice, k.error, k.low, k.high] for k in page.kinds.kinds]
    assert_shown([row[1:5] for row in tables(seen, "kinds")[0]], kinds)
    pairs = [[p.change, p.low, p.high] for p in page.kinds.pairs]
    assert_shown([row[1:4] for row in tables(seen, "pairs")[0]], pairs)
