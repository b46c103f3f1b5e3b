"""The two parts of the weights: properties of orthogonal projections."""

import numpy as np
import pytest

from weightdecay.reference.d2l._subspaces import lengths


@pytest.fixture
def draw():
    return np.random.default_rng(0)


def test_squares_add_up(draw):
    weights, rows = draw.normal(size=(3, 4, 30)), draw.normal(size=(7, 30))
    row_space, null_space = lengths(weights, rows)
    assert row_space.shape == null_space.shape == (3, 4)
    np.testing.assert_allclose(row_space**2 + null_space**2, (weights**2).sum(-1))


def test_a_sum_of_rows_has_no_part_in_the_null_space(draw):
    rows = draw.normal(size=(7, 30))
    row_space, null_space = lengths(draw.normal(size=(5, 7)) @ rows, rows)
    np.testing.assert_allclose(null_space, 0, atol=1e-13)
    assert (row_space > 1).all()


def test_what_the_rows_do_not_see_has_no_part_in_the_row_space(draw):
    rows = np.hstack([draw.normal(size=(4, 10)), np.zeros((4, 2))])
    unseen = np.zeros(12)
    unseen[10:] = 3, 4
    np.testing.assert_allclose(lengths(unseen, rows), (0, 5), atol=1e-15)


def test_a_row_said_twice_says_nothing_new(draw):
    weights, rows = draw.normal(size=20), draw.normal(size=(5, 20))
    again = np.vstack([rows, rows[:2], rows[0] + rows[3]])
    np.testing.assert_allclose(lengths(weights, again), lengths(weights, rows))


def test_rows_may_be_turned_and_mixed(draw):
    """The span is what counts, not which rows it is made of."""
    weights, rows = draw.normal(size=20), draw.normal(size=(5, 20))
    mixed = draw.normal(size=(5, 5)) @ rows
    np.testing.assert_allclose(lengths(weights, mixed), lengths(weights, rows))
