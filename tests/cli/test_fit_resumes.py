"""A fit that is interrupted goes on where it was, with the same bits, and leaves nothing behind."""

import os
import sys

import numpy as np
import pandas as pd
import pytest

from weightdecay import engines
from weightdecay.cli import main

TINY = ("--epochs", "2", "--seeds", "2", "--folds", "2", "--hidden", "3")


@pytest.fixture
def asked(monkeypatch, tmp_path, capsys):
    """What a command exits with, and prints on stderr; there is a table t.csv."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "_exit", sys.exit)
    x = np.random.default_rng(0).normal(size=50)
    pd.DataFrame({"x": x, "y": 2 * x + 1}).to_csv("t.csv", index=False)

    def ask(*more):
        capsys.readouterr()
        with pytest.raises(SystemExit) as done:
            main(["fit", "t.csv", "--target", "y", "--lang", "en", *TINY, *more])
        return done.value.code, capsys.readouterr().err

    return ask


@pytest.fixture
def trained(monkeypatch):
    """How many members each training has; Ctrl-C comes before number `stop`."""
    monkeypatch.setattr("weightdecay.study._chunks.MOST_MEMBERS", 16)
    real, done = engines.train_by, Trained()

    def train_by(name, population, *how):
        if len(done) == done.stop:
            raise KeyboardInterrupt
        done.append(len(population))
        return real(name, population, *how)

    monkeypatch.setattr(engines, "train_by", train_by)
    return done


class Trained(list):
    stop = -1


def test_goes_on_with_the_same_bits(asked, trained, tmp_path):
    assert asked("--out", "whole")[0] == 0
    every = list(trained)
    assert len(every) > 3
    trained.clear()
    trained.stop = 2
    status, err = asked("--out", "run")
    assert status == 130
    assert "run/training" in err
    assert "goes on" in err
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == ["training"]
    trained.clear()
    trained.stop = -1
    status, err = asked("--out", "run")
    assert (status, err) == (0, "")
    assert trained == every[2:]
    for name in ("model.safetensors", "path.safetensors"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert not (tmp_path / "run" / "training").exists()


def test_another_fit_is_told_what_differs_and_may_begin_anew(asked, trained, tmp_path):
    trained.stop = 1
    assert asked("--out", "run")[0] == 130
    trained.stop = -1
    status, err = asked("--out", "run", "--lr", "0.1")
    assert status == 2
    assert "recipe" in err
    assert "--force" in err
    assert len(err.splitlines()) == 1
    assert (tmp_path / "run" / "training" / "chunks" / "0000.safetensors").exists()
    assert asked("--out", "run", "--lr", "0.1", "--force") == (0, "")
    assert not (tmp_path / "run" / "training").exists()


def test_an_earlier_fit_stays_whole_while_it_is_done_again(asked, trained, tmp_path):
    assert asked("--out", "run")[0] == 0
    before = (tmp_path / "run" / "model.safetensors").read_bytes()
    trained.clear()
    trained.stop = 1
    assert asked("--out", "run", "--lr", "0.1")[0] == 130
    assert (tmp_path / "run" / "model.safetensors").read_bytes() == before
    trained.stop = -1
    assert asked("--out", "run", "--lr", "0.1")[0] == 0
    assert (tmp_path / "run" / "model.safetensors").read_bytes() != before


def test_what_cannot_be_fitted_leaves_nothing(asked, monkeypatch, tmp_path):
    status, _ = asked("--out", "run", "--lr", "1e30")
    assert status == 2
    assert not (tmp_path / "run").exists()
