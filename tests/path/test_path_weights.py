"""Sample weights in training and in judging."""

import numpy as np
import pytest
import torch
from sklearn.metrics import make_scorer, mean_absolute_error, r2_score
from torch import nn

import weightdecay as wd

FULL = wd.Recipe(lr=0.05, epochs=20, batch_size=1000, shuffle=False)
OPTIONS = {"recipe": FULL, "weight_decay": [0.1], "seeds": 2, "random_state": 1}


def linear() -> nn.Module:
    return nn.Linear(3, 1)


def table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(0)
    X = draw.normal(size=(30, 3))
    return X, X[:, 0] + draw.normal(size=30), draw.integers(1, 4, size=30)


def folds_of(rows: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    everyone = np.concatenate(rows)
    return [(np.setdiff1d(everyone, mine), mine) for mine in rows]


def test_whole_weights_are_repeated_rows() -> None:
    X, y, weight = table()
    folds = folds_of(np.array_split(np.arange(30), 3))
    again = np.repeat(np.arange(30), weight)
    repeated = [tuple(np.flatnonzero(np.isin(again, side)) for side in sides) for sides in folds]
    options = {**OPTIONS, "inner_folds": 2}
    found = wd.path(linear, X, y, folds=folds, sample_weight=weight, **options)
    # A row that is there twice is one draw.
    expected = wd.path(linear, X[again], y[again], folds=repeated, groups=again, **options)
    np.testing.assert_allclose(found.errors, expected.errors, rtol=1e-4)
    torch.testing.assert_close(found.refit(0.1).weight, expected.refit(0.1).weight)
    assert found.verdict.baseline == pytest.approx(expected.verdict.baseline, rel=1e-4)
    assert found.verdict.effect == pytest.approx(expected.verdict.effect, rel=1e-3)
    assert found.verdict.pairs == expected.verdict.pairs == 30


def test_only_their_ratios_matter() -> None:
    X, y, weight = table()
    one = wd.path(linear, X, y, sample_weight=weight, **OPTIONS)
    other = wd.path(linear, X, y, sample_weight=8 * weight, **OPTIONS)
    np.testing.assert_allclose(one.errors, other.errors, rtol=1e-6)


def test_a_scorer_gets_the_weights_of_its_rows() -> None:
    X, y, weight = table()
    weight = weight.astype(float)
    rows = np.arange(30)
    folds = [(rows[:20], rows[20:])]
    for name, scorer, score in (
        ("r2", make_scorer(r2_score), r2_score),
        ("neg_mean_absolute_error", None, lambda *a, **k: -mean_absolute_error(*a, **k)),
    ):
        found = wd.path(linear, X, y, folds=folds, metric=name, sample_weight=weight, **OPTIONS)
        plain = wd.path(linear, X, y, folds=folds, metric=name, **OPTIONS)
        assert not np.allclose(found.errors, plain.errors)
        x = torch.tensor(X[20:], dtype=torch.float32)
        at = found.weight_decay.index(0.1)
        _, trained = wd.run(found.study)
        member = at * found.study.shape[1] + 1
        predicted = wd.predict(found.study.template(), trained, x)[member].numpy()
        expected = -score(y[20:], predicted, sample_weight=weight[20:])
        assert found.errors[at, 1, 0] == pytest.approx(expected, rel=1e-5)
        if scorer is not None:
            same = wd.path(
                linear, X, y, folds=folds, metric=scorer, sample_weight=weight, **OPTIONS
            )
            np.testing.assert_array_equal(same.errors, found.errors)


def test_rows_of_weight_0_are_no_draws() -> None:
    X, y, weight = table()
    folds = folds_of(np.array_split(np.arange(30), 3))
    options = {**OPTIONS, "folds": folds, "inner_folds": 2}
    weight[::2] = 0
    found = wd.path(linear, X, y, sample_weight=weight, **options)
    assert found.verdict.pairs == 15


def test_a_verdict_with_weights_is_that_of_what_was_saved(tmp_path) -> None:
    X, y, weight = table()
    options = {**OPTIONS, "folds": 3, "inner_folds": 2, "sample_weight": weight}
    found = wd.path(linear, X, y, **options)
    found.save(tmp_path / "path")
    assert wd.Path.load(tmp_path / "path").verdict == found.verdict
    pair = wd.compare(linear, X, y, decays={"l2": wd.Decay()}, **options).pairs[0].verdict
    assert pair == found.verdict
    recipe = options.pop("recipe")
    tried = wd.grid(linear, X, y, lr=[recipe.lr], recipe=recipe, **options)
    assert tried.verdict == found.verdict


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (np.ones(29), r"sample_weight: its shape is \[29\], not \[30\]"),
        (["a"] * 30, "sample_weight: it holds no numbers"),
        (-np.ones(30), "sample_weight: -1.0 in row 0"),
        (np.full(30, np.inf), "sample_weight: inf in row 0"),
        (np.r_[np.zeros(29), 1.0], "sample_weight: all (training|judging) rows of fold . have 0"),
    ],
)
def test_weights_that_will_not_do_are_named(weight, message) -> None:
    X, y, _ = table()
    with pytest.raises(wd.InputError, match=message):
        wd.path(linear, X, y, sample_weight=weight, **OPTIONS)


def test_a_loss_that_is_no_mean_over_rows_takes_no_weights() -> None:
    X, y, weight = table()

    def of_all(output, target):
        return (output - target).square().sum().sqrt()

    with pytest.raises(wd.InputError, match="sample_weight: the loss is no mean over rows"):
        wd.path(linear, X, y, loss=of_all, sample_weight=weight, **OPTIONS)
