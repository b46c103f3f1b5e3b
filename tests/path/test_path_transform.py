"""A transformer sees the training rows of a fold and no others."""

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import make_column_transformer
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from torch import nn

import weightdecay as wd
from weightdecay._cutting import cut

RECIPE = wd.Recipe(lr=0.05, epochs=8, batch_size=16)


def linear() -> nn.Module:
    return nn.Linear(3, 1)


def table(rows: int = 30) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(0)
    X = draw.normal(5.0, 3.0, size=(rows, 3))
    return X, X[:, 0] + draw.normal(size=rows)


class Remember(TransformerMixin, BaseEstimator):
    """Keeps in a list of the test's what it was fitted on."""

    seen: ClassVar[list[np.ndarray]] = []

    def fit(self, X, y=None):
        self.seen.append(np.asarray(X)[:, 0])
        self.fitted_ = True
        return self

    def transform(self, X):
        return np.asarray(X)


def test_it_is_fitted_on_the_training_rows_of_every_fold_outer_and_inner() -> None:
    X, y = table()
    X[:, 0] = np.arange(30)  # a row's number
    plain = cut(X, y, "mse", 3, 2)
    Remember.seen = []
    made = cut(X, y, "mse", 3, 2, transform=Remember())
    whole, *folds = Remember.seen
    assert sorted(whole) == list(range(30))
    assert len(folds) == 3 * (1 + 2)
    for seen, (train, test), (a, b) in zip(
        folds, plain.problem.splits, made.problem.splits, strict=True
    ):
        assert seen.tolist() == train.tolist()
        assert made.unit[a].tolist() == train.tolist()
        assert made.unit[b].tolist() == test.tolist()
        assert torch.equal(made.problem.x[a, 0].long(), train)
        assert torch.equal(made.problem.y[b], plain.problem.y[test])


def test_each_fold_is_standardised_by_its_training_rows() -> None:
    X, y = table()
    made = cut(X, y, "mse", 3, 2, transform=StandardScaler())
    for train, test in made.problem.splits:
        x = made.problem.x[train]
        torch.testing.assert_close(x.mean(0), torch.zeros(3), atol=1e-5, rtol=0)
        torch.testing.assert_close(x.std(0, correction=0), torch.ones(3), atol=1e-5, rtol=0)
        assert made.problem.x[test].mean(0).abs().max() > 1e-3


def test_a_transformer_that_does_nothing_changes_nothing() -> None:
    X, y = table()
    options = {"recipe": RECIPE, "weight_decay": [0.1], "seeds": 2, "folds": 3, "inner_folds": 2}
    plain = wd.path(linear, X, y, **options)
    made = wd.path(linear, X, y, transform=FunctionTransformer(), **options)
    np.testing.assert_array_equal(made.errors, plain.errors)
    assert made.verdict == plain.verdict
    assert torch.equal(made.refit().weight, plain.refit().weight)


def test_groups_stay_what_they_are() -> None:
    X, y = table()
    groups = np.arange(30) // 3
    made = cut(X, y, "mse", 3, 2, groups=groups, transform=StandardScaler())
    assert made.kind == "group"
    for train, test in made.problem.splits:
        assert not set(made.unit[train].tolist()) & set(made.unit[test].tolist())


def test_a_table_of_names_and_numbers() -> None:
    X, y = table()
    frame = pd.DataFrame({"size": X[:, 0], "colour": np.where(X[:, 1] > 5, "red", "green")})
    encode = make_column_transformer(
        (StandardScaler(), ["size"]), (OneHotEncoder(categories=[["green", "red"]]), ["colour"])
    )
    found = wd.path(linear, frame, y, transform=encode, recipe=RECIPE, weight_decay=[0.1], seeds=1)
    assert found.transform.transform(frame[:2]).shape == (2, 3)
    assert found.study.problem.x.shape == (30, 3)
    assert not hasattr(encode, "transformers_")  # theirs is left alone


def test_rows_to_judge_on_go_through_what_the_training_rows_fitted() -> None:
    X, y = table()
    made = cut(X, y, "mse", 3, 2, judging=(X + 1, y), transform=StandardScaler())
    first, second = made.problem.x[:30], made.problem.x[30:]
    torch.testing.assert_close(second - first, torch.ones(30, 3) / torch.tensor(X.std(0)).float())


@pytest.mark.parametrize(
    ("transform", "message"),
    [
        ("scale", "transform: 'scale' has no fit"),
        (OneHotEncoder(handle_unknown="ignore"), r"transform: it makes \[.*fix its categories"),
    ],
)
def test_a_transformer_that_will_not_do_is_named(transform, message) -> None:
    X, y = table()
    with pytest.raises(wd.InputError, match=message):
        wd.path(linear, X.round(), y, transform=transform, recipe=RECIPE)
