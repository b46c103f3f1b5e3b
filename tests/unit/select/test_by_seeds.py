"""λ from some seeds, the verdict from the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from weightdecay.select import by_seeds, choose, judge

quick = settings(deadline=None, derandomize=True, max_examples=60)
eighths = st.integers(0, 800).map(lambda k: k / 8)
tables = st.tuples(st.integers(2, 5), st.integers(2, 12)).flatmap(
    lambda shape: arrays(float, shape, elements=eighths)
)
rules = st.sampled_from(["min", "1se"])


@quick
@given(tables, rules)
def test_is_choose_and_judge_on_the_two_halves(errors, rule):
    chosen, verdict = by_seeds(errors, rule)
    assert chosen == 1 + choose(errors[1:, ::2], rule)
    assert verdict == judge(errors[0, 1::2], errors[chosen, 1::2], unit="seed")


@quick
@given(tables, rules, st.integers(-50, 50))
def test_the_judges_have_no_say_in_the_choice(errors, rule, by):
    moved = errors.copy()
    moved[1:, 1::2] += by * np.arange(len(errors) - 1)[:, None]
    assert by_seeds(moved, rule).chosen == by_seeds(errors, rule).chosen


@quick
@given(tables, rules, st.integers(-50, 50))
def test_the_choosers_have_no_say_in_the_verdict(errors, rule, by):
    moved = errors.copy()
    moved[:, ::2] += by  # the same for every λ: the choice stays
    assert by_seeds(moved, rule).verdict == by_seeds(errors, rule).verdict


@quick
@given(tables, st.data())
def test_the_order_of_the_seeds_does_not_matter_if_they_keep_their_parts(errors, data):
    order = data.draw(st.permutations(range(errors.shape[1])))
    chooses = np.arange(errors.shape[1]) % 3 == 0
    here = by_seeds(errors, choosing=chooses)
    there = by_seeds(errors[:, order], choosing=chooses[list(order)])
    assert there.chosen == here.chosen
    assert there.verdict.effect == pytest.approx(here.verdict.effect, abs=1e-9, nan_ok=True)


def test_zero_is_no_candidate():
    chosen, verdict = by_seeds([[1, 1, 1, 1.1], [5, 5, 5, 5.2], [9, 9, 9, 9]])
    assert (chosen, verdict.label, verdict.unit) == (1, "hurts", "seed")


def test_names_of_seeds_may_be_given():
    errors = np.array([[9.0] * 6, [1, 1, 1, 8, 8, 8], [2, 2, 2, 3, 3, 3]])
    assert by_seeds(errors, choosing=[1, 1, 1, 0, 0, 0]).chosen == 1
    assert by_seeds(errors, choosing=[0, 0, 0, 1, 1, 1]).chosen == 2


def test_level_and_margin_go_to_the_verdict():
    draw = np.random.default_rng(0)
    errors = 10 + draw.normal(size=(2, 40))
    verdict = by_seeds(errors, level=0.9, relative_margin=0.5).verdict
    assert verdict == judge(
        errors[0, 1::2], errors[1, 1::2], level=0.9, relative_margin=0.5, unit="seed"
    )


def test_one_seed_judges_nothing():
    assert by_seeds([[2.0], [1.0]]).verdict.pairs == 0
    assert by_seeds([[2.0], [1.0]]).verdict.label == "cannot_tell"


@pytest.mark.parametrize("errors", [[[1.0, 2.0]], [1.0, 2.0], np.ones((2, 2, 2))])
def test_refuses_what_is_no_table_of_a_path(errors):
    with pytest.raises(ValueError, match=r"not \[L, S\]"):
        by_seeds(errors)


@pytest.mark.parametrize("choosing", [[False] * 4, [True] * 3])
def test_refuses_parts_that_do_not_fit(choosing):
    with pytest.raises(ValueError, match="choosing"):
        by_seeds(np.ones((2, 4)), choosing=choosing)
