"""Kinds of decay side by side."""

import json

import pytest

from weightdecay._names import DECAY_NAMES
from weightdecay.tables import KINDS, Options, Source, compare_decays

from .conftest import TINY, made


@pytest.fixture(scope="module")
def summary():
    source = Source("t", "t.csv", made().drop(columns=["kind"]))
    return compare_decays(source, ("l2", "l1"), Options(target="y", **TINY))


def test_every_pair_is_there_once(summary):
    assert json.loads(json.dumps(summary)) == summary
    assert [kind["name"] for kind in summary["kinds"]] == ["none", "l2", "l1"]
    pairs = [(pair["first"], pair["second"]) for pair in summary["pairs"]]
    assert pairs == [("none", "l2"), ("none", "l1"), ("l2", "l1")]


def test_effects_are_differences_of_the_errors(summary):
    errors = {kind["name"]: kind["error"] for kind in summary["kinds"]}
    for pair in summary["pairs"]:
        difference = errors[pair["second"]] - errors[pair["first"]]
        assert pair["effect"] == pytest.approx(difference, abs=1e-6 * errors["none"])
        assert pair["error_of_first"] == pytest.approx(errors[pair["first"]])
        low, high = pair["interval"]
        assert low < pair["effect"] < high


def test_a_kind_alone_is_what_it_is_in_company(summary):
    """Seeds, folds and rows are the same for all."""
    source = Source("t", "t.csv", made().drop(columns=["kind"]))
    alone = compare_decays(source, ("l1",), Options(target="y", **TINY))
    assert alone["kinds"] == [summary["kinds"][0], summary["kinds"][2]]


def test_every_kind_has_a_path_and_the_command_line_names_them():
    assert tuple(KINDS) == DECAY_NAMES
    for kind in KINDS.values():
        assert kind.path[0] == 0
        assert list(kind.path) == sorted(set(kind.path))
        assert kind.decay.weight_decay == 1.0


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_trains(name):
    source = Source("t", "t.csv", made().drop(columns=["kind"]))
    found = compare_decays(source, (name,), Options(target="y", **TINY))
    assert found["kinds"][1]["failed"] == 0
