"""A member starts as two lines of a script would start it, and leaves no trace."""

import pytest
import torch
from torch import nn

from weightdecay.decay import Decay
from weightdecay.study import Problem, Recipe, Study


def network():
    return nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5), nn.LayerNorm(3), nn.Linear(3, 1))


def plan(make=network, seeds=(4, 0, 25)):
    rows = torch.arange(6)
    problem = Problem(torch.ones(6, 2), torch.ones(6, 1), ((rows, rows[:0]), (rows[2:], rows[:2])))
    return Study(problem, make, Recipe(epochs=2), Decay(), (0.0, 1.0), seeds).plan()


@pytest.mark.parametrize("place", range(3))
def test_as_after_manual_seed(place):
    torch.manual_seed((4, 0, 25)[place])
    script = dict(network().named_parameters())
    weights = plan().weights
    assert list(weights) == list(script)
    for name, parameter in script.items():
        assert torch.equal(weights[name][2 * place], parameter)


def test_whatever_was_drawn_before():
    torch.manual_seed(1)
    first = plan().weights["0.weight"]
    torch.randn(1000)
    assert torch.equal(plan().weights["0.weight"], first)


def test_the_global_generator_does_not_move():
    before = torch.get_rng_state()
    plan()
    assert torch.equal(torch.get_rng_state(), before)


def test_the_global_generator_does_not_move_when_the_network_cannot_be_made():
    def broken():
        torch.randn(3)
        raise RuntimeError("no network")

    before = torch.get_rng_state()
    with pytest.raises(RuntimeError, match="no network"):
        plan(broken)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_network_is_made_once_a_seed():
    made = []

    def counted():
        made.append(torch.initial_seed())
        return network()

    plan(counted)
    assert sorted(made) == [0, 4, 25]


def test_starts_are_copies():
    made = []

    def kept():
        made.append(network())
        return made[-1]

    weights = plan(kept, seeds=(3,)).weights
    before = made[0][0].weight.detach().clone()
    weights["0.weight"].zero_()
    assert torch.equal(made[0][0].weight, before)
