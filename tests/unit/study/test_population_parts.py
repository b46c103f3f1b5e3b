"""Some members of a population, as a population of their own."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from weightdecay.decay import Decay
from weightdecay.study import Problem, Recipe, Study

quick = settings(deadline=None, derandomize=True, max_examples=40)
ROWS = torch.arange(8)
POPULATION = Study(
    problem=Problem(
        torch.zeros(8, 2), torch.zeros(8, 1), ((ROWS[:6], ROWS[6:]), (ROWS[3:], ROWS[:3]))
    ),
    network=lambda: nn.Linear(2, 1),
    recipe=Recipe(epochs=3),
    decay=Decay(),
    weight_decay=(0.0, 0.5, 2.0),
    seeds=(0, 1),
).plan()


def member(population, k):
    return (
        float(population.weight_decay[k]),
        {name: w[k].tolist() for name, w in population.weights.items()},
        population.order.stream(k)(4).tolist(),
        population.test[k].tolist(),
    )


@quick
@given(st.lists(st.integers(0, len(POPULATION) - 1), min_size=1))
def test_has_just_those_members_in_that_order(chosen):
    part = POPULATION.only(chosen)
    assert len(part) == len(chosen)
    assert [member(part, k) for k in range(len(part))] == [member(POPULATION, k) for k in chosen]


@quick
@given(st.permutations(range(len(POPULATION))), st.data())
def test_a_part_of_a_part(outer, data):
    inner = data.draw(st.lists(st.integers(0, len(outer) - 1), min_size=1))
    once = POPULATION.only([outer[k] for k in inner])
    twice = POPULATION.only(outer).only(inner)
    assert [member(twice, k) for k in range(len(twice))] == [
        member(once, k) for k in range(len(once))
    ]


def test_what_members_share_stays():
    part = POPULATION.only([4])
    for name in ("network", "x", "y", "recipe", "decay", "record"):
        assert getattr(part, name) is getattr(POPULATION, name)
