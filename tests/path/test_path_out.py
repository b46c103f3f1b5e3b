"""`wd.path(out=)`: interrupted anywhere, it goes on and ends with the same bits."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from torch import nn

import weightdecay as wd
from weightdecay import engines
from weightdecay.study import _chunks

RECIPE = wd.Recipe(lr=0.05, epochs=10, batch_size=16)


def linear() -> nn.Module:
    return nn.Linear(25, 1)


def found(out: Path | None, **changes) -> wd.Path:
    """Pilot, path and, since decay helps here ever more, its extensions."""
    draw = np.random.default_rng(0)
    X = draw.normal(size=(40, 25))
    how = {"recipe": RECIPE, "seeds": 2, "folds": 3, **changes}
    return wd.path(linear, X, draw.normal(size=40), out=out, **how)


@pytest.fixture(scope="module")
def expected() -> wd.Path:
    return found(None)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chunks, "MOST_MEMBERS", 64)


class Interruption:
    """Ctrl-C after so many trainings."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        self.done = 0
        real = engines.train_by

        def train_by(*given):
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            self.done += 1
            return real(*given)

        monkeypatch.setattr(engines, "train_by", train_by)


def assert_same(one: wd.Path, other: wd.Path) -> None:
    xr.testing.assert_identical(one.results, other.results)
    assert one.verdict == other.verdict


def test_with_a_folder_or_without(tmp_path: Path, expected: wd.Path) -> None:
    assert_same(found(tmp_path / "run"), expected)
    assert_same(found(tmp_path / "run"), expected)


@pytest.mark.parametrize("after", [1, 3, 10])
def test_interrupted_again_and_again(
    tmp_path: Path, expected: wd.Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    interruption = Interruption(monkeypatch)
    tries = 0
    while True:
        tries += 1
        interruption.left = after
        try:
            last = found(tmp_path / "run")
        except KeyboardInterrupt:
            continue
        break
    assert_same(last, expected)
    chunks = len(list((tmp_path / "run" / "chunks").iterdir()))
    assert interruption.done == chunks  # none twice
    assert tries == -(-chunks // after)


def test_another_call_is_refused_and_force_begins_anew(tmp_path: Path) -> None:
    first = found(tmp_path / "run")
    with pytest.raises(wd.InputError, match=r"differs in recipe.*--force"):
        found(tmp_path / "run", recipe=wd.Recipe(lr=0.04, epochs=10, batch_size=16))
    with pytest.raises(wd.InputError, match=r"differs in .*decay"):
        found(tmp_path / "run", decay=wd.Decay(on="step"))
    found(tmp_path / "run", decay=wd.Decay(on="step"), force=True)
    assert (tmp_path / "run" / "replaced-1" / "manifest.json").exists()
    assert_same(found(tmp_path / "again"), first)
