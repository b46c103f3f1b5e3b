"""The rules of selection: "all", "last", a callable, and what is refused."""

import pytest
from torch import nn

from weightdecay.decay import selected
from weightdecay.errors import InputError


@pytest.fixture
def model():
    return nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1))


NAMES = ("0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias")


def test_all_is_every_parameter(model):
    assert selected(model, "all") == NAMES


def test_last_is_what_an_overwritten_penalty_reaches(model):
    for name, parameter in model.named_parameters():
        overwritten, penalty = name, parameter.norm()
    penalty.backward()
    reached = tuple(name for name, p in model.named_parameters() if p.grad is not None)
    assert selected(model, "last") == reached == (overwritten,)


@pytest.mark.parametrize("rule", ["weights", "all", "last"])
def test_no_parameter_no_selection(rule):
    assert selected(nn.Tanh(), rule) == ()


@pytest.mark.parametrize(
    "returned",
    [
        ["2.weight", "0.bias"],
        ("0.bias", "2.weight", "0.bias"),
        {"0.bias", "2.weight"},
        (name for name in ["2.weight", "0.bias"]),
    ],
    ids=["list", "repeated", "set", "generator"],
)
def test_a_callable_chooses_and_the_model_orders(model, returned):
    assert selected(model, lambda _: returned) == ("0.bias", "2.weight")


def test_a_callable_gets_the_model(model):
    def square(network):
        assert network is model
        return [name for name, p in network.named_parameters() if p.shape == (1, 3)]

    assert selected(model, square) == ("2.weight",)


def test_a_callable_may_choose_nothing(model):
    assert selected(model, lambda _: []) == ()


def test_a_tied_parameter_is_named_once():
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    model[1].weight = model[0].weight
    assert selected(model, "all") == ("0.weight", "0.bias", "1.bias")


@pytest.mark.parametrize("rule", ["biases", "", "Weights", None, 3, ["0.weight"]])
def test_refuses_an_unknown_rule_by_name(model, rule):
    with pytest.raises(InputError, match=r"^select: ") as refused:
        selected(model, rule)
    assert repr(rule) in str(refused.value)


def test_refuses_a_name_that_the_model_lacks(model):
    with pytest.raises(InputError, match=r"^select: .*'3\.weight'"):
        selected(model, lambda _: ["0.weight", "3.weight"])
