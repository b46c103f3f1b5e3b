"""A Decay is a value: compared by what it says, never changed, refused when it cannot be."""

from dataclasses import FrozenInstanceError, replace

import pytest
import torch

from weightdecay.decay import L1, L2, Decay, Norm
from weightdecay.errors import InputError


def test_equal_if_all_parts_are():
    assert Decay(1e-3, L1(), on="step") == Decay(1e-3, L1(), on="step")
    assert len({Decay(1e-3), Decay(0.001, L2(), "loss", "weights")}) == 1


@pytest.mark.parametrize(
    "change", [{"weight_decay": 2e-3}, {"penalty": Norm()}, {"on": "step"}, {"select": "all"}]
)
def test_every_part_counts(change):
    assert replace(Decay(1e-3), **change) != Decay(1e-3)


def test_nothing_decays_unless_asked():
    assert Decay().weight_decay == 0


def test_cannot_be_changed():
    decay = Decay(1e-3)
    with pytest.raises(FrozenInstanceError):
        decay.weight_decay = 1.0


def test_takes_a_penalty_of_ones_own():
    class Quartic:
        def value(self, w):
            return w.pow(4).sum() / 4

        def gradient(self, w):
            return w.pow(3)

    decay = Decay(0.1, Quartic())
    assert decay.penalty.value(torch.tensor([2.0])) == 4


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"weight_decay": -1e-9}, ["weight_decay", "-1e-09"]),
        ({"weight_decay": float("nan")}, ["weight_decay", "nan"]),
        ({"weight_decay": float("inf")}, ["weight_decay", "inf"]),
        ({"on": "proximal"}, ["on", "'proximal'", "'loss'", "'step'"]),
        ({"on": None}, ["on", "None"]),
        ({"penalty": "l2"}, ["penalty", "'l2'"]),
        ({"penalty": None}, ["penalty", "None"]),
        ({"penalty": torch.norm}, ["penalty", "value", "gradient"]),
    ],
)
def test_refuses_naming_the_place_in_one_line(arguments, names):
    with pytest.raises(InputError) as refused:
        Decay(**arguments)
    message = str(refused.value)
    assert message.startswith(f"{names[0]}: ")
    assert all(name in message for name in names)
    assert "\n" not in message


def test_a_refusal_is_a_value_error():
    with pytest.raises(ValueError, match="weight_decay"):
        Decay(-1)
