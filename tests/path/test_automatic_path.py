"""The ends of an automatic path."""

import warnings

import numpy as np
import pytest
import torch
from sklearn.exceptions import ConvergenceWarning
from torch import nn

import weightdecay as wd
from weightdecay._automatic import PILOT, automatic_path

RARE = 6


def study(x, y, weight=None, **recipe) -> wd.Study:
    rows = torch.arange(len(x))
    how = {"lr": 0.1, "epochs": 60, "batch_size": 1000, "shuffle": False, **recipe}
    return wd.Study(
        problem=wd.Problem(x, y, ((rows, rows[:0]),), "cross_entropy", weight),
        network=lambda: nn.Linear(x.shape[1], 2),
        recipe=wd.Recipe(**how),
        decay=wd.Decay(),
        weight_decay=(0.0,),
        seeds=(0, 1),
    )


def unbalanced() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A class of one row in twenty, and weights that make it as heavy as the other."""
    draw = np.random.default_rng(0)
    y = (np.arange(20 * RARE) < RARE).astype(int)
    x = draw.normal(size=(len(y), 3)) + 0.7 * y[:, None]
    as_float = torch.tensor(x, dtype=torch.float32)
    return as_float, torch.tensor(y), torch.tensor(np.where(y, 19.0, 1.0), dtype=torch.float32)


@pytest.mark.parametrize("factor", [1, 8])
def test_with_weights_it_is_that_of_as_many_rows(factor) -> None:
    x, y, weight = unbalanced()
    again = torch.repeat_interleave(torch.arange(len(x)), weight.int())
    found = automatic_path(study(x, y, weight * factor))
    assert found == pytest.approx(automatic_path(study(x[again], y[again])))
    assert found[-1] >= 0.1


def test_where_nothing_learns_it_warns_and_looks_everywhere() -> None:
    x, y, _ = unbalanced()
    with pytest.warns(ConvergenceWarning, match="no network does better than a constant"):
        assert automatic_path(study(x, y, lr=1e-9)) == PILOT


def test_who_asked_for_the_path_is_warned() -> None:
    x, y, _ = unbalanced()
    slow = {"recipe": wd.Recipe(lr=1e-9, epochs=1), "seeds": 1, "folds": [(range(90), range(9))]}
    with pytest.warns(ConvergenceWarning) as caught:
        wd.path(lambda: nn.Linear(3, 2), x, y, loss="cross_entropy", **slow)
    assert [warning.filename for warning in caught] == [__file__]


def test_what_diverges_is_not_said_to_learn_too_slowly() -> None:
    x, y, _ = unbalanced()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        automatic_path(study(x, y, lr=1e38, optimizer="sgd"))
