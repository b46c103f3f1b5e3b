"""The interval of a median by order statistics."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from weightdecay.select import median_interval

quick = settings(deadline=None, derandomize=True, max_examples=60)
samples = st.lists(st.integers(-1000, 1000).map(lambda k: k / 8), min_size=1, max_size=40)
LEVELS = [0.6, 0.8, 0.9, 0.95, 0.99]


def coverage(n, i, j):
    """P(i-th ≤ median ≤ j-th of n, from 1), exactly: between i and j − 1 lie below the median."""
    return Fraction(sum(math.comb(n, below) for below in range(i, j)), 2**n)


@quick
@given(samples, st.sampled_from(LEVELS))
def test_equals_scipys_quantile_test(sample, level):
    found = median_interval(sample, level)
    theirs = stats.quantile_test(sample, p=0.5).confidence_interval(level)
    assert found.estimate == np.median(sample)
    np.testing.assert_array_equal(found[1:], [theirs.low, theirs.high])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("n", [*range(1, 40), 100, 237])
def test_innermost_symmetric_pair_that_covers(n, level):
    _, low, high = median_interval(range(1, n + 1), level)
    enough = [
        (i, n + 1 - i) for i in range(1, n // 2 + 1) if coverage(n, i, n + 1 - i) >= Fraction(level)
    ]
    if not enough:
        assert math.isnan(low)
        assert math.isnan(high)
    else:
        assert (low, high) == enough[-1]


@quick
@given(samples, st.data())
def test_the_order_does_not_matter(sample, data):
    moved = data.draw(st.permutations(sample))
    np.testing.assert_array_equal(median_interval(moved), median_interval(sample))


@quick
@given(samples)
def test_follows_every_increasing_change_of_scale(sample):
    bounds = np.array(median_interval(sample)[1:])
    found = median_interval(np.exp(np.array(sample) / 50))[1:]
    np.testing.assert_allclose(found, np.exp(bounds / 50), rtol=1e-12)


@quick
@given(samples)
def test_is_mirrored_with_the_sample(sample):
    estimate, low, high = median_interval(sample)
    mirrored = median_interval([-value for value in sample])
    np.testing.assert_array_equal(mirrored, [-estimate, -high, -low])


@pytest.mark.parametrize(
    ("n", "low", "high"), [(6, 1, 6), (8, 1, 8), (9, 2, 8), (12, 3, 10), (20, 6, 15), (25, 8, 18)]
)
def test_examples_from_tables_of_the_sign_test(n, low, high):
    assert median_interval(range(1, n + 1))[1:] == (low, high)


@pytest.mark.parametrize("n", range(1, 6))
def test_five_values_are_too_few_at_95_percent(n):
    estimate, low, high = median_interval(range(n))
    assert estimate == (n - 1) / 2
    assert math.isnan(low)
    assert math.isnan(high)


def test_an_outlier_does_not_move_it():
    tame, wild = list(range(20)), [*range(19), 1e9]
    assert median_interval(tame) == median_interval(wild)


def test_nothing_known_is_all_nan():
    assert all(map(math.isnan, median_interval([])))
