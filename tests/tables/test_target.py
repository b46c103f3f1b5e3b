"""What is taken for a number, and what for a class."""

import numpy as np
import pandas as pd
import pytest

from weightdecay.errors import InputError
from weightdecay.tables._target import target_of


def found(values, task=None):
    return target_of("y", pd.Series(values), task, "t.csv")


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (np.arange(40) / 7, "regression"),
        (list(range(40)), "regression"),
        ([0, 1] * 20, "binary"),
        ([0.5, 1.5] * 20, "binary"),
        ([True, False] * 20, "binary"),
        (["a", "b"] * 20, "binary"),
        (["a", "b", "c", "a"] * 10, "multiclass"),
        ([0, 1, 2, 3] * 10, "multiclass"),
        ([0.5, 1.5, 2.5, 3.5] * 10, "regression"),
        (["1.5", "2.5", "3.5", "4.5", "5.25"] * 8, "regression"),
    ],
)
def test_guesses(values, task):
    assert found(values).task == task


def test_an_option_goes_before_the_guess():
    assert found([0, 1, 2, 3] * 10, "regression").task == "regression"
    assert found([0.5, 1.5, 2.5, 3.5] * 10, "classification").task == "multiclass"


@pytest.mark.parametrize(
    ("values", "task", "said"),
    [
        ([3.0] * 20, None, "same value"),
        (["a"] * 20, None, "same value"),
        (["a", "b"] * 20, "regression", "holds text"),
        (list(range(200)) * 2, "classification", "200 different values are too many"),
        ([f"t{k % 150}" for k in range(300)], None, "150 different texts are too many"),
        (["a", "b"] * 10 + ["c"], None, "class c has only one row"),
    ],
)
def test_refuses(values, task, said):
    with pytest.raises(InputError, match=f"^--target: t.csv, column y: .*{said}"):
        found(values, task)


def test_classes_that_are_numbers_are_in_their_order():
    assert found([10, 9, 2] * 10).classes == ("2", "9", "10")


@pytest.mark.parametrize("mark", ["?", "-", "."])
@pytest.mark.parametrize(
    "values", [[0, 1], ["0", "1"], ["0.0", "1.0"], ["00", "01"], [0, 1, 2, 3]], ids=str
)
def test_a_mark_among_classes_that_are_numbers_is_a_missing_one(values, mark):
    cells = pd.Series([*map(str, values * 20), mark, mark])
    target = found(cells)
    assert target.classes == tuple(str(k) for k in range(len(values)))
    assert target.marks == (mark,)
    y, known = target.encode(cells)
    assert y[known].tolist() == [*range(len(values))] * 20
    assert known.tolist() == [True] * (len(cells) - 2) + [False] * 2


def test_a_word_is_a_class_and_so_is_any_mark_among_words():
    assert found([*"012" * 20, "3+", "3+"]).classes == ("0", "1", "2", "3+")
    assert found([*"+-" * 20, "?", "?"]).classes == ("+", "-", "?")


@pytest.mark.parametrize(
    ("fitted", "other"),
    [
        ([0, 1], ["0", "1"]),
        ([0, 1], ["0.0", "1.0"]),
        (["00", "01"], ["00", "01"]),
        ([0, 1], ["00", "01"]),
        ([0.5, 1.5], ["0.5", "1.50"]),
        ([False, True], ["false", "TRUE"]),
        ([False, True], [False, True]),
        (["01", "1"], ["01", "1"]),
    ],
    ids=str,
)
def test_classes_are_known_however_a_file_writes_them(fitted, other):
    target = found(fitted * 20)
    y, known = target.encode(pd.Series(other))
    assert (y.tolist(), known.all()) == ([0, 1], True)


def test_encoding_knows_gaps_and_strangers():
    target = found(["a", "b"] * 20)
    y, known = target.encode(pd.Series(["b", None, "c", "a"]))
    assert y.tolist() == [1, 0, 0, 0]
    assert known.tolist() == [True, False, False, True]


def test_a_regression_is_standardised_and_back():
    values = np.random.default_rng(0).normal(50, 9, 100)
    target = found(values)
    y, known = target.encode(pd.Series(values))
    assert known.all()
    assert (y.mean(), y.std()) == pytest.approx((0, 1), abs=1e-12)
    assert y * target.scale + target.mean == pytest.approx(values)
