"""The four labels, by example."""

import math

import numpy as np
import pytest
from scipy import stats

from weightdecay.select import judge

BASE = [10.0, 11.0, 9.0, 10.0, 12.0, 8.0]
WOBBLE = [0.3, -0.2, 0.1, -0.3, 0.2, -0.1]


def shifted(by, wobble=1.0):
    return [b + by + wobble * w for b, w in zip(BASE, WOBBLE, strict=True)]


@pytest.mark.parametrize(
    ("by", "wobble", "label"),
    [
        (-2.0, 1.0, "helps"),
        (+2.0, 1.0, "hurts"),
        (0.0, 1.0, "no_difference"),
        (0.0, 10.0, "cannot_tell"),
        (-0.3, 1.0, "helps"),  # small, but certain: a certain effect goes before equivalence
        (-0.2, 5.0, "cannot_tell"),
    ],
)
def test_label(by, wobble, label):
    assert judge(BASE, shifted(by, wobble)).label == label


def test_numbers_that_go_with_it():
    treated = shifted(-2.0)
    found = judge(BASE, treated)
    theirs = stats.ttest_rel(treated, BASE).confidence_interval(0.95)
    assert found.effect.estimate == pytest.approx(-2.0)
    assert found.effect[1:] == pytest.approx((theirs.low, theirs.high))
    assert found.baseline == pytest.approx(10.0)
    assert found.margin == pytest.approx(0.5)
    assert found.pairs == 6
    assert found.needed is None


def test_the_margin_is_what_nobody_would_care_about():
    same = shifted(0.0)
    assert judge(BASE, same, relative_margin=0.05).label == "no_difference"
    assert judge(BASE, same, relative_margin=0.001).label == "cannot_tell"


def test_a_higher_level_asks_for_more():
    treated = shifted(-0.3)
    assert judge(BASE, treated, level=0.95).label == "helps"
    assert judge(BASE, treated, level=0.9999).label != "helps"


def test_the_very_same_errors_make_no_difference():
    assert judge(BASE, BASE).label == "no_difference"


@pytest.mark.parametrize("by", [-0.1, 0.0, 0.1])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_differences_that_are_all_alike_need_as_many_as_a_sign_test(by, level):
    """0.9 − 0.8 and 0.3 − 0.2 are alike, though not to the last bit."""
    least = next(n for n in range(1, 20) if stats.binomtest(n, n).pvalue <= 1 - level)
    errors = np.linspace(0.2, 0.9, least)
    few, enough = (judge(errors[:n], errors[:n] + by, level) for n in (least - 1, least))
    assert (few.label, few.needed) == ("cannot_tell", least)
    assert math.isnan(few.effect.low)
    assert enough.label == {-0.1: "helps", 0.0: "no_difference", 0.1: "hurts"}[by]
    assert enough.effect == pytest.approx((by, by, by))


def test_two_shares_of_twenty_that_agree_make_no_verdict():
    """One answer more that is right, in both."""
    assert judge([0.25, 0.30], [0.20, 0.25]).label == "cannot_tell"


def test_arrays_as_well_as_lists():
    assert judge(np.array(BASE), np.array(shifted(-2.0))) == judge(BASE, shifted(-2.0))


@pytest.mark.parametrize(
    ("without", "treated", "pairs"),
    [([], [], 0), ([2.0], [1.0], 1), ([2.0, math.nan, 2.0], [1.0, 1.0, 1.1], 3)],
    ids=["none", "one", "with a NaN"],
)
def test_too_little_to_tell(without, treated, pairs):
    found = judge(without, treated)
    assert found.label == "cannot_tell"
    assert math.isnan(found.effect.low)
    assert math.isnan(found.effect.high)
    assert found.pairs == pairs
    assert found.needed is None


def test_sides_of_different_length():
    with pytest.raises(ValueError, match="shape"):
        judge([1.0, 2.0, 3.0], [1.0, 2.0])
