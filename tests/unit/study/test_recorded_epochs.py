"""Which epochs are measured."""

import itertools

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from weightdecay.decay import Decay
from weightdecay.study import Problem, Recipe, Study

quick = settings(deadline=None, derandomize=True, max_examples=200)
ROW = torch.arange(1)


def epochs(last, record=30):
    problem = Problem(torch.zeros(1, 1), torch.zeros(1, 1), ((ROW, ROW[:0]),))
    recipe = Recipe(epochs=last)
    return Study(problem, lambda: nn.Linear(1, 1), recipe, Decay(), (0.0,), (0,), record).epochs()


@quick
@given(last=st.integers(1, 10_000), record=st.integers(0, 200))
@example(last=1, record=0)
@example(last=1, record=200)
def test_from_0_to_the_last_ascending_and_no_more_than_asked(last, record):
    found = epochs(last, record)
    assert found[0] == 0
    assert found[-1] == last
    assert all(a < b for a, b in itertools.pairwise(found))
    assert all(type(epoch) is int for epoch in found)
    assert len(found) <= max(record, 2)


@quick
@given(last=st.integers(1, 10_000), record=st.integers(3, 200))
def test_early_epochs_lie_closer_together(last, record):
    found = epochs(last, record)
    gaps = [b - a for a, b in itertools.pairwise(found)]
    # Rounding to whole epochs moves a gap by less than 1 at either end.
    assert all(later >= earlier - 1 for earlier, later in itertools.pairwise(gaps))


@pytest.mark.parametrize("last", [900, 5000, 30_000])
def test_as_many_as_asked_where_there_is_room(last):
    assert len(epochs(last, 30)) == 30


def test_example():
    assert epochs(100, 11) == (0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100)


def test_one_epoch_has_a_start_and_an_end():
    assert epochs(1) == (0, 1)
