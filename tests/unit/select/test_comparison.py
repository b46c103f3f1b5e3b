"""Several ways of training, pair by pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from weightdecay.select import by_rows, compare, compare_all

quick = settings(deadline=None, derandomize=True, max_examples=60)
eighths = st.integers(0, 800).map(lambda k: k / 8)


@st.composite
def contests(draw):
    """C ways, S seeds, T rows: as many as give an interval even where all differences are alike."""
    C, S, T = (draw(st.integers(*ends)) for ends in ((2, 4), (1, 3), (8, 12)))
    return draw(arrays(float, (C, S, T), elements=eighths))


@quick
@given(contests())
def test_the_other_way_round_is_the_mirror(errors):
    unit = np.arange(errors.shape[2])
    one, other = compare(errors[0], errors[1], unit), compare(errors[1], errors[0], unit)
    assert one.effect.estimate == pytest.approx(-other.effect.estimate, abs=1e-12)
    assert one.effect.low == pytest.approx(-other.effect.high, abs=1e-12)
    assert {one.label, other.label} != {"helps"}


@quick
@given(contests(), st.sampled_from([0.25, 4.0]))
def test_another_unit_of_the_error_changes_no_label(errors, factor):
    unit = np.arange(errors.shape[2])
    first = [p.verdict.label for p in compare_all(errors, unit)]
    assert [p.verdict.label for p in compare_all(errors * factor, unit)] == first


@quick
@given(contests())
def test_every_pair_once_and_corrected_for_their_number(errors):
    unit = np.arange(errors.shape[2])
    count = len(errors)
    found = compare_all(errors, unit)
    pairs = [(p.first, p.second) for p in found]
    assert pairs == [(a, b) for a in range(count) for b in range(a + 1, count)]
    level = 1 - 0.05 / len(pairs)
    for pairing in found:
        alone = compare(errors[pairing.first], errors[pairing.second], unit, level=level)
        assert pairing.verdict == alone


@quick
@given(contests())
def test_an_interval_among_several_holds_that_of_a_pair_alone(errors):
    unit = np.arange(errors.shape[2])
    for pairing in compare_all(errors, unit):
        alone = compare(errors[pairing.first], errors[pairing.second], unit).effect
        wide = pairing.verdict.effect
        assert wide.low <= alone.low + 1e-12
        assert wide.high >= alone.high - 1e-12


def test_agrees_with_nested_evaluation():
    rng = np.random.default_rng(0)
    errors = rng.normal(5, 1, (2, 3, 20))
    inner = np.stack([np.full((3, 2, 2), value) for value in (1.0, 2.0)])
    fold, unit = np.repeat([0, 1], 10), np.arange(20)
    assert compare(errors[0], errors[1], unit) == by_rows(errors, inner, fold, unit).verdict


def test_with_one_seed_it_is_the_paired_t_test():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 1, 30))
    found = compare(first, second, np.arange(30)).effect
    theirs = stats.ttest_rel(second[0], first[0]).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))


def test_together_the_intervals_miss_in_at_most_one_case_of_twenty():
    """Four ways without any difference: some pair is called different in at most 5 %."""
    rng = np.random.default_rng(0)
    unit, wrong, cases = np.arange(40), 0, 400
    for _ in range(cases):
        found = compare_all(rng.normal(10, 1, (4, 1, 40)), unit)
        wrong += any(p.verdict.label in ("helps", "hurts") for p in found)
    assert wrong / cases < 0.05 + 2 * np.sqrt(0.05 * 0.95 / cases)
    assert wrong > 0  # it does not hold by never deciding


def test_a_run_that_failed_leaves_nothing_to_be_told():
    errors = np.ones((2, 2, 5))
    errors[1, 0] = np.nan
    found = compare(errors[0], errors[1], np.arange(5))
    assert (found.label, found.failed) == ("cannot_tell", 1)


@pytest.mark.parametrize(
    ("first", "second", "unit"),
    [
        ([[1.0, 2.0]], [[1.0]], [0, 1]),
        ([[1.0, 2.0]], [[1.0, 2.0]], [0]),
        ([1.0, 2.0], [1.0, 2.0], [0, 1]),
    ],
)
def test_refuses_shapes_that_do_not_fit(first, second, unit):
    with pytest.raises(ValueError, match="first, second, unit"):
        compare(first, second, unit)


def test_a_baseline_is_weighted_too_and_all_pairs_are():
    errors, weight = [[[5.0, 1.0]], [[4.0, 1.0]], [[4.0, 3.0]]], [3, 1]
    for pairing in compare_all(errors, [0, 1], weight=weight):
        first, second = errors[pairing.first][0], errors[pairing.second][0]
        found = pairing.verdict
        assert found.baseline == pytest.approx(np.average(first, weights=weight))
        means = np.average(second, weights=weight) - np.average(first, weights=weight)
        assert found.effect.estimate == pytest.approx(means)


@pytest.mark.parametrize("weight", [[1], [1, -1], [0, 0], [1, np.nan]])
def test_refuses_weights_that_are_none(weight):
    with pytest.raises(ValueError, match="weight"):
        compare([[1.0, 2.0]], [[1.0, 2.0]], [0, 1], weight=weight)


def test_one_alone_makes_no_pair():
    with pytest.raises(ValueError, match="two at least"):
        compare_all([[[1.0]]], [0])
