"""How often a verdict is wrong, by simulation with fixed seeds."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from weightdecay.select import judge

RUNS = 2000


def noise(name, draw, n):
    made = {
        "normal": lambda: draw.normal(size=(RUNS, n)),
        "heavy tails": lambda: draw.standard_t(3, size=(RUNS, n)),
    }
    return made[name]()


def verdicts(effect, n, name="normal", spread=2.0, baseline=30.0):
    """Pairs that share a baseline which varies more than the effect does."""
    draw = np.random.default_rng([n, len(name)])
    without = baseline + draw.normal(0, 5, size=(RUNS, n))
    treated = without + effect + spread * noise(name, draw, n)
    return [judge(*pair) for pair in zip(without, treated, strict=True)]


def at_most(share):
    """Hits of RUNS that a true `share` exceeds once in a thousand."""
    return stats.binom.ppf(1 - 1e-3, RUNS, share)


@pytest.mark.parametrize("name", ["normal", "heavy tails"])
@pytest.mark.parametrize("n", [5, 20])
def test_without_an_effect_one_in_twenty_at_most(n, name):
    labels = Counter(verdict.label for verdict in verdicts(0.0, n, name))
    assert labels["helps"] + labels["hurts"] <= at_most(0.05)
    assert min(labels["helps"], labels["hurts"]) > 0


@pytest.mark.parametrize("effect", [-1.5, 0.0, 4.0])
def test_the_interval_holds_the_true_effect(effect):
    held = sum(v.effect.low <= effect <= v.effect.high for v in verdicts(effect, 8))
    low, high = stats.binom.ppf([1e-3, 1 - 1e-3], RUNS, 0.95)
    assert low <= held <= high


@pytest.mark.parametrize("effect", [-1.0, 1.0])
def test_the_wrong_sign_one_in_forty_at_most(effect):
    wrong = "hurts" if effect < 0 else "helps"
    assert sum(v.label == wrong for v in verdicts(effect, 8)) <= at_most(0.025)


def test_an_effect_at_the_margin_is_not_called_none():
    """Two one-sided tests: at the margin "no difference" is wrong in at most 2.5 %."""
    draw = np.random.default_rng(0)
    without = np.full(20, 100.0)
    treated = 105.0 + draw.normal(0, 2, size=(RUNS, 20))
    labels = Counter(judge(without, each, relative_margin=0.05).label for each in treated)
    assert labels["no_difference"] <= at_most(0.025)


@pytest.mark.parametrize(("effect", "label"), [(-6.0, "helps"), (6.0, "hurts")])
def test_a_large_effect_is_found(effect, label):
    assert sum(v.label == label for v in verdicts(effect, 10)) > 0.999 * RUNS


def test_equality_is_found_where_pairs_hardly_differ():
    labels = Counter(v.label for v in verdicts(0.0, 10, spread=0.2))
    assert labels["no_difference"] >= 0.9 * RUNS
    assert labels["cannot_tell"] == 0
