"""Nested evaluation, judged on every row tested."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from weightdecay.select import by_folds, by_rows

quick = settings(deadline=None, derandomize=True, max_examples=60)
eighths = st.integers(0, 800).map(lambda k: k / 8)
rules = st.sampled_from(["min", "1se"])


@st.composite
def studies(draw):
    """L λs, S seeds, F folds of three rows each, G inner folds."""
    L, S, F, G = (draw(st.integers(*ends)) for ends in ((2, 4), (1, 3), (2, 4), (1, 3)))
    errors = draw(arrays(float, (L, S, 3 * F), elements=eighths))
    inner = draw(arrays(float, (L, S, F, G), elements=eighths))
    return errors, inner, np.repeat(np.arange(F), 3)


@quick
@given(studies(), rules)
def test_chooses_as_by_folds_and_finds_the_same_mean(study, rule):
    errors, inner, fold = study
    rows = by_rows(errors, inner, fold, np.arange(len(fold)), rule)
    means = errors.reshape(*errors.shape[:2], -1, 3).mean(axis=3)
    folds = by_folds(means, inner, rule, overlap=0.0)
    assert rows.chosen == folds.chosen
    assert rows.verdict.effect.estimate == pytest.approx(folds.verdict.effect.estimate, abs=1e-9)
    assert rows.verdict.baseline == pytest.approx(folds.verdict.baseline)
    assert (rows.verdict.pairs, rows.verdict.seeds) == (len(fold), errors.shape[1])


@quick
@given(studies(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(study, random):
    errors, inner, fold = study
    order = random.sample(range(len(fold)), len(fold))
    unit = np.arange(len(fold))
    here = by_rows(errors, inner, fold, unit).verdict
    there = by_rows(errors[:, :, order], inner, fold[order], unit[order]).verdict
    assert there.label == here.label
    assert there.effect == pytest.approx(here.effect, abs=1e-9)


@quick
@given(studies())
def test_groups_are_fewer_draws_than_their_rows(study):
    errors, inner, fold = study
    found = by_rows(errors, inner, fold, fold, kind="group").verdict
    assert (found.unit, found.pairs) == ("group", fold.max() + 1)


def test_a_failed_run_is_counted_once_and_nothing_is_said():
    errors = np.ones((2, 3, 8))
    errors[1, 0, :4] = np.nan
    found = by_rows(errors, np.ones((2, 3, 2, 2)), np.repeat([0, 1], 4), np.arange(8)).verdict
    assert (found.label, found.failed) == ("cannot_tell", 1)
    assert found.needed is None


def test_where_every_inner_run_fails_nothing_is_chosen():
    inner = np.ones((2, 1, 2, 2))
    inner[1, :, 0] = np.inf
    found = by_rows(np.ones((2, 1, 4)), inner, [0, 0, 1, 1], range(4))
    assert found.chosen == (None, 1)
    assert found.verdict.label == "cannot_tell"


@pytest.mark.parametrize(
    ("errors", "inner", "fold", "unit", "name"),
    [
        ((2, 1), (2, 1, 2, 2), 4, 4, "errors"),
        ((1, 1, 4), (1, 1, 2, 2), 4, 4, "errors"),
        ((2, 1, 4), (2, 2, 2, 2), 4, 4, "inner"),
        ((2, 1, 4), (2, 1, 2, 2), 3, 4, "fold"),
        ((2, 1, 4), (2, 1, 2, 2), 4, 5, "unit"),
    ],
)
def test_refuses_shapes_that_do_not_fit(errors, inner, fold, unit, name):
    with pytest.raises(ValueError, match=name):
        by_rows(np.ones(errors), np.ones(inner), np.zeros(fold, int), np.zeros(unit, int))
