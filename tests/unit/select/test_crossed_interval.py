"""A mean over rows and seeds, both of which are samples."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from weightdecay.select import judge, mean_interval
from weightdecay.select._crossed import crossed_interval
from weightdecay.select._needed import crossed_needed

quick = settings(deadline=None, derandomize=True, max_examples=60)
eighths = st.integers(-80, 80).map(lambda k: k / 8)
tables = st.tuples(st.integers(1, 4), st.integers(2, 12)).flatmap(
    lambda shape: arrays(float, shape, elements=eighths)
)
RUNS = 2000


@quick
@given(arrays(float, st.tuples(st.just(1), st.integers(2, 12)), elements=eighths))
def test_one_seed_and_every_row_once_is_the_interval_of_pairs(table):
    found = crossed_interval(table, np.arange(table.shape[1]))
    pairs = judge(np.zeros(table.shape[1]), table[0]).effect
    assert found.effect == pytest.approx(pairs, abs=1e-9, nan_ok=True)
    assert found.of_seeds == 0


@quick
@given(st.lists(eighths, min_size=2, max_size=8), st.integers(2, 9))
def test_rows_that_all_agree_leave_the_t_interval_over_seeds(seeds, rows):
    assume(len(set(seeds)) > 1)
    table = np.repeat(np.array(seeds)[:, None], rows, axis=1)
    found = crossed_interval(table, np.arange(rows))
    assert found.effect == pytest.approx(mean_interval(seeds), abs=1e-9)


@quick
@given(tables, st.randoms(use_true_random=False))
def test_neither_order_matters(table, random):
    seeds, rows = table.shape
    unit = np.array([random.randrange(4) for _ in range(rows)])
    across, down = random.sample(range(rows), rows), random.sample(range(seeds), seeds)
    here, there = (
        crossed_interval(*pair)
        for pair in ((table, unit), (table[down][:, across], 7 - unit[across]))
    )
    assert here.effect == pytest.approx(there.effect, abs=1e-9, nan_ok=True)


@quick
@given(tables)
def test_a_row_that_says_the_same_twice_says_no_more(table):
    unit = np.arange(table.shape[1])
    once = crossed_interval(table, unit)
    twice = crossed_interval(np.concatenate([table, table], axis=1), np.concatenate([unit, unit]))
    assert twice.effect == pytest.approx(once.effect, abs=1e-9, nan_ok=True)
    assert twice.units == once.units


@quick
@given(tables)
def test_more_seeds_that_all_agree_leave_the_rows_alone(table):
    rows = np.arange(table.shape[1])
    one, three = (crossed_interval(np.repeat(table[:1], n, axis=0), rows) for n in (1, 3))
    assert three.effect == pytest.approx(one.effect, abs=1e-9, nan_ok=True)


def test_a_group_is_one_draw():
    """By hand: groups of 3 and 1 with totals 6 and 4, mean 2.5; shares (6 − 7.5, 4 − 2.5)·2/4."""
    found = crossed_interval(np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([5, 5, 5, 8]))
    assert found.units == 2
    assert found.of_units == pytest.approx(np.var([-0.75, 0.75], ddof=1) / 2)
    half = stats.t.ppf(0.975, 1) * math.sqrt(found.of_units)
    assert found.effect == pytest.approx((2.5, 2.5 - half, 2.5 + half))


@pytest.mark.parametrize("shape", [(1, 1), (3, 1)])
def test_one_row_is_no_sample(shape):
    assert math.isnan(crossed_interval(np.ones(shape), np.zeros(shape[1])).effect.low)


def test_where_nothing_varies_six_rows_agree_and_five_may_by_chance():
    assert crossed_interval(np.ones((2, 6)), np.arange(6)).effect == (1, 1, 1)
    few = crossed_interval(np.ones((2, 5)), np.arange(5)).effect
    assert few == pytest.approx((1, math.nan, math.nan), nan_ok=True)


@quick
@given(tables, st.floats(1e-3, 1e3))
def test_weights_that_are_all_alike_are_none(table, weight):
    unit = np.arange(table.shape[1])
    weighted = crossed_interval(table, unit, weight=np.full(len(unit), weight))
    np.testing.assert_equal(weighted, crossed_interval(table, unit))


@st.composite
def weighted(draw):
    """Differences [S, T], and whole weights [T], some of them 0."""
    table = draw(tables)
    weight = draw(arrays(int, table.shape[1], elements=st.integers(0, 3)))
    assume((weight > 0).sum() > 1)
    return table, weight


@quick
@given(weighted())
def test_a_weight_is_as_many_rows_of_one_unit_and_0_is_none(drawn):
    table, weight = drawn
    unit = np.arange(len(weight))
    here = crossed_interval(table, unit, weight=weight)
    there = crossed_interval(table[:, np.repeat(unit, weight)], np.repeat(unit, weight))
    assert here.effect == pytest.approx(there.effect, abs=1e-9, nan_ok=True)
    assert here.units == there.units == (weight > 0).sum()


@pytest.mark.parametrize("depends", [False, True])
def test_a_weighted_mean_is_covered_as_often_as_it_says(depends):
    """The weights know nothing of the differences, or fall as these grow."""
    draw = np.random.default_rng(0)
    tables = draw.normal(1, 0.5, (RUNS, 1, 100))
    weights, truth = np.exp(draw.normal(0, 1, (RUNS, 100))), 1.0
    if depends:
        tables = np.exp(tables)
        weights, truth = 1 / tables[:, 0], math.exp(1 - 0.5**2 / 2)  # E[wd] / E[w]
    unit = np.arange(100)
    effects = np.array(
        [
            crossed_interval(table, unit, weight=weight).effect
            for table, weight in zip(tables, weights, strict=True)
        ]
    )
    misses = ((effects[:, 1] > truth) | (effects[:, 2] < truth)).mean()
    assert 0.03 <= misses <= 0.08


def crossed(draw, seeds, rows, of_rows, of_seeds, effect=0.0):
    """Tables [RUNS, S, T] of which rows, seeds and their interaction are normal samples."""
    return (
        effect
        + of_rows * draw.standard_normal((RUNS, 1, rows))
        + of_seeds * draw.standard_normal((RUNS, seeds, 1))
        + draw.standard_normal((RUNS, seeds, rows))
    )


@pytest.mark.parametrize(("of_rows", "of_seeds"), [(3, 0), (0, 1), (3, 0.5), (1, 1)])
@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_covers_at_least_as_often_as_it_says(seeds, of_rows, of_seeds):
    draw = np.random.default_rng([seeds, of_rows])
    effects = np.array(
        [
            crossed_interval(table, np.arange(40)).effect
            for table in crossed(draw, seeds, 40, of_rows, of_seeds)
        ]
    )
    covers = int(((effects[:, 1] <= 0) & (effects[:, 2] >= 0)).sum())
    # Satterthwaite's degrees of freedom are an approximation: a point below at three seeds.
    assert covers >= stats.binom.ppf(1e-3, RUNS, 0.94)


@pytest.mark.parametrize(("of_rows", "of_seeds"), [(3, 0.3), (1, 1), (6, 0.2)])
def test_what_is_needed_finds_the_effect_four_times_out_of_five(of_rows, of_seeds):
    draw = np.random.default_rng(0)
    seeds, rows, effect = 5, 40, 0.5
    variance = (of_rows**2 + 1 / seeds) / rows + (of_seeds**2 + 1 / rows) / seeds
    found = crossed_interval(np.zeros((seeds, rows)), np.arange(rows))._replace(
        of_units=(of_rows**2 + 1 / seeds) / rows, of_seeds=(of_seeds**2 + 1 / rows) / seeds
    )
    assert variance > 0
    more_rows, more_seeds = crossed_needed(found, effect)
    assert more_rows >= rows
    assert more_seeds >= seeds
    hits = sum(
        crossed_interval(table, np.arange(more_rows)).effect.low > 0
        for table in crossed(draw, more_seeds, more_rows, of_rows, of_seeds, effect)
    )
    assert 0.72 <= hits / RUNS <= 0.88


def test_nothing_finds_no_effect():
    flat = crossed_interval(np.ones((2, 5)), np.arange(5))
    assert crossed_needed(flat, 1.0) is None
    spread = flat._replace(of_units=1.0)
    assert crossed_needed(spread, 0.0) is None
