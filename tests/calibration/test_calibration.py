"""What docs/calibration.md claims, on fewer studies with fixed seeds."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from scipy import stats

pytestmark = pytest.mark.slow

STUDIES = 200
PATH = Path(__file__).parents[2] / "benchmarks" / "calibration.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibration_benchmark", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


simulation = load()
PROBLEMS = {problem.name: problem for problem in simulation.PROBLEMS}
LAYOUTS = {layout.name: layout for layout in simulation.LAYOUTS}
NETWORKS = ["normal", "exponential", "overfitting"]
K_FOLDS = ["5-fold", "10-fold", "5-fold twice"]


def at_most(share):
    """Per cent of STUDIES that a true `share` exceeds once in a thousand."""
    return 100 * stats.binom.ppf(1 - 1e-3, STUDIES, share) / STUDIES


def at_least(share):
    return 100 * stats.binom.ppf(1e-3, STUDIES, share) / STUDIES


@cache
def folds(problem, layout, question):
    return simulation.fold_setting(PROBLEMS[problem], LAYOUTS[layout], question, STUDIES, 3)


def seeds(problem, question):
    return simulation.seed_setting(PROBLEMS[problem], 20, question, STUDIES, 3)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("problem", NETWORKS)
def test_without_any_effect_one_in_twenty_at_most(problem, layout):
    row = folds(problem, layout, "exchangeable")
    assert row["helps"] + row["hurts"] <= at_most(0.05)
    assert row["covers"] >= at_least(0.95)


@pytest.mark.parametrize("layout", K_FOLDS)
@pytest.mark.parametrize("problem", [*NETWORKS, "lognormal"])
def test_rows_cover_the_effect_as_often_as_they_say(problem, layout):
    row = folds(problem, layout, "effect")
    assert at_least(0.93) <= row["covers_own"] <= at_most(0.97)
    # A decay that helps is said to hurt in at most one study of forty.
    assert row["wrong"] <= at_most(0.025)


def test_rows_find_more_effects_than_folds():
    row = folds("exponential", "5-fold", "effect")
    assert row["helps"] > 2 * row["folds_helps"]


def test_folds_are_too_sure_where_the_start_decides():
    """All hold-outs of a seed share its start: what they agree on is that start."""
    row = folds("heteroscedastic", "10 hold-outs of 1/5", "exchangeable")
    assert row["folds_helps"] + row["folds_hurts"] > at_most(0.05)
    assert row["helps"] + row["hurts"] <= at_most(0.05)


@pytest.mark.parametrize("question", simulation.QUESTIONS)
@pytest.mark.parametrize("problem", ["normal", "lognormal"])
def test_seeds_cover_as_often_as_they_say(problem, question):
    row = seeds(problem, question)
    assert at_least(0.93) <= row["covers"] <= at_most(0.97)
    if question != "effect":
        assert row["helps"] + row["hurts"] <= at_most(0.05)


def test_needed_pairs_find_the_effect_four_times_out_of_five():
    found = simulation.seed_power(PROBLEMS["normal"], STUDIES, 1)
    assert at_least(0.75) <= found["all"] <= at_most(0.85)
    assert found["half"] < found["all"] < found["twice"]


def test_power_grows_with_seeds_and_folds_as_reckoned():
    rows = list(simulation.row_power(STUDIES, 2))
    by_seeds = [row for row in rows if row["rows"] == 100 and row["layout"] == "5-fold"]
    found, reckoned = ([row[name] for row in by_seeds] for name in ("helps", "reckoned"))
    assert found == sorted(found)
    assert reckoned == sorted(reckoned)
    for row in rows:
        assert row["helps"] == pytest.approx(row["reckoned"], abs=15)
