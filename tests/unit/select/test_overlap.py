"""Splits of the same rows tell less than their number says."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from weightdecay.select import judge, mean_interval

quick = settings(deadline=None, derandomize=True, max_examples=60)
samples = st.lists(st.integers(-100, 100).map(lambda k: k / 8), min_size=2, max_size=20)
overlaps = st.sampled_from([0.0, 1 / 9, 0.25, 1.0])


@quick
@given(samples, overlaps)
def test_interval_is_nadeau_and_bengios(sample, overlap):
    found = mean_interval(sample, overlap=overlap)
    n = len(sample)
    variance = (1 / n + overlap) * np.var(sample, ddof=1)
    half = stats.t.ppf(0.975, n - 1) * math.sqrt(variance)
    assert found == pytest.approx((np.mean(sample), np.mean(sample) - half, np.mean(sample) + half))


@quick
@given(samples)
def test_none_is_the_plain_interval_to_the_last_bit(sample):
    assert mean_interval(sample, 0.95, 0.0) == mean_interval(sample)
    zeros = [0.0] * len(sample)
    assert judge(zeros, sample, overlap=0.0) == judge(zeros, sample)


@quick
@given(samples, overlaps, overlaps)
def test_more_of_it_never_tells_more(sample, one, other):
    zeros = [0.0] * len(sample)
    less, more = (judge(zeros, sample, overlap=c) for c in sorted((one, other)))
    if len(set(sample)) > 1:
        assert more.effect.low <= less.effect.low
        assert less.effect.high <= more.effect.high
    if more.label in ("helps", "hurts"):
        assert less.label == more.label


def pattern(mean, spread, n=10):
    steps = np.linspace(-1, 1, n)
    return np.zeros(n), mean + spread * steps / steps.std(ddof=1)


@pytest.mark.parametrize("overlap", [0.01, 0.02])
def test_needed_pairs_make_the_normal_power_four_in_five(overlap):
    found = judge(*pattern(0.5, 1.0), overlap=overlap)
    assert found.label == "cannot_tell"
    shift = 0.5 / math.sqrt(1 / found.needed + overlap)
    assert stats.norm.sf(stats.norm.ppf(0.975) - shift) == pytest.approx(0.8, abs=0.01)
    assert found.needed > judge(*pattern(0.5, 1.0)).needed


def test_no_number_of_folds_may_do():
    found = judge(*pattern(0.5, 1.0), overlap=0.25)
    assert found.label == "cannot_tell"
    assert found.needed is None


@pytest.mark.parametrize("overlap", [-0.1, math.nan, math.inf])
def test_refuses_what_is_no_ratio(overlap):
    with pytest.raises(ValueError, match="overlap"):
        judge([1.0, 2.0], [1.0, 2.0], overlap=overlap)
