"""The chapter's page holds the numbers of both starts, at every λ."""

import re

import numpy as np
import pytest

from weightdecay.language import LANGUAGES
from weightdecay.reference.d2l import Demo, demo
from weightdecay.report.d2l import page
from weightdecay.report.page import Page, markdown

LAMBDAS = (0.0, 1.0, 3.0)


@pytest.fixture(scope="module")
def found() -> Demo:
    return demo(2, LAMBDAS, draws=4)


@pytest.mark.parametrize("place", range(len(LAMBDAS)))
def test_errors_norms_and_seeds_are_those_of_the_results(found: Demo, place: int) -> None:
    made = page(found.summary, found.results, "weightdecay demo d2l")
    assert made.path.values == LAMBDAS
    last = found.results.isel(epoch=-1, weight_decay=place)
    normal, zero, train = (curve.band.estimate[place] for curve in made.error.curves)
    expected = last.validation_loss.sel(start="normal"), last.validation_loss.sel(start="zero")
    assert normal == pytest.approx(float(expected[0].mean()), rel=1e-6)
    assert zero == pytest.approx(float(expected[1].mean()), rel=1e-6)
    assert train == pytest.approx(float(last.train_loss.sel(start="normal").mean()), rel=1e-6)
    weight, bias = made.norms.layers
    norm = last.weight_norm.sel(start="normal", parameter="weight").to_numpy()
    assert weight.norm.estimate[place] == pytest.approx(np.median(norm), rel=1e-6)
    assert (weight.decayed, bias.decayed) == (True, False)
    share = last.weight_share.sel(start="normal").to_numpy().astype(float)
    assert made.norms.weights.share[place] == pytest.approx(share, rel=1e-6)
    by_seed = expected[0].mean("draw").to_numpy()
    assert made.seeds.error[place] == pytest.approx(by_seed, rel=1e-6)


def test_the_verdict_and_the_control_are_told(found: Demo) -> None:
    made = page(found.summary, found.results, "weightdecay demo d2l")
    said = found.summary["verdict"]["normal"]
    assert made.verdict.effect == pytest.approx(said["effect"] / said["baseline"], rel=1e-6)
    assert made.path.values[made.path.chosen] == said["weight_decay"]
    assert Page.model_validate_json(made.model_dump_json()) == made
    for language in LANGUAGES:
        sentences = [made.verdict.sentence, *made.verdict.notes]
        assert not any(re.search(r"[ \[]-\d", getattr(text, language)) for text in sentences)
        assert "nan" not in markdown(made, language).split()
