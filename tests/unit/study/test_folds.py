"""Folds as users of scikit-learn give them."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.model_selection import (
    BaseCrossValidator,
    GroupKFold,
    KFold,
    StratifiedKFold,
    TimeSeriesSplit,
)
from torch import Tensor

import weightdecay as wd
from weightdecay.study import group_names, splits

N = 12
Y = torch.randn(N, generator=torch.Generator().manual_seed(0))
GROUPS = np.arange(N) // 2


def as_lists(folds: tuple[tuple[Tensor, Tensor], ...]) -> list[list[list[int]]]:
    return [[side.tolist() for side in pair] for pair in folds]


def mask(rows: np.ndarray) -> np.ndarray:
    return np.isin(np.arange(N), rows)


@pytest.mark.parametrize("dress", [mask, lambda a: pd.Series(mask(a)), list, torch.from_numpy])
@pytest.mark.parametrize("splitter", [KFold(3), TimeSeriesSplit(3)])
def test_masks_are_the_rows_where_they_hold(splitter: Any, dress: Any) -> None:
    pairs = list(splitter.split(np.zeros(N)))
    given = [(dress(train), dress(test)) for train, test in pairs]
    expected = [[train.tolist(), test.tolist()] for train, test in pairs]
    assert as_lists(splits(given, Y)) == expected == as_lists(splits(splitter, Y))


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (([True] * 5, [False] * 5), r"a mask has the shape \[5\], not \[12\]"),
        (([0, 1.7], [2]), "holds float64"),
        ((["0"], [2]), "holds <U1"),
        (([0], [[1, 2]]), r"of the shape \[1, 2\]"),
        (([0, 1],), "not enough values"),
        (([0, 1], [[2], [3, 4]]), "inhomogeneous"),
        (3, "no list of pairs"),
        (([0], []), "no row to judge on"),
        (([0], [False] * N), "no row to judge on"),
    ],
)
def test_what_is_neither_rows_nor_mask_is_refused(pair: Any, said: str) -> None:
    with pytest.raises(wd.InputError, match=said) as error:
        splits([pair], Y, option="cv")
    assert str(error.value).startswith("cv: ")
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("numpys", "own"), [(np.int64(3), 3), (np.uint8(3), 3), (np.float32(0.25), 0.25)]
)
@pytest.mark.parametrize("groups", [None, GROUPS])
def test_numbers_of_numpy_are_numbers(numpys: Any, own: Any, groups: Any) -> None:
    assert as_lists(splits(numpys, Y, groups=groups)) == as_lists(splits(own, Y, groups=groups))


@pytest.mark.parametrize(
    "folds", [True, np.True_, np.int64(1), np.float32(1.5), np.nan, "5", None, torch.tensor(3)]
)
def test_no_number_of_folds_is_refused_in_a_line(folds: Any) -> None:
    with pytest.raises(wd.InputError, match=r"^folds: ") as error:
        splits(folds, Y)
    assert len(str(error.value).splitlines()) == 1


class Binned(BaseCrossValidator):
    """Folds of alike y, above and below a limit of X."""

    def get_n_splits(self, *given: Any) -> int:
        return 2

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Any:
        assert len(X) == len(y) == N
        level = np.digitize(y, np.quantile(y, [0.5]))
        yield from StratifiedKFold(2).split(X, level)
        above = np.asarray(X)[:, 0] > 0
        yield np.flatnonzero(above), np.flatnonzero(~above)


@pytest.mark.parametrize("dress", [torch.from_numpy, np.asarray, pd.DataFrame])
@pytest.mark.parametrize("shape", [(N,), (N, 1)])
def test_a_splitter_is_given_the_rows(dress: Any, shape: tuple[int, ...]) -> None:
    X = np.random.default_rng(0).normal(size=(N, 1)).astype(np.float32)
    y = Y.reshape(shape)
    found = wd.path(
        lambda: torch.nn.Linear(1, 1),
        dress(X),
        y,
        recipe=wd.Recipe(epochs=1),
        weight_decay=[0.1],
        seeds=1,
        folds=Binned(),
        inner_folds=2,
    )
    cut = as_lists(found.study.problem.splits)
    assert cut == [[a.tolist(), b.tolist()] for a, b in Binned().split(X, Y.numpy())]


def test_a_splitter_is_given_classes_or_several_targets() -> None:
    classes = torch.arange(N) % 2
    given = as_lists(splits(StratifiedKFold(3), classes, classes=True))
    assert {sum(int(classes[row]) for row in test) for _, test in given} == {2}
    seen = []

    class Sees(KFold):
        def split(self, X: Any, y: Any = None, groups: Any = None) -> Any:
            seen.append(y.shape)
            return super().split(X, y, groups)

    splits(Sees(3), torch.zeros(N, 2))
    splits(Sees(3), torch.zeros(N, 1, dtype=torch.bfloat16))
    assert seen == [(N, 2), (N,)]


@pytest.mark.parametrize("folds", [3, 0.25, GroupKFold(3), [(range(6), range(6, N))]])
@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (GROUPS[:9], r"\[9\], not \[12\]"),
        (np.arange(20), r"\[20\], not \[12\]"),
        (np.zeros((N, 2)), r"\[12, 2\], not \[12\]"),
        ([None, *"abcdefghijk"], "cannot be sorted"),
        ([[1], [2, 3]], "inhomogeneous"),
    ],
)
def test_groups_that_are_none_are_refused(folds: Any, groups: Any, said: str) -> None:
    with pytest.raises(wd.InputError, match=rf"^groups: .*{said}"):
        wd.path(torch.nn.Linear(1, 1), Y[:, None], Y, folds=folds, groups=groups)


@pytest.mark.parametrize(
    "groups", [GROUPS[:, None], torch.from_numpy(GROUPS), [f"g{g}" for g in GROUPS]]
)
def test_groups_in_any_dress_are_the_same(groups: Any) -> None:
    assert as_lists(splits(3, Y, groups=groups)) == as_lists(splits(3, Y, groups=GROUPS))
    assert group_names(groups, N).shape == (N,)


@pytest.mark.parametrize("groups", [None, GROUPS])
def test_a_row_that_is_not_there_is_named(groups: Any) -> None:
    folds = [(range(6), range(6, 12)), (range(6, 13), range(6))]
    with pytest.raises(wd.InputError, match="fold 1 has row 12 of 12"):
        wd.path(torch.nn.Linear(1, 1), Y[:, None], Y, folds=folds, groups=groups)


@pytest.mark.parametrize(
    ("search", "several"),
    [
        ("grid", {"lr": [0.01, 0.1]}),
        ("compare", {"decays": {"L2": wd.Decay(), "AdamW": wd.presets.adamw()}}),
    ],
)
def test_a_generator_of_folds_lasts_for_several_paths(search: str, several: Any) -> None:
    how = {"inner_folds": 2, "weight_decay": [0.1], "recipe": wd.Recipe(epochs=1), "seeds": 1}

    def found(folds: Any) -> Any:
        net = torch.nn.Linear(1, 1)
        return getattr(wd, search)(net, Y[:, None], Y, folds=folds, **how, **several)

    assert [path.errors.shape for path in found(KFold(3).split(Y)).paths] == [(2, 1, 3)] * 2
    with pytest.raises(wd.InputError, match=r"^folds: .*n_splits=30"):
        found(KFold(30).split(Y))
