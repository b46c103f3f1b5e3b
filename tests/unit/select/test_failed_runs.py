"""Failed runs are counted, never left out in silence."""

import math

import numpy as np
import pytest

from weightdecay.select import by_folds, by_seeds, choose, failures, judge

BROKEN = [math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("broken", BROKEN)
def test_are_counted_at_each_lambda(broken):
    errors = np.ones((3, 2, 4))
    errors[1, 0, 2] = errors[2, 0, 0] = errors[2, 1, 3] = broken
    assert failures(errors).tolist() == [0, 1, 2]
    assert failures(errors[:, 0]).tolist() == [0, 1, 1]


@pytest.mark.parametrize("rule", ["min", "1se"])
@pytest.mark.parametrize("broken", BROKEN)
def test_keep_a_lambda_from_being_chosen(broken, rule):
    assert choose([[3.0, 3.0], [0.0, broken], [2.0, 2.0]], rule) == 2


def test_infinities_of_both_signs_are_no_mean():
    with pytest.raises(ValueError, match="every λ"):
        choose([[math.inf, -math.inf], [math.nan, 1.0]])


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("side", [0, 1])
def test_leave_a_verdict_open_and_say_so(broken, side):
    sides = np.array([[10.0, 11.0, 9.0, 10.0], [1.0, 2.0, 0.5, 1.0]])
    assert judge(*sides).label == "helps"
    sides[side, 1] = broken
    found = judge(*sides)
    assert (found.label, found.failed, found.pairs, found.needed) == ("cannot_tell", 1, 4, None)


def test_where_both_sides_fail_it_is_one_pair():
    assert judge([math.inf, 1.0, 1.0], [math.inf, 1.0, 1.0]).failed == 1


def test_of_judged_seeds():
    errors = [[9.0, 9.0, 9.0, 9.0], [1.0, 1.0, 1.0, math.nan], [2.0, 2.0, 2.0, 2.0]]
    chosen, verdict = by_seeds(errors)
    # The judging seeds have no say in the choice, not even by failing.
    assert (chosen, verdict.label, verdict.failed) == (1, "cannot_tell", 1)


def test_of_outer_folds():
    errors, inner = np.ones((3, 2, 4)), np.ones((3, 2, 4, 3))
    errors[1:] = inner[1:] = 0.5
    errors[1, 0, 2] = math.nan
    inner[2, 1, 3, 0] = math.nan
    found = by_folds(errors, inner, overlap=1 / 3)
    assert found.failed == (0, 1, 1)
    assert (found.verdict.label, found.verdict.failed) == ("cannot_tell", 1)


def test_inside_one_fold_take_that_lambda_from_that_fold_alone():
    errors, inner = np.ones((3, 1, 3)), np.ones((3, 1, 3, 2))
    inner[1] = 0.1
    inner[2] = 0.2
    inner[1, 0, 1, 0] = math.nan
    assert by_folds(errors, inner, overlap=0.5).chosen == (1, 2, 1)


def test_at_every_lambda_leave_nothing_to_choose():
    errors = np.ones((3, 4))
    errors[1:, 0] = math.nan
    chosen, verdict = by_seeds(errors)
    assert (chosen, verdict.label, verdict.failed) == (None, "cannot_tell", 2)
    inner = np.ones((3, 1, 4, 2))
    inner[1:, 0, 2, 1] = math.nan
    found = by_folds(np.ones((3, 1, 4)), inner, overlap=1 / 3)
    assert found.chosen == (1, 1, None, 1)
    assert math.isnan(found.differences[2])
    assert (found.verdict.label, found.verdict.failed) == ("cannot_tell", 1)


def test_at_zero_do_not_touch_the_choice():
    errors = np.ones((3, 4))
    errors[1] = 0.5
    errors[0, 0] = math.nan
    assert by_seeds(errors).chosen == 1
    assert by_seeds(errors).verdict.failed == 0
