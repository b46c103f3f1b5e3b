"""Data that judge a network against the known truth."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weightdecay.study import Problem

quick = settings(deadline=None, derandomize=True, max_examples=30)


@quick
@given(n=st.integers(1, 8), m=st.integers(0, 8), p=st.integers(1, 3), q=st.integers(1, 3))
def test_trains_on_the_data_and_judges_on_the_truth(n, m, p, q):
    x, y, x_truth, y_truth = (torch.randn(rows, w) for rows in (n, m) for w in (p, q))
    problem = Problem.with_truth(x, y, x_truth, y_truth)
    ((train, judge),) = problem.splits
    assert torch.equal(problem.x[train], x)
    assert torch.equal(problem.y[train], y)
    assert torch.equal(problem.x[judge], x_truth)
    assert torch.equal(problem.y[judge], y_truth)


def test_no_row_both_trains_and_judges():
    problem = Problem.with_truth(*[torch.zeros(rows, 1) for rows in (4, 4, 6, 6)])
    ((train, judge),) = problem.splits
    assert sorted([*train.tolist(), *judge.tolist()]) == list(range(10))


def test_folds_may_lack_judging_rows():
    rows = torch.arange(3)
    problem = Problem(torch.zeros(3, 1), torch.zeros(3, 1), ((rows, rows[:0]),))
    assert len(problem.splits[0][1]) == 0
