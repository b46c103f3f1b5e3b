"""What docs/calibration.md claims, on fewer studies with fixed seeds."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from scipy import stats

pytestmark = pytest.mark.slow

STUDIES = 300
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
TAME = ["normal", "exponential", "linear"]


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
@pytest.mark.parametrize("problem", ["normal"])
def test_folds_without_any_effect_one_in_twenty_at_most(problem, layout):
    row = folds(problem, layout, "exchangeable")
    assert row["helps"] + row["hurts"] <= at_most(0.05)


@pytest.mark.parametrize("question", ["crossing", "effect"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("problem", TAME)
def test_folds_cover_the_effect_over_data_sets(problem, layout, question):
    row = folds(problem, layout, question)
    assert row["covers"] >= at_least(0.95)
    # A λ that helps on average is said to hurt in at most one study of forty.
    assert row["hurts"] <= at_most(0.025)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("problem", [*TAME, "lognormal"])
def test_folds_cover_the_effect_on_the_studys_own_rows(problem, layout):
    assert folds(problem, layout, "effect")["covers_own"] >= at_least(0.93)


def test_the_correction_is_needed_where_one_row_may_upset_training():
    row = folds("lognormal", "5-fold", "crossing")
    assert row["plain_helps"] + row["plain_hurts"] > at_most(0.05)
    assert row["covers"] > row["plain_covers"]


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
