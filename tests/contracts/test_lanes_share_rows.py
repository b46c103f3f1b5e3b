"""Members that meet the same rows in one order read them once, and keep them when they move."""

from dataclasses import replace

import pytest
import torch
from models import MODELS

from weightdecay.decay import Decay
from weightdecay.engines import lanes
from weightdecay.study import Population, Problem, Recipe, Stopping, Study, Trained


def population(shuffle: bool, stopping: Stopping | None, sizes: tuple[int, int]) -> Population:
    """72 members, nine blocks of float64: more seeds and folds than λs, so that blocks mix them."""
    case = MODELS["mlp"]
    rows = torch.arange(len(case.x))
    a, b = sizes
    return Study(
        problem=Problem(case.x, case.y, ((rows[:a], rows[a:]), (rows[-b:], rows[:-b]))),
        network=lambda: case.make().double(),
        recipe=Recipe(lr=0.03, epochs=24, batch_size=3, shuffle=shuffle, stopping=stopping),
        decay=Decay(),
        weight_decay=(0.0, 0.01, 0.1, 1.0),
        seeds=tuple(range(9)),
        record=5,
    ).plan()


def assert_same_bits(found: Trained, k: int, alone: Trained) -> None:
    for name, w in found.weights.items():
        assert torch.equal(w[k], alone.weights[name][0])
    for name in ("train_loss", "test_loss", "penalty", "stopped"):
        assert (getattr(found, name)[k] == getattr(alone, name)[0]).all()


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("sizes", [(10, 10), (10, 9)], ids=["alike", "unlike"])
@pytest.mark.parametrize("held", [None, 0.0, 0.3])
def test_alone_or_among_other_rows(
    monkeypatch: pytest.MonkeyPatch, shuffle: bool, sizes: tuple[int, int], held: float | None
) -> None:
    monkeypatch.setattr(lanes, "_cores", lambda: 1)  # one crew of several blocks, which close up
    stopping = None if held is None else Stopping(2, 1e-3, held)
    this = population(shuffle, stopping, sizes)
    everyone = lanes.train(this)
    if stopping:
        assert len(set(everyone.stopped)) > 5
    for k in range(0, len(this), 13):
        assert_same_bits(everyone, k, lanes.train(this.only([k])))


def test_members_of_one_order_stand_together() -> None:
    this = population(True, None, (10, 10))
    chunks = [chunk.tolist() for chunk in this.chunks(4)]
    assert sorted(k for chunk in chunks for k in chunk) == list(range(len(this)))
    assert all(len({this.order.identity(k) for k in chunk}) == 1 for chunk in chunks)


def test_without_shuffling_a_fold_is_one_order() -> None:
    this = population(False, None, (10, 10))
    assert len({this.order.identity(k) for k in range(len(this))}) == 2
    shuffled = replace(this.order, shuffle=True)
    assert len({shuffled.identity(k) for k in range(len(this))}) == 18
