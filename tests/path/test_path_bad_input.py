"""Bad input to `wd.path`: one clear line that names the place, before any training."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

import weightdecay as wd
from weightdecay import engines

X = torch.randn(12, 3, generator=torch.Generator().manual_seed(0))
Y = X[:, 0]
CLASSES = torch.arange(12) % 3


def with_one(value: float) -> Tensor:
    x = X.clone()
    x[7, 2] = value
    return x


class TwoHeads(nn.Linear):
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return super().forward(x), x


def one() -> nn.Module:
    return nn.Linear(3, 1)


def three() -> nn.Module:
    return nn.Linear(3, 3)


CASES = {
    "nan": (one, with_one(np.nan), Y, {}, ["nan", "row 7", "column 2"]),
    "infinity": (one, with_one(-np.inf), Y, {}, ["-inf", "row 7", "column 2"]),
    "lengths": (one, X, Y[:9], {}, ["12", "9"]),
    "validation lengths": (one, X, Y, {"validation": (X, Y[:3])}, ["12", "3"]),
    "transposed validation": (
        lambda: nn.Linear(3, 2),
        X,
        X[:, :2],
        {"validation": (X, X[:, :2].T)},
        ["validation", "y is [2, 12]", "[12, 2]"],
    ),
    "flat validation of several targets": (
        lambda: nn.Linear(3, 2),
        X,
        X[:, :2],
        {"truth": (X, X[:, :2].flatten())},
        ["truth", "y is [24, 1]", "[12, 2]"],
    ),
    "other columns": (one, X, Y, {"validation": (X[:, :2], Y)}, ["X is [12, 2]", "[12, 3]"]),
    "truth and validation": (
        one,
        X,
        Y,
        {"truth": (X, Y), "validation": (X, Y)},
        ["truth, validation", "both"],
    ),
    "a row without a length": (one, torch.tensor(1.0), Y, {}, ["X is one number"]),
    "no Dataset": (one, X, None, {}, ["there is no y", "Tensor"]),
    "a table without y": (one, pd.DataFrame({"a": Y}), None, {}, ["there is no y", "DataFrame"]),
    "a list of no pairs": (one, [1, 2], None, {}, ["pair (x, y)"]),
    "half a truth": (one, X, Y, {"truth": (X,)}, ["truth", "no pair (X, y)"]),
    "a validation without y": (one, X, Y, {"validation": X}, ["validation", "no pair (X, y)"]),
    "a loader": (
        one,
        DataLoader(TensorDataset(X, Y)),
        None,
        {},
        ["DataLoader", "no Dataset", "give X and y"],
    ),
    "neither": (one, None, None, {}, ["NoneType", "no Dataset"]),
    "lazy": (lambda: nn.LazyLinear(1), X, Y, {}, ["weight", "lazy"]),
    "a loss for classes, with numbers": (
        three,
        X,
        Y,
        {"loss": nn.CrossEntropyLoss()},
        ["loss", "[3]", "[1]"],
    ),
    "a loss for numbers, with classes": (
        one,
        X,
        CLASSES,
        {"loss": nn.L1Loss()},
        ["loss", "one output", "floating-point"],
    ),
    "seeds in words": (one, X, Y, {"seeds": "many"}, ["seeds", "'many'"]),
    "half a seed": (one, X, Y, {"seeds": 2.5}, ["seeds", "2.5"]),
    "no seed": (one, X, Y, {"seeds": 0}, ["seeds", "less than 1"]),
    "no network": (lambda: 3, X, Y, {}, ["network", "int"]),
    "a number as decay": (one, X, Y, {"decay": 0.1}, ["decay", "float", "Decay"]),
    "a dict as recipe": (one, X, Y, {"recipe": {"lr": 0.1}}, ["recipe", "dict", "Recipe"]),
    "groups without folds": (
        one,
        X,
        Y,
        {"validation": (X, Y), "groups": np.arange(12)},
        ["groups", "no folds"],
    ),
    "words": (one, np.array([["a"] * 3] * 12), Y, {}, ["X", "encode"]),
    "class outside": (
        three,
        X,
        CLASSES + 1,
        {"loss": "cross_entropy", "folds": 0.3},
        ["class 3", "3 outputs"],
    ),
    "class below": (
        three,
        X,
        CLASSES - 1,
        {"loss": "cross_entropy"},
        ["class -1", "from 0"],
    ),
    "half a class": (three, X, CLASSES / 2, {"loss": "cross_entropy"}, ["0.5", "class"]),
    "output shape": (three, X, Y, {}, ["[3]", "[1]"]),
    "input shape": (lambda: nn.Linear(5, 1), X, Y, {}, ["[3]", "network"]),
    "one row in batch norm": (
        lambda: nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1)),
        X,
        Y,
        {"folds": [(range(10), [10, 11])], "recipe": wd.Recipe(epochs=1, batch_size=3)},
        ["step of 1 rows", "batch_size"],
    ),
    "no tensor": (lambda: TwoHeads(3, 1), X, Y, {}, ["tuple"]),
    "no parameter": (lambda: nn.Flatten(), X, X, {}, ["no parameter to train"]),
    "nothing decays": (lambda: nn.LayerNorm(3), X, X, {}, ["no parameter of the network to decay"]),
    "more folds than rows": (one, X, Y, {"folds": 13}, ["13 folds", "12 rows"]),
    "more folds than members": (
        three,
        X,
        CLASSES,
        {"loss": "cross_entropy"},
        ["class 0", "4 rows"],
    ),
    "one fold": (one, X, Y, {"folds": 1}, ["folds", "1"]),
    "more folds than groups": (one, X, Y, {"groups": np.arange(12) // 6}, ["5 folds", "2 groups"]),
    "empty fold": (one, X, Y, {"folds": [(range(12), [])]}, ["fold", "no row"]),
    "row not there": (one, X, Y, {"folds": [(range(12), [12])]}, ["row 12", "fold 0"]),
    "share": (one, X, Y, {"folds": 1.5}, ["1.5"]),
    "no random_state": (one, X, Y, {"random_state": None}, ["random_state", "None"]),
    "a generator as random_state": (
        one,
        X,
        Y,
        {"random_state": np.random.RandomState(0)},
        ["random_state", "RandomState"],
    ),
    "loss": (one, X, Y, {"loss": "hinge"}, ["'hinge'", "'mse'"]),
    "rule": (one, X, Y, {"rule": "max"}, ["'max'"]),
    "seeds": (one, X, Y, {"seeds": 0}, ["seeds", "0"]),
    "negative": (one, X, Y, {"weight_decay": [-1.0]}, ["weight_decay", "-1"]),
    "not a number": (one, X, Y, {"weight_decay": [np.nan]}, ["weight_decay", "nan"]),
    "no number": (one, X, Y, {"weight_decay": "some"}, ["weight_decay", "'some'"]),
    "no number above 0": (one, X, Y, {"weight_decay": [0]}, ["weight_decay", "above 0"]),
    "no number at all": (one, X, Y, {"weight_decay": []}, ["weight_decay", "above 0"]),
    "further than a constraint": (
        one,
        X,
        Y,
        {"decay": wd.presets.max_norm(), "weight_decay": [0.5, 1.0, 1.9]},
        ["weight_decay", "1.9", "constraint", "at most 1"],
    ),
    "engine": (one, X, Y, {"engine": "warp"}, ["'warp'", "'vmap'"]),
}


@pytest.mark.parametrize("case", CASES)
def test_is_refused_before_any_training(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, x, y, options, named = CASES[case]

    def never(*args: object) -> None:
        raise AssertionError("trained")

    for engine in engines.ENGINES.values():
        monkeypatch.setattr(engine, "train", never)
    with pytest.raises(wd.InputError) as error:
        wd.path(make, x, y, **{"recipe": wd.Recipe(epochs=1), **options})
    message = str(error.value)
    assert len(message.splitlines()) == 1
    assert all(word in message for word in named), message


@pytest.mark.parametrize("optimizer", ["lbfgs", "adafactor", "muon"])
def test_an_optimizer_that_couples_weights_is_refused(optimizer: str) -> None:
    with pytest.raises(wd.InputError, match="every weight by itself"):
        wd.Recipe(optimizer=optimizer)


def test_a_module_that_cannot_be_drawn_anew_is_named() -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.ones(3, 1))

        def forward(self, x: Tensor) -> Tensor:
            return x @ self.w

    with pytest.raises(wd.InputError, match="Own has no reset_parameters"):
        wd.path(Own(), X, Y)
