"""About how many pairs would tell."""

import numpy as np
import pytest
from scipy import stats

from weightdecay.select import judge


def sample(mean, spread, n=8):
    """Sides whose differences have just this mean and standard deviation."""
    pattern = np.linspace(-1, 1, n)
    return np.zeros(n), mean + spread * pattern / pattern.std(ddof=1)


def power(n, effect, spread, level):
    """Of the two-sided paired t test, by the noncentral t distribution."""
    beyond = stats.t.ppf((1 + level) / 2, n - 1)
    shift = effect / spread * np.sqrt(n)
    return stats.nct.sf(beyond, n - 1, shift) + stats.nct.cdf(-beyond, n - 1, shift)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
@pytest.mark.parametrize(("mean", "spread"), [(0.5, 1.0), (-0.3, 1.0), (2.0, 10.0), (1e-3, 0.01)])
def test_tells_four_times_out_of_five(mean, spread, level):
    found = judge(*sample(mean, spread), level=level)
    assert found.label == "cannot_tell"
    assert power(found.needed, abs(mean), spread, level) == pytest.approx(0.8, abs=0.04)


def test_grows_with_the_square_of_the_noise():
    few, many = (judge(*sample(1.0, spread)).needed for spread in (4.0, 40.0))
    assert many / few == pytest.approx(100, rel=0.02)


def test_an_effect_within_the_margin_is_looked_for_at_the_margin():
    base = np.full(8, 100.0)
    tiny, none = (judge(base, base + sample(mean, 20.0)[1]) for mean in (1e-6, 0.0))
    assert tiny.label == none.label == "cannot_tell"
    assert tiny.needed == none.needed
    assert power(none.needed, 5.0, 20.0, 0.95) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(("n", "mean"), [(2, 5.0), (3, 2.0), (8, 0.8), (8, 0.3)])
def test_is_always_more_than_there_are(n, mean):
    found = judge(*sample(mean, 1.0, n))
    assert found.label == "cannot_tell"
    assert found.needed > n


def test_no_effect_on_no_error_can_never_be_told():
    assert judge([0.0, 0.0], [-1.0, 1.0]).needed is None
