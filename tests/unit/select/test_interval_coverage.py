"""In simulations the intervals hold what they stand for as often as they say."""

import math

import numpy as np
import pytest
from scipy import stats

from weightdecay.select import mean_interval, median_interval

RUNS = 2000


def covered(interval, draw, truth, n, level):
    hits = 0
    for sample in draw((RUNS, n)):
        _, low, high = interval(sample, level)
        hits += low <= truth <= high
    return hits


def likely(share):
    """Hits of RUNS that a true `share` leaves out once in a thousand on either side."""
    return stats.binom.ppf([1e-3, 1 - 1e-3], RUNS, share)


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("n", [3, 10])
def test_mean_of_a_normal_sample(n, level):
    draw = np.random.default_rng(n)
    hits = covered(mean_interval, lambda size: draw.normal(5, 2, size), 5, n, level)
    low, high = likely(level)
    assert low <= hits <= high


@pytest.mark.parametrize(
    ("name", "truth"), [("lognormal", 1.0), ("standard_cauchy", 0.0), ("exponential", math.log(2))]
)
@pytest.mark.parametrize("n", [7, 20])
def test_median_whatever_the_distribution(name, truth, n):
    sampler = getattr(np.random.default_rng(n), name)
    hits = covered(median_interval, lambda size: sampler(size=size), truth, n, 0.95)
    # What the sign test's exact distribution promises: the smallest share of at least 95 %.
    promised = min(
        share for k in range(n // 2) if (share := 1 - 2 * stats.binom.cdf(k, n, 0.5)) >= 0.95
    )
    low, high = likely(promised)
    assert low <= hits <= high
