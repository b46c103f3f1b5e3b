"""Which λ: the smallest mean error, or glmnet's one standard error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from weightdecay.select import choose

quick = settings(deadline=None, derandomize=True, max_examples=60)
RULES = ["min", "1se"]
eighths = st.integers(0, 800).map(lambda k: k / 8)
tables = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: arrays(float, shape, elements=eighths)
)


@quick
@given(tables)
def test_min_has_no_better(errors):
    best = choose(errors)
    assert all(errors[best].sum() <= row.sum() for row in errors)


@quick
@given(tables)
def test_1se_never_decays_less_than_min(errors):
    assert choose(errors, "1se") >= choose(errors, "min")


@pytest.mark.parametrize("rule", RULES)
@quick
@given(errors=tables, power=st.integers(-8, 8))
def test_the_unit_of_the_errors_does_not_matter(rule, errors, power):
    assert choose(errors * 2.0**power, rule) == choose(errors, rule)


@pytest.mark.parametrize("rule", RULES)
@quick
@given(errors=tables, data=st.data())
def test_a_diverged_lambda_is_as_good_as_absent(rule, errors, data):
    place = data.draw(st.integers(0, len(errors)))
    column = data.draw(st.integers(0, errors.shape[1] - 1))
    broken = np.zeros(errors.shape[1])
    broken[column] = np.nan
    without = choose(errors, rule)
    assert choose(np.insert(errors, place, broken, axis=0), rule) == without + (without >= place)


# Means 5; 2 with a standard error of 0.577; within it; beyond it; 9.
FOLDS = [[4, 6, 4, 6], [1, 3, 1, 3], [2.55, 2.55, 2.55, 2.55], [2.6, 2.6, 2.6, 2.6], [9, 9, 9, 9]]


def test_example_of_both_rules():
    assert choose(FOLDS, "min") == 1
    assert choose(FOLDS, "1se") == 2


def test_1se_uses_the_spread_of_the_best_not_of_the_candidate():
    assert choose([[2, 2, 2, 2], [0, 5, 0, 5], [1, 9, 1, 9]], "1se") == 0


def test_1se_takes_the_largest_even_beyond_a_worse_one():
    assert choose([[1, 3, 1, 3], [3, 3, 3, 3], [2.5, 2.5, 2.5, 2.5]], "1se") == 2


def test_1se_is_tighter_with_more_folds():
    few, many = ([[1, 3] * n, [2.5, 2.5] * n] for n in (2, 20))
    assert choose(few, "1se") == 1
    assert choose(many, "1se") == 0


def test_of_equals_min_takes_the_smallest_lambda_and_1se_the_largest():
    assert choose([[3, 3], [1, 1], [1, 1], [2, 2]], "min") == 1
    assert choose([[3, 3], [1, 1], [1, 1], [2, 2]], "1se") == 2


def test_one_unit_has_no_standard_error():
    assert choose([[3.0], [1.0], [1.1]], "1se") == 1


def test_a_plain_number_comes_back():
    assert type(choose(FOLDS)) is type(choose(FOLDS, "1se")) is int


def test_nothing_to_choose_from():
    with pytest.raises(ValueError, match="every λ"):
        choose([[np.nan, 1.0], [2.0, np.nan]])


def test_an_unknown_rule():
    with pytest.raises(ValueError, match=r"'2se'.*'min'.*'1se'"):
        choose(FOLDS, "2se")
