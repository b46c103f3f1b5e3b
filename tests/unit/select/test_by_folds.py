"""Nested evaluation: each outer fold at the λ that its own training rows chose."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from weightdecay.select import by_folds, choose, judge

quick = settings(deadline=None, derandomize=True, max_examples=60)
eighths = st.integers(0, 800).map(lambda k: k / 8)
shapes = st.tuples(st.integers(2, 4), st.integers(1, 3), st.integers(2, 5), st.integers(1, 4))
studies = shapes.flatmap(
    lambda shape: st.tuples(
        arrays(float, shape[:3], elements=eighths), arrays(float, shape, elements=eighths)
    )
)
rules = st.sampled_from(["min", "1se"])


@quick
@given(studies, rules)
def test_is_choose_in_each_fold_and_judge_over_folds(study, rule):
    errors, inner = study
    found = by_folds(errors, inner, rule, overlap=0.25)
    F = errors.shape[2]
    chosen = [1 + choose(inner[1:, :, f].mean(axis=1), rule) for f in range(F)]
    assert list(found.chosen) == chosen
    treated = [errors[chosen[f], :, f].mean() for f in range(F)]
    without = errors[0].mean(axis=0)
    assert found.verdict == judge(without, treated, overlap=0.25, unit="fold")
    assert found.differences == pytest.approx(treated - without)
    assert found.verdict.pairs == F


@quick
@given(studies, rules, st.data())
def test_test_rows_have_no_say_in_the_choice(study, rule, data):
    errors, inner = study
    other = data.draw(arrays(float, errors.shape, elements=eighths))
    found = by_folds(errors, inner, rule, overlap=0.25)
    assert by_folds(other, inner, rule, overlap=0.25).chosen == found.chosen


@quick
@given(studies, rules, st.data())
def test_a_fold_chooses_by_its_own_inner_errors(study, rule, data):
    errors, inner = study
    changed = data.draw(st.integers(0, errors.shape[2] - 1))
    other = inner.copy()
    other[:, :, changed] = other[::-1, :, changed]
    here = by_folds(errors, inner, rule, overlap=0.25).chosen
    there = by_folds(errors, other, rule, overlap=0.25).chosen
    assert all(here[f] == there[f] for f in range(len(here)) if f != changed)


@quick
@given(studies, rules)
def test_more_copies_of_the_seeds_are_no_more_evidence(study, rule):
    errors, inner = study
    once = by_folds(errors, inner, rule, overlap=0.25)
    thrice = by_folds(errors.repeat(3, axis=1), inner.repeat(3, axis=1), rule, overlap=0.25)
    assert thrice.chosen == once.chosen
    assert thrice.verdict.pairs == once.verdict.pairs
    assert thrice.verdict.effect == pytest.approx(once.verdict.effect, abs=1e-6, nan_ok=True)


@quick
@given(studies, rules)
def test_the_inner_errors_without_decay_do_not_matter(study, rule):
    errors, inner = study
    other = inner.copy()
    other[0] = -1.0
    assert by_folds(errors, other, rule, overlap=0.25) == by_folds(
        errors, inner, rule, overlap=0.25
    )


def test_example():
    errors = np.array([[[10.0, 10, 10]], [[8.0, 9, 9]], [[9.0, 7, 11]]])
    inner = np.array(
        [[[[0.0, 0], [0, 0], [0, 0]]], [[[1, 1], [3, 3], [1, 1]]], [[[2, 2], [2, 2], [2, 2]]]]
    )
    found = by_folds(errors, inner, overlap=0.5)
    assert found.chosen == (1, 2, 1)
    assert found.differences == (-2.0, -3.0, -1.0)
    assert found.failed == (0, 0, 0)
    # Mean −2, s = 1: ±4.303·√(1/3 + 1/2).
    assert found.verdict.effect == pytest.approx((-2, -2 - 3.9279, -2 + 3.9279), abs=1e-3)
    assert (found.verdict.unit, found.verdict.overlap) == ("fold", 0.5)


@pytest.mark.parametrize(
    ("errors", "inner", "name"),
    [
        ((3, 2), (3, 2, 2), "errors"),
        ((1, 2, 4), (1, 2, 4, 3), "errors"),
        ((3, 2, 4), (3, 2, 4), "inner"),
        ((3, 2, 4), (3, 2, 5, 2), "inner"),
    ],
)
def test_refuses_shapes_that_do_not_fit(errors, inner, name):
    with pytest.raises(ValueError, match=name):
        by_folds(np.ones(errors), np.ones(inner), overlap=0.25)
