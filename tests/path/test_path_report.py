"""A path's page: the numbers of its results, the fit where it is a curve, a file and a notebook."""

from dataclasses import replace
from pathlib import Path as File

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn

import weightdecay as wd
from weightdecay.report.page import Page

LAMBDAS = (0.0, 0.01, 1.0)
each_lambda = pytest.mark.parametrize("place", range(len(LAMBDAS)))
RECIPE = wd.Recipe(lr=0.02, epochs=20, batch_size=12)


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))


@pytest.fixture(scope="module")
def curve() -> wd.Path:
    """A function of one variable whose truth is known; its truth's rows are in no order."""
    x, grid = torch.linspace(-1, 1, 12)[:, None], torch.linspace(1, -1, 301)[:, None]
    how = {"recipe": RECIPE, "weight_decay": LAMBDAS, "seeds": 15}
    return wd.path(network, x, x**2 + 0.1 * x.sign(), truth=(grid, grid**2), **how)


@pytest.fixture(scope="module")
def folds() -> wd.Path:
    X = torch.randn(30, 3, generator=torch.Generator().manual_seed(0))
    return wd.path(
        lambda: nn.Linear(3, 1), X, X[:, :1], weight_decay=LAMBDAS, recipe=RECIPE, seeds=2, folds=3
    )


@each_lambda
def test_the_curve_is_what_the_networks_predict(curve: wd.Path, place: int) -> None:
    shown = curve.page().fit.shown
    study = curve.study
    _, trained = wd.run(study)
    x = torch.tensor(shown.x, dtype=torch.float32)[:, None]
    fits = wd.predict(network(), trained, x)[..., 0].double().numpy().reshape(3, 15, -1)[place]
    assert shown.mean[place] == pytest.approx(np.median(fits, axis=0), abs=1e-5)
    assert shown.low[place] == pytest.approx(np.quantile(fits, 0.1, axis=0), abs=1e-5)
    kept = curve.results.prediction[place].to_numpy()
    assert shown.mean[place] == pytest.approx(np.median(kept, axis=0), rel=1e-6)
    for line, one in zip(shown.lines, kept, strict=False):
        assert line[place] == pytest.approx(one, rel=1e-6)
    assert len(shown.lines) == 12
    assert list(shown.x) == sorted(shown.x)
    assert len(shown.x) <= 120
    assert shown.truth == pytest.approx(np.square(shown.x), abs=1e-6)


@each_lambda
def test_errors_are_means_over_folds(folds: wd.Path, place: int) -> None:
    made = folds.page()
    assert made.fit is None
    held_out, train = made.error.curves
    assert held_out.band.estimate[place] == pytest.approx(folds.errors[place].mean(), rel=1e-6)
    last = folds.results.train_loss[place, :, :, -1].to_numpy()
    assert train.band.estimate[place] == pytest.approx(last.mean(), rel=1e-6)
    assert made.seeds.error[place] == pytest.approx(folds.errors[place].mean(axis=1), rel=1e-6)
    norm = folds.results.weight_norm[place].sel(parameter="weight").to_numpy()
    assert made.norms.layers[0].norm.estimate[place] == pytest.approx(np.median(norm), rel=1e-6)
    assert made.path.values[made.path.chosen] == folds.choice
    assert made.verdict.effect == pytest.approx(
        folds.verdict.effect.estimate / folds.verdict.baseline, rel=1e-6
    )


def test_no_bound_of_a_loss_is_below_0_but_of_another_measure_it_may_be(folds: wd.Path) -> None:
    uneven = folds.results.error * xr.DataArray([0.0, 0.0, 3.0], dims="fold")  # t interval: ±4.3 SE
    for metric, below in (("loss", False), ("mine", True)):
        results = folds.results.assign(error=uneven).assign_attrs(metric=metric)
        made = replace(folds, results=results).page()
        assert (min(made.error.curves[0].band.low) < 0) == below


@pytest.mark.parametrize("error", [np.nan, np.inf])
def test_where_a_run_failed_at_every_lambda_nothing_is_picked(folds: wd.Path, error) -> None:
    """An error that is too large for a number has failed as one that is none."""
    results = folds.results.copy(deep=True)
    results.error[:, 0, 0] = error
    failed = replace(folds, results=results)
    assert failed.picks == (None, None)
    with pytest.raises(wd.InputError, match="a run failed at every λ"):
        _ = failed.choice


def test_picks_are_places_of_both_rules(folds: wd.Path) -> None:
    smallest, sparest = folds.picks
    assert folds.weight_decay[smallest] == folds.choice
    assert sparest >= smallest


def test_it_survives_saving_and_needs_no_network(curve: wd.Path, tmp_path: File) -> None:
    curve.save(tmp_path / "p.safetensors")
    loaded = wd.Path.load(tmp_path / "p.safetensors")
    assert loaded.results.identical(curve.results)
    ours, theirs = curve.page(), loaded.page()
    assert theirs.setup != ours.setup
    assert theirs.model_copy(update={"setup": ours.setup}) == ours


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_document(curve: wd.Path, language: str, tmp_path: File) -> None:
    file = tmp_path / "report.html"
    document = curve.report(file, language)
    assert file.read_text(encoding="utf-8") == document
    assert getattr(curve.page().title, language) in document


def test_a_notebook_shows_it(folds: wd.Path) -> None:
    assert "<script" in folds._repr_html_()


def test_another_metric_and_classes(tmp_path: File) -> None:
    X = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
    found = wd.path(
        lambda: nn.Linear(2, 3),
        X,
        torch.arange(40) % 3,
        loss="cross_entropy",
        metric="accuracy",
        weight_decay=LAMBDAS,
        recipe=RECIPE,
        seeds=1,
        folds=2,
    )
    made = found.page()
    assert "accuracy" in made.error.measure.en
    assert len(made.error.curves) == 1
    assert "cross-entropy" in made.training.measure.en


@pytest.mark.parametrize("rate", [0.05, 50.0], ids=["some", "all"])
def test_runs_that_diverged_are_gaps(rate: float) -> None:
    x = torch.linspace(-1, 1, 12)[:, None]
    recipe = wd.Recipe(lr=rate, epochs=60, batch_size=12, optimizer="sgd")
    found = wd.path(
        network, x, x**2, truth=(x, x**2), weight_decay=(0.0, 0.1, 1e4), recipe=recipe, seeds=3
    )
    assert found.results.diverged[-1].all()
    made = found.page()
    assert Page.model_validate_json(made.model_dump_json()) == made
    assert set(made.seeds.status[-1]) == {"diverged"}
    assert set(made.fit.shown.mean[-1]) == {None}
    assert set(made.norms.weights.share[-1]) == {None}
    assert (made.path.chosen is None) == (rate > 1)
