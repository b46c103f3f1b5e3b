"""The article's page holds the numbers of the study, at every λ."""

import numpy as np
import pytest

from weightdecay.reference.article import Demo, demo
from weightdecay.report.article import page
from weightdecay.report.page import Page, html, markdown

LAMBDAS = (0.0, 1e-3, 1e-1)
SEEDS = 6
each_lambda = pytest.mark.parametrize("place", range(len(LAMBDAS)))


@pytest.fixture(scope="module")
def found() -> Demo:
    return demo(0, SEEDS, only="meant", weight_decay=LAMBDAS)


@pytest.fixture(scope="module")
def made(found: Demo) -> Page:
    return page(found.summary, found.results, "weightdecay demo article")


def close(shown, expected):
    assert np.array(shown, dtype=float) == pytest.approx(
        np.asarray(expected), rel=1e-6, nan_ok=True
    )


def test_lambda_has_both_conventions(made: Page) -> None:
    assert made.path.values == LAMBDAS
    assert made.path.other.factor == 0.5


@each_lambda
def test_the_fit_is_the_median_of_the_living_and_its_band(found, made, place) -> None:
    results, shown = found.results, made.fit.shown
    alive = results.alive[place].to_numpy()
    points = np.searchsorted(results.x, np.array(shown.x) - 1e-6)
    fits = results.prediction[place].to_numpy().astype(float)[:, points]
    close(shown.x, results.x[points])
    close(shown.truth, results.x[points] ** 2)
    close(shown.mean[place], np.median(fits[alive], axis=0))
    close(shown.low[place], np.quantile(fits[alive], 0.1, axis=0))
    close(shown.high[place], np.quantile(fits[alive], 0.9, axis=0))
    for line, fit in zip(shown.lines, fits, strict=True):
        close(line[place], fit)
    assert shown.data_y == tuple(found.summary["data"]["y"])


@each_lambda
def test_errors_norms_curves_and_seeds_are_those_of_the_results(found, made, place) -> None:
    results = found.results
    alive = results.alive[place].to_numpy()
    mse = results.mse[place].to_numpy()
    by_role = {curve.role: curve.band for curve in made.error.curves}
    close(by_role["held_out"].estimate[place], np.median(mse[alive]))
    close(by_role["other"].estimate[place], mse[alive].mean())
    close(by_role["train"].estimate[place], np.median(results.train_mse[place].to_numpy()[alive]))
    for layer in made.norms.layers:
        norm = results.parameter_norm[place].sel(parameter=layer.name).to_numpy()[alive]
        close(layer.norm.estimate[place], np.median(norm))
        close(layer.norm.low[place], np.quantile(norm, 0.1))
        assert layer.decayed == layer.name.endswith("weight")
    share = results.weight_share[place].to_numpy().astype(float)[alive].mean(axis=0)
    close(made.norms.weights.share[place], share)
    assert sum(made.norms.weights.share[place]) == pytest.approx(1)
    for name in ("train", "test", "penalty"):
        variable = name if name == "penalty" else f"{name}_loss"
        curves = results[variable][place].to_numpy()[alive]
        close(getattr(made.training, name)[place], np.median(curves, axis=0))
    close(made.seeds.error[place], mse)
    said = [
        "dead" if dead else "flat" if flat else "alive"
        for dead, flat in zip(results.dead[place], results.flat[place], strict=True)
    ]
    assert list(made.seeds.status[place]) == said


def test_the_verdict_is_a_share_of_the_error_without_decay(found, made) -> None:
    said = found.summary["verdict"]
    assert made.verdict.label == said["label"]
    close(made.verdict.effect, said["effect"] / said["baseline"])
    close([made.verdict.low, made.verdict.high], np.array(said["interval"]) / said["baseline"])
    for words in (made.verdict.sentence.en, made.verdict.sentence.zh):
        assert "-" not in words.replace("-1", "")


def test_with_one_seed_or_without_a_study_there_is_still_a_page() -> None:
    one = demo(0, 1, only="meant", weight_decay=(0.0, 1e-3))
    thin = page(one.summary, one.results, "weightdecay demo article")
    assert thin.verdict.label == "cannot_tell"
    network = {
        "norms": {"8.bias": 1.0},
        "relative_error": float("nan"),
        "mse": 1.0,
        "train_mse": 2.0,
        "weight_norm": 3.0,
    }
    share = {"8.bias": {"applied": 1.0, "described": 0.0}}
    runs = {"without": network, "with": network, "share": share}
    published = {"seed": 25, "penalized": ["8.bias"], **runs}
    summary = {"data": one.summary["data"], "published": published, "seconds": 1.0}
    alone = page(summary, None, "weightdecay demo article --only published")
    assert alone.path is None
    assert [section.table is not None for section in alone.sections] == [True, True]
    for some in (thin, alone):
        assert Page.model_validate_json(some.model_dump_json()) == some
        assert "nan" not in markdown(some, "en").split()
        assert html(some, "zh").startswith("<!")
