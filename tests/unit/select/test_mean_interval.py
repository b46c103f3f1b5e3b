"""The t interval of a mean."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from weightdecay.select import mean_interval

quick = settings(deadline=None, derandomize=True, max_examples=60)
samples = st.lists(st.integers(-1000, 1000).map(lambda k: k / 8), min_size=2, max_size=30)
levels = st.sampled_from([0.5, 0.8, 0.95, 0.99])


@quick
@given(samples, levels)
def test_equals_scipys_t_test(sample, level):
    assume(len(set(sample)) > 1)
    found = mean_interval(sample, level)
    theirs = stats.ttest_1samp(sample, 0).confidence_interval(level)
    assert found.estimate == pytest.approx(np.mean(sample), abs=1e-12)
    assert found[1:] == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@quick
@given(samples, st.data())
def test_the_order_does_not_matter(sample, data):
    moved = data.draw(st.permutations(sample))
    assert mean_interval(moved) == pytest.approx(mean_interval(sample), abs=1e-9)


@quick
@given(samples, st.floats(0.1, 100), st.integers(-100, 100))
def test_moves_and_grows_with_the_sample(sample, scale, shift):
    found = mean_interval([scale * value + shift for value in sample])
    expected = [scale * bound + shift for bound in mean_interval(sample)]
    assert found == pytest.approx(expected, abs=1e-6)


@quick
@given(samples)
def test_is_mirrored_with_the_sample(sample):
    estimate, low, high = mean_interval(sample)
    assert mean_interval([-value for value in sample]) == (-estimate, -high, -low)


@quick
@given(samples)
def test_a_higher_level_is_wider(sample):
    assume(len(set(sample)) > 1)
    narrow, wide = mean_interval(sample, 0.9), mean_interval(sample, 0.99)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_example_from_the_t_table():
    # mean 3, standard error √(2.5/5), and the 97.5 % point of t with 4 degrees of freedom: 2.776.
    found = mean_interval([1, 2, 3, 4, 5])
    assert found == pytest.approx((3, 3 - 2.776 * math.sqrt(0.5), 3 + 2.776 * math.sqrt(0.5)), 1e-3)


def test_without_spread_the_interval_is_a_point():
    assert mean_interval([2.5, 2.5, 2.5]) == (2.5, 2.5, 2.5)


def test_one_value_has_no_interval():
    estimate, low, high = mean_interval([4.0])
    assert estimate == 4
    assert math.isnan(low)
    assert math.isnan(high)


@pytest.mark.parametrize("sample", [[], [1.0, math.nan, 2.0]], ids=["empty", "with a NaN"])
def test_nothing_known_is_all_nan(sample):
    assert all(map(math.isnan, mean_interval(sample)))
