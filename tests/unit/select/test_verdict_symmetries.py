"""What a verdict must not depend on, and what turns it round."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weightdecay.select import judge

quick = settings(deadline=None, derandomize=True, max_examples=100)
OPPOSITE = {"helps": "hurts", "hurts": "helps"}
# Differences of both signs, clear ones among them, so that every label occurs.
eighths = st.integers(0, 80).map(lambda k: k / 8)


def same(effect):
    """To the last bit; without bounds where these have none."""
    return pytest.approx(effect, rel=0, abs=0, nan_ok=True)


@st.composite
def runs(draw):
    without = draw(st.lists(eighths, min_size=2, max_size=12))
    shift = draw(st.sampled_from([-6.0, -0.5, 0.0, 0.5, 6.0]))
    noise = draw(st.lists(eighths, min_size=len(without), max_size=len(without)))
    size = draw(st.sampled_from([0.0, 0.125, 1.0]))
    return without, [b + shift + size * e for b, e in zip(without, noise, strict=True)]


@quick
@given(runs(), st.data())
def test_the_order_of_the_pairs_does_not_matter(pairs, data):
    without, treated = pairs
    moved = data.draw(st.permutations(list(zip(without, treated, strict=True))))
    here, there = judge(without, treated), judge(*zip(*moved, strict=True))
    assert there.label == here.label
    assert there.effect == pytest.approx(here.effect, abs=1e-9, nan_ok=True)
    assert there.pairs == here.pairs


@quick
@given(runs())
def test_swapping_the_sides_swaps_helps_and_hurts(pairs):
    without, treated = pairs
    here, there = judge(without, treated), judge(treated, without)
    estimate, low, high = here.effect
    assert there.effect == same((-estimate, -high, -low))
    if here.label in OPPOSITE:
        assert there.label == OPPOSITE[here.label]
    else:
        assert there.label not in OPPOSITE


@quick
@given(runs(), st.integers(-10, 10))
def test_the_unit_of_the_errors_does_not_matter(pairs, power):
    scale = 2.0**power
    here, there = judge(*pairs), judge(*([scale * error for error in side] for side in pairs))
    assert there.label == here.label
    assert there.effect == same(tuple(scale * bound for bound in here.effect))
    assert there.baseline == scale * here.baseline
    assert there.margin == pytest.approx(scale * here.margin)
    assert there.needed == here.needed


@quick
@given(runs(), st.integers(0, 50))
def test_what_both_sides_share_cancels(pairs, offset):
    here, there = judge(*pairs), judge(*([error + offset for error in side] for side in pairs))
    assert there.effect == same(here.effect)
    assert there.baseline == pytest.approx(here.baseline + offset)


@quick
@given(runs(), st.data())
def test_only_the_pairing_makes_the_interval(pairs, data):
    """Moving one pair's common level leaves the effect; so runs are compared within pairs."""
    without, treated = pairs
    levels = data.draw(st.lists(st.integers(0, 99), min_size=len(without), max_size=len(without)))
    moved = [[e + level for e, level in zip(side, levels, strict=True)] for side in pairs]
    assert judge(*moved).effect == same(judge(without, treated).effect)
