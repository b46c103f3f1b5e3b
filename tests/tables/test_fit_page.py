"""The page of a fit holds the numbers of its path and of its networks, at every λ."""

from dataclasses import replace

import numpy as np
import pytest

from weightdecay.report.page import Page, markdown
from weightdecay.report.tables import page
from weightdecay.sklearn._network import as_arrays, outputs
from weightdecay.tables import Options, Source
from weightdecay.tables._decays import KINDS
from weightdecay.tables._dependence import features_of
from weightdecay.tables._fit import fit
from weightdecay.tables._losses import mean_of_seeds, probabilities
from weightdecay.tables._scaling import as_numbers, scaling
from weightdecay.tables._search import ACTIVATION, plan_of, searched
from weightdecay.tables._shown import shown
from weightdecay.tables._table import table_of

from .conftest import TINY, made

LAMBDAS = (0, 6, 13)
each_lambda = pytest.mark.parametrize("place", LAMBDAS)
both = pytest.mark.parametrize("kind", ["regression", "classification"])


@pytest.fixture
def drawn(request):
    """From the name of a fit to what was found and its page."""

    def draw(kind):
        _, found = request.getfixturevalue(kind)
        unit = found.model.target.scale**2
        picks = found.path.picks
        made = page(
            found.summary, found.path.results, found.shown, picks, unit, "weightdecay fit t"
        )
        return found, made, unit

    return draw


@both
@each_lambda
def test_panels_over_lambda_are_those_of_the_path(drawn, kind, place):
    found, made, unit = drawn(kind)
    results = found.path.results
    rooted = np.sqrt if kind == "regression" else np.asarray
    held_out, train = made.error.curves
    errors = results.error[place].to_numpy() * unit
    assert held_out.band.estimate[place] == pytest.approx(rooted(errors.mean()), rel=1e-6)
    losses = results.train_loss[place, :, :, -1].to_numpy() * unit
    assert train.band.estimate[place] == pytest.approx(rooted(losses.mean()), rel=1e-6)
    assert made.seeds.error[place] == pytest.approx(rooted(errors.mean(axis=1)), rel=1e-6)
    for layer in made.norms.layers:
        norm = results.weight_norm[place].sel(parameter=layer.name).to_numpy()
        assert layer.norm.estimate[place] == pytest.approx(np.median(norm), rel=1e-6)
    share = results.weight_share[place].to_numpy().astype(float).mean(axis=(0, 1))
    assert made.norms.weights.share[place] == pytest.approx(share, rel=1e-6)
    for name in ("train_loss", "test_loss", "penalty"):
        curves = results[name][place].to_numpy().reshape(-1, results.sizes["epoch"]) * unit
        ours = getattr(made.training, name.removesuffix("_loss"))[place]
        assert ours == pytest.approx(np.median(curves, axis=0), rel=1e-6)
    assert made.path.values[made.path.chosen] == found.summary["choice"]
    assert made.path.minimum == made.path.chosen


def test_what_judges_is_what_is_drawn(drawn):
    """Of the rows drawn, all of them here, the error is what the networks have together."""
    found, made, _ = drawn("regression")
    rows, target = found.shown, found.model.target
    assert sorted(rows.rows.tolist()) == list(range(60))
    panel = made.fit.shown
    assert panel.observed == pytest.approx(rows.observed, rel=1e-6)
    assert made.thinned == () or len(made.thinned) == 1
    residual = np.array(panel.predicted[0]) - np.array(panel.observed)
    without = found.summary["scores"]["without_decay"]["rmse"]
    assert np.sqrt(np.mean(residual**2)) == pytest.approx(without, rel=1e-4)
    assert target.task == "regression"


def test_classes_are_counted_as_the_scores_count_them(drawn):
    found, made, _ = drawn("classification")
    counts = np.array(made.fit.shown.counts)
    assert (counts.sum(axis=(1, 2)) == 60).all()
    right = np.trace(counts[0]) / 60
    assert right == pytest.approx(found.summary["scores"]["without_decay"]["accuracy"])


@pytest.mark.parametrize("target", ["y", "kind"])
@each_lambda
def test_dependence_is_the_mean_with_one_column_put_to_a_value(target, place):
    """Against a plain loop over networks, folds, rows and values."""
    frame = made().drop(columns=[{"y": "kind", "kind": "y"}[target]])
    options = Options(target=target, **TINY)
    table = table_of(Source("t", "t.csv", frame), options)
    plan = plan_of(table, options)
    found, trained = searched(table, plan, KINDS["l2"], options)
    count = len(found.weight_decay)
    seen = shown(table, plan, trained, count, 3)
    networks, folds, seeds = as_arrays(trained), len(plan.folds), options.seeds
    by_name = {column.name: place for place, column in enumerate(table.layout.columns)}
    for one in seen.dependence:
        column = by_name[one.column]
        named = table.layout.columns[column]
        where = features_of(table.layout, column)
        assert [table.layout.names[w].startswith(one.column) for w in where] == [True] * len(where)
        if named.kind == "date":
            continue  # waves: what they are is tested where features are made
        for g, value in enumerate(one.at):
            for seed in range(seeds):
                means = []
                for fold, (train, test) in enumerate(plan.judging):
                    x = table.x[test].copy()
                    if named.kind == "number":
                        x[:, where] = [value, *[0] * (len(where) - 1)]
                    else:
                        x[:, where] = [float(level == value) for level in named.levels] + [0] * (
                            len(where) - len(named.levels)
                        )
                    fitted = scaling(table.layout.numbers).fit(table.x[train])
                    scaled = as_numbers(fitted, table.layout.numbers, table.x.shape[1])(x)
                    network = networks[(place * seeds + seed) * folds + fold]
                    out = outputs([network], ACTIVATION, scaled)
                    if target == "y":
                        each = out[0, :, 0] * table.target.scale + table.target.mean
                    else:
                        each = probabilities(table.target.task, out)[0, :, one.of]
                    means.append(each.mean())
                assert one.each[place, seed, g] == pytest.approx(np.mean(means), rel=1e-6)
    assert 0 < len(seen.dependence) <= 3


def test_a_large_table_is_thinned_and_says_so(monkeypatch):
    monkeypatch.setattr("weightdecay.tables._search.LARGE", 50)
    monkeypatch.setattr("weightdecay.tables._shown.DRAWN", 5)
    source = Source("t", "t.csv", made().drop(columns=["kind"]))
    found = fit(source, replace(Options(target="y", **TINY), folds=None))
    assert (len(found.shown.rows), found.shown.judged) == (5, 12)
    drawn = page(found.summary, found.path.results, found.shown, (1, 2), 1.0, "c")
    assert "5" in drawn.thinned[0].en
    assert "12" in drawn.thinned[0].en
    assert "fold" not in drawn.seeds.about.en


def test_networks_that_diverged_leave_gaps():
    source = Source("t", "t.csv", made().drop(columns=["kind"]))
    options = Options(target="y", **TINY)
    table = table_of(source, options)
    plan = plan_of(table, options)
    found, trained = searched(table, plan, KINDS["l2"], options)
    trained.diverged[0] = 1  # λ = 0, seed 0, fold 0
    seen = shown(table, plan, trained, len(found.weight_decay), 3)
    mine = np.isin(seen.rows, plan.judging[0][1])
    assert np.isnan(seen.predicted[0, mine]).all()
    assert np.isfinite(seen.predicted[0, ~mine]).all()
    assert np.isfinite(seen.predicted[1:]).all()
    assert all(np.isnan(one.each[0, 0]).all() for one in seen.dependence)
    assert mean_of_seeds("regression", np.ones((2, 3, 1))).shape == (3,)


@both
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_comes_back_from_its_json_and_has_a_twin(drawn, kind, language):
    _, made, _ = drawn(kind)
    assert Page.model_validate_json(made.model_dump_json()) == made
    said = markdown(made, language, {"path": "figures/path.png"})
    assert "](figures/path.png)" in said
    assert "nan" not in said.split()
