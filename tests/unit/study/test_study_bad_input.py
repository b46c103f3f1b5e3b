"""Every refusal names its place, in one line."""

import numpy as np
import pytest
import torch
from torch import nn

from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.runs._digest import digest
from weightdecay.study import Problem, Recipe, Stopping, Study

ROWS = torch.arange(4)
NAN, INF = float("nan"), float("inf")


def problem(x=None, y=None, splits=((ROWS, ROWS[:0]),)):
    return Problem(
        torch.zeros(4, 2) if x is None else x, torch.zeros(4, 1) if y is None else y, splits
    )


def with_one(value, *place):
    values = torch.zeros(4, 2)
    values[place] = value
    return values


def study(weight_decay=(0.0, 1.0), seeds=(0,)):
    return Study(
        problem(), lambda: nn.Linear(2, 1), Recipe(), Decay(), tuple(weight_decay), tuple(seeds)
    )


REFUSED = [
    (problem, {"x": torch.zeros(3, 2)}, ["data", "3", "4"]),
    (problem, {"x": with_one(NAN, 2, 1)}, ["data", "x", "nan", "row 2", "column 1"]),
    (problem, {"y": with_one(-INF, 3, 0)}, ["data", "y", "-inf", "row 3", "column 0"]),
    (problem, {"splits": ((ROWS, ROWS), (ROWS[:0], ROWS))}, ["data", "fold 1"]),
    (Recipe, {"lr": 0.0}, ["lr", "0.0"]),
    (Recipe, {"lr": -0.5}, ["lr", "-0.5"]),
    (Recipe, {"lr": NAN}, ["lr", "nan"]),
    (Recipe, {"lr": INF}, ["lr", "inf"]),
    (Recipe, {"epochs": 0}, ["epochs", "0"]),
    (Recipe, {"epochs": -3}, ["epochs", "-3"]),
    (Recipe, {"batch_size": 0}, ["batch_size", "0"]),
    (Recipe, {"epochs": True}, ["epochs", "True"]),
    (Recipe, {"epochs": 2.0}, ["epochs", "2.0"]),
    (Stopping, {"patience": 0}, ["patience", "0"]),
    (Stopping, {"patience": np.bool_(True)}, ["patience", "True"]),
    (Recipe, {"optimizer": "lion"}, ["optimizer", "'lion'", "'sgd'", "'adam'", "'adamw'"]),
    (Recipe, {"optimizer": "Adam"}, ["optimizer", "'Adam'"]),
    (Recipe, {"options": {"weight_decay": 0.1}}, ["options", "weight_decay", "Decay"]),
    (study, {"weight_decay": (0.0, -0.1)}, ["weight_decay", "-0.1"]),
    (study, {"weight_decay": (0.0, NAN)}, ["weight_decay", "nan"]),
    (study, {"weight_decay": (0.0, INF)}, ["weight_decay", "inf"]),
    (study, {"weight_decay": (0.1, 1.0)}, ["weight_decay", "0"]),
    (study, {"weight_decay": ()}, ["weight_decay", "0"]),
    (study, {"weight_decay": (0.0, 1.0, 0.1)}, ["weight_decay", "ascend"]),
    (study, {"weight_decay": (0.0, 1.0, 1.0)}, ["weight_decay", "repeats"]),
    (study, {"weight_decay": (1.0, 0.0)}, ["weight_decay", "ascend"]),
    (study, {"seeds": ()}, ["seeds", "at least one"]),
    (study, {"seeds": (3, -7)}, ["seeds", "-7"]),
]


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8])
def test_numbers_of_numpy_are_kept_as_pythons(kind):
    given = Recipe(epochs=kind(5), batch_size=kind(7), stopping=Stopping(patience=kind(3)))
    assert given == (own := Recipe(epochs=5, batch_size=7, stopping=Stopping(patience=3)))
    assert digest(given) == digest(own)


@pytest.mark.parametrize(("make", "arguments", "names"), REFUSED)
def test_refused(make, arguments, names):
    with pytest.raises(InputError) as refused:
        make(**arguments)
    message = str(refused.value)
    assert message.startswith(f"{names[0]}: ")
    assert all(name in message for name in names)
    assert "\n" not in message


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (problem, {}),
        (Recipe, {"lr": 1e-12, "epochs": 1, "batch_size": 1}),
        (Recipe, {"optimizer": "sgd", "options": {"momentum": 0.9}}),
        (study, {}),
        (study, {"weight_decay": (0.0,), "seeds": (0,)}),
        (study, {"seeds": (9, 2)}),
    ],
)
def test_the_edge_of_what_is_allowed(make, arguments):
    make(**arguments)
