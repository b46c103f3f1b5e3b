"""λs from one end to the other, with 0 before them."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weightdecay.select import path_between, path_beyond

quick = settings(deadline=None, derandomize=True, max_examples=150)
lows = st.floats(1e-9, 1e3)
ratios = st.floats(1.01, 1e9)


@quick
@given(lows, ratios, st.integers(0, 40), st.integers(1, 10))
def test_from_0_and_low_to_high_ascending(low, ratio, least, per_decade):
    high = low * ratio
    path = path_between(low, high, least, per_decade)
    assert path[:2] == [0.0, low]
    assert path[-1] == high
    assert all(a < b for a, b in pairwise(path))
    assert len(path) >= least + 1
    assert all(type(value) is float for value in path)


@quick
@given(lows, ratios, st.integers(0, 40), st.integers(1, 10))
def test_evenly_in_log_and_as_dense_as_asked(low, ratio, least, per_decade):
    path = path_between(low, low * ratio, least, per_decade)
    steps = [math.log10(b / a) for a, b in pairwise(path[1:])]
    assert steps == pytest.approx([steps[0]] * len(steps), rel=1e-6)
    assert steps[0] <= 1 / per_decade + 1e-9


def test_example():
    assert path_between(0.01, 10, least=4, per_decade=1) == pytest.approx([0, 0.01, 0.1, 1, 10])


def test_a_wide_path_has_more_than_the_least():
    assert len(path_between(1e-8, 1e3)) == 1 + 4 * 11 + 1


def test_a_narrow_path_has_the_least():
    assert len(path_between(1.0, 2.0)) == 1 + 16


@pytest.mark.parametrize(
    ("low", "high"),
    [(0.0, 1.0), (-1.0, 1.0), (1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (1.0, math.nan)],
)
def test_refuses_ends_that_are_none(low, high):
    with pytest.raises(ValueError, match="0 < low < high") as refused:
        path_between(low, high)
    assert str(low) in str(refused.value)
    assert str(high) in str(refused.value)


@pytest.mark.parametrize("per_decade", [1, 4])
def test_goes_on_by_a_decade_where_the_best_stands_at_an_end(per_decade):
    path = [0.0, 0.1, 1.0, 10.0]
    above, below = (path_beyond(path, best, per_decade) for best in (3, 1))
    assert len(above) == len(below) == per_decade
    assert above[-1] == pytest.approx(100)
    assert below[0] == pytest.approx(0.01)
    assert above == sorted(above)
    assert below == sorted(below)
    assert min(above) > 10
    assert max(below) < 0.1
    assert path_beyond(path, 2) == path_beyond(path, 0) == []
