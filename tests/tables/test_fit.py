"""A fit from end to end, with the fewest settings."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import RidgeCV

from weightdecay.errors import InputError
from weightdecay.tables import Options, Source, fit
from weightdecay.tables._baseline import ALPHAS, baseline
from weightdecay.tables._decays import KINDS
from weightdecay.tables._losses import row_losses
from weightdecay.tables._options import recipe_for
from weightdecay.tables._search import judged, plan_of, search
from weightdecay.tables._table import table_of

from .conftest import TINY, made

OPTIONS = Options(target="y", **TINY)


@pytest.fixture(scope="module")
def parts():
    """A table, how it is cut, and its path."""
    source = Source("t", "t.csv", made().drop(columns=["kind"]))
    table = table_of(source, OPTIONS)
    plan = plan_of(table, OPTIONS)
    return table, plan, search(table, plan, KINDS["l2"], OPTIONS)


def test_what_judges_is_what_the_path_has_measured(parts):
    table, plan, found = parts
    choice = judged(table, plan, found)
    rows = found.results.row_error.to_numpy()
    assert choice.loss[0] == pytest.approx(rows[0], rel=1e-4)
    assert np.array_equal(choice.rows, found.results.tested_unit.to_numpy())
    theirs = found.verdict
    assert choice.verdict.label == theirs.label
    assert choice.verdict.effect == pytest.approx(theirs.effect, rel=1e-3)
    assert choice.verdict.pairs == theirs.pairs == len(table.x)


def test_no_row_that_judges_has_trained(parts):
    _, plan, _ = parts
    for train, test in plan.judging:
        assert not set(train) & set(test)
    assert sorted(np.concatenate([test for _, test in plan.judging])) == list(range(60))


def test_rows_that_judge_change_nothing_of_what_is_fitted(parts):
    """Medians, means and scales of a fold come from its training rows: no leak."""
    table, plan, found = parts
    _, test = plan.judging[0]
    x = table.x.copy()
    x[test[0], 0] = 1e6
    other = replace(table, x=x)
    before, after = (judged(t, plan, found).loss for t in (table, other))
    mine = len(test)
    assert before[:, :, 1:mine] == pytest.approx(after[:, :, 1:mine])
    assert not np.allclose(before[:, :, 0], after[:, :, 0])


def test_groups_stay_together():
    source = Source("t", "t.csv", made())
    options = replace(OPTIONS, group="patient", drop=("kind",))
    table = table_of(source, options)
    for train, test in plan_of(table, options).judging:
        assert not set(table.groups[train]) & set(table.groups[test])
    assert "patient" not in table.layout.names


@pytest.mark.parametrize("groups", [3, 4, 7])
@pytest.mark.parametrize("target", ["y", "kind"])
def test_few_groups_are_enough(groups, target):
    other = {"y": "kind", "kind": "y"}[target]
    frame = made().assign(patient=np.arange(60) % groups).drop(columns=[other])
    options = Options(target=target, group="patient", seeds=1, hidden=(2,), epochs=1)
    found = fit(Source("t", "t", frame), options).summary
    assert found["groups"] == groups
    assert found["evaluation"]["folds"] == min(groups, 5)
    assert found["verdict"]["unit"] == "group"


def test_two_groups_are_too_few():
    source = Source("t", "t", made().assign(patient=np.arange(60) % 2))
    with pytest.raises(InputError, match="patient: 2 groups are too few"):
        fit(source, replace(OPTIONS, group="patient"))


def test_a_rare_class_of_a_large_table_is_left_to_chance(monkeypatch):
    monkeypatch.setattr("weightdecay.tables._search.LARGE", 50)
    frame = made().drop(columns=["y"])
    frame.loc[[3, 40], "kind"] = "rare"
    options = Options(target="kind", seeds=1, hidden=(2,), epochs=1)
    assert fit(Source("t", "t", frame), options).summary["classes"] == ["=1+1", "no", "rare"]


def test_a_large_table_is_judged_on_rows_that_neither_train_nor_choose(monkeypatch):
    monkeypatch.setattr("weightdecay.tables._search.LARGE", 50)
    source = Source("t", "t.csv", made().drop(columns=["kind"]))
    options = replace(OPTIONS, folds=None)
    table = table_of(source, options)
    plan = plan_of(table, options)
    ((train, choosing),), ((again, test),) = plan.folds, plan.judging
    assert np.array_equal(train, again)
    assert sorted([*train, *choosing, *test]) == list(range(60))
    found = fit(source, options).summary
    assert found["evaluation"] == {"nested": False, "folds": 1, "rows_judged": 12}
    assert found["verdict"]["pairs"] == 12


def test_a_large_table_is_judged_at_the_choice_that_is_reported(monkeypatch):
    """By "1se" the largest λ within a standard error over seeds, not the best."""
    monkeypatch.setattr("weightdecay.tables._search.LARGE", 50)
    options = replace(OPTIONS, folds=None, seeds=3, rule="1se")
    table = table_of(Source("t", "t.csv", made().drop(columns=["kind"])), options)
    plan = plan_of(table, options)
    found = search(table, plan, KINDS["l2"], options)
    best, largest = found.picks
    assert 0 < best < largest
    assert judged(table, plan, found).chosen == (found.choice,)


@pytest.mark.parametrize("kind", ["regression", "classification"])
def test_the_summary_is_plain_and_consistent(request, kind):
    _, found = request.getfixturevalue(kind)
    summary = found.summary
    assert json.loads(json.dumps(summary)) == summary
    assert summary["rows"] == 60
    assert summary["columns"]["number"] == ['size, "in" cm', "income", "patient"]
    assert summary["columns"]["category"] == ["colour"]
    assert summary["columns"]["date"] == ["when"]
    assert summary["dropped"] == [{"name": "id", "reason": "distinct"}]
    assert summary["choice"] in [row["weight_decay"] for row in summary["path"]]
    assert len(found.model.networks) == 2
    assert all(value > 0 for value in summary["chosen_in_folds"])


def test_errors_are_in_the_unit_of_the_target(regression):
    """In other units of the target everything is multiplied, and the verdicts are the same."""
    _, found = regression
    frame = made().drop(columns=["kind"])
    other = fit(Source("t", "t", frame.assign(y=frame["y"] * 1000)), OPTIONS).summary
    first, second = found.summary["scores"]["with_decay"], other["scores"]["with_decay"]
    assert second["rmse"] == pytest.approx(1000 * first["rmse"], rel=1e-3)
    assert second["r2"] == pytest.approx(first["r2"], abs=1e-3)
    assert other["verdict"]["label"] == found.summary["verdict"]["label"]


def test_the_linear_rival_of_a_regression_is_ridge():
    rng = np.random.default_rng(0)
    x, y, new = rng.normal(size=(40, 3)), rng.normal(size=40), rng.normal(size=(5, 3))
    theirs = RidgeCV(alphas=ALPHAS).fit(x, y).predict(new)
    assert baseline("regression", x, y, 0, new) == pytest.approx(theirs)


def test_the_linear_rival_learns_classes_and_knows_those_that_a_fold_lacks():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 2))
    y = np.where(x[:, 0] > 0, 2, 0)  # class 1 is not there
    found = baseline("multiclass", x, y, 3, x)
    assert found.sum(axis=1) == pytest.approx(np.ones(200))
    assert (found.argmax(axis=1) == y).mean() > 0.97
    assert (found[:, 1] < 1e-6).all()


@pytest.mark.parametrize("rows", [10, 150, 1_000, 5_000, 20_000, 100_000, 1_000_000])
def test_the_recipe_fits_the_number_of_rows(rows):
    recipe = recipe_for(rows, Options())
    steps = recipe.epochs * -(-rows // recipe.batch_size)
    assert steps <= max(640, 8 * rows / 512 + 8)
    assert recipe_for(rows, Options(epochs=3, batch_size=7, lr=0.1)).batch_size == 7


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"target": None}, "--target is missing"),
        ({"target": "z"}, "--target: t has no column z; there are: size"),
        ({"drop": ("z",)}, "--drop: t has no column z"),
        ({"group": "z"}, "--group: t has no column z"),
        ({"drop": ("y",)}, "--target: y is the target"),
        ({"group": "y"}, "--target: y is the target"),
    ],
)
def test_refuses_columns_that_are_not_there(options, said):
    source = Source("t", "t", made())
    with pytest.raises(InputError, match=f"^{said}"):
        fit(source, replace(OPTIONS, **options))


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"y": [1.5, 2.5], "x": [1, 2]}), "2 rows have a target, and 10"),
        (pd.DataFrame({"y": [1.5, 2.5] + [None] * 20, "x": range(22)}), "2 rows have a target"),
        (pd.DataFrame({"y": [None] * 20, "x": range(20)}), "no row has a value"),
        (pd.DataFrame({"y": np.arange(20) / 7}), "no column is left"),
        (pd.DataFrame({"y": np.arange(20) / 7, "x": 1}), "no column is left"),
    ],
)
def test_refuses_tables_without_anything_to_learn(frame, said):
    with pytest.raises(InputError, match=said):
        fit(Source("t", "t", frame), OPTIONS)


def test_losses_of_the_judged_are_of_their_outputs(parts):
    table, plan, found = parts
    choice = judged(table, plan, found)
    again = row_losses("regression", choice.output, table.y[choice.rows])
    assert np.array_equal(choice.loss, again)
