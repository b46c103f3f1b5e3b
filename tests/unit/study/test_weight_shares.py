"""Shares of decayed weights in fixed bins, against a plain histogram."""

import numpy as np
import pytest
import torch

from weightdecay.study import _weights as rooms
from weightdecay.study._weights import BINS, LINEAR, weight_edges, weight_shares

EDGES = weight_edges()
NONE = np.zeros(3, np.int64)


def stacks():
    draw = torch.Generator().manual_seed(0)
    return {
        "a": torch.randn(3, 4, 5, generator=draw)
        * torch.tensor([0.001, 1.0, 300.0])[:, None, None],
        "b": torch.randn(3, 7, 2, generator=draw),
        "bias": torch.full((3, 9), 5.0),
    }


def test_zero_lies_in_the_middle_and_bins_are_even_in_asinh():
    assert len(EDGES) == BINS + 1
    assert pytest.approx(-EDGES[::-1]) == EDGES
    widths = np.diff(np.arcsinh(EDGES / LINEAR))
    assert widths == pytest.approx(widths[0])
    assert EDGES[-1] == pytest.approx(1000)


@pytest.mark.parametrize("at_a_time", [1, 20, 2**20])
def test_they_are_those_of_a_histogram(monkeypatch, at_a_time):
    monkeypatch.setattr(rooms, "_AT_A_TIME", at_a_time)
    weights = stacks()
    found = weight_shares(weights, ("a", "b"), NONE)
    for k in range(3):
        values = np.concatenate([weights[name][k].numpy().ravel() for name in ("a", "b")])
        counts, _ = np.histogram(values, EDGES)
        assert found[k] == pytest.approx(counts / len(values), abs=1e-6)


def test_what_lies_beyond_is_in_the_outermost():
    weights = {"w": torch.tensor([[-1e9, 0.0, 0.0, 1e9]])}
    found = weight_shares(weights, ("w",), np.zeros(1, np.int64))[0]
    assert (found[0], found[BINS // 2], found[-1]) == (0.25, 0.5, 0.25)


def test_diverged_members_have_none_and_leave_their_neighbours_alone():
    weights = stacks()
    before = weight_shares(weights, ("a", "b"), NONE)
    weights["a"][1] = torch.nan
    found = weight_shares(weights, ("a", "b"), np.array([0, 7, 0]))
    assert np.isnan(found[1]).all()
    assert np.array_equal(found[[0, 2]], before[[0, 2]])


def test_where_nothing_decays_there_is_none():
    assert np.isnan(weight_shares(stacks(), (), NONE)).all()
