"""A member's result is its own: not its neighbours', not the cut's, not the threads'."""

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
import torch
from populations import population, with_dead_member, with_diverging_member

from weightdecay.engines import lanes, loop
from weightdecay.study import Population, Trained

ENGINES = pytest.mark.parametrize("engine", [lanes, loop], ids=["lanes", "loop"])


def assert_same_bits(found: Trained, expected: Trained) -> None:
    for name, w in expected.weights.items():
        torch.testing.assert_close(found.weights[name], w, rtol=0, atol=0, equal_nan=True)
    for name in ("train_loss", "test_loss", "penalty", "diverged", "stopped"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def only(trained: Trained, members: list[int]) -> Trained:
    return Trained(
        {name: w[members] for name, w in trained.weights.items()},
        {name: b[members] for name, b in trained.buffers.items()},
        *(getattr(trained, name)[members] for name in ("train_loss", "test_loss", "penalty")),
        diverged=trained.diverged[members],
        stopped=trained.stopped[members],
    )


@pytest.fixture(scope="module")
def everyone() -> Population:
    return population("relu", "adam", seeds=7)  # 42 members: several blocks, the last not full


@ENGINES
def test_alone_or_in_company(engine: ModuleType, everyone: Population) -> None:
    together = engine.train(everyone)
    for members in ([0], [41], [5, 17, 3], list(range(20, 42))):
        assert_same_bits(engine.train(everyone.only(members)), only(together, members))


@ENGINES
def test_in_any_order(engine: ModuleType, everyone: Population) -> None:
    members = np.random.default_rng(1).permutation(42).tolist()
    assert_same_bits(engine.train(everyone.only(members)), only(engine.train(everyone), members))


@ENGINES
def test_beside_dead_and_diverging_neighbours(engine: ModuleType, everyone: Population) -> None:
    troubled = with_diverging_member(with_dead_member(everyone, 4), 6)
    others = [k for k in range(42) if k not in (4, 6)]
    found = engine.train(troubled)
    assert found.diverged[6] == 1
    assert_same_bits(only(found, others), only(engine.train(everyone), others))


@ENGINES
def test_however_often_it_is_measured(engine: ModuleType, everyone: Population) -> None:
    some = everyone.only(list(range(10)))
    often = engine.train(replace(some, record=tuple(range(11))))
    once = engine.train(replace(some, record=(0, 10)))
    for name, w in once.weights.items():
        assert torch.equal(often.weights[name], w)
    np.testing.assert_array_equal(often.train_loss[:, [0, -1]], once.train_loss)


def test_on_any_number_of_threads(everyone: Population, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = lanes.train(everyone)
    for threads in (1, 5):
        monkeypatch.setattr(lanes, "_cores", lambda threads=threads: threads)
        assert_same_bits(lanes.train(everyone), expected)


@ENGINES
def test_lambda_changes_neither_start_nor_rows(engine: ModuleType) -> None:
    """With λ = 0 written three times, the three paths are one: common random numbers."""
    this = population("tanh", "sgd", seeds=2)
    found = engine.train(replace(this, weight_decay=np.zeros(len(this))))
    for w in found.weights.values():
        first, second, third = w.view(3, -1, *w.shape[1:])
        assert torch.equal(first, second)
        assert torch.equal(first, third)


@ENGINES
def test_progress_adds_up(engine: ModuleType, everyone: Population) -> None:
    steps: list[int] = []
    engine.train(everyone, steps.append)
    assert sum(steps) == 42 * 10


def test_the_given_weights_are_left_alone(everyone: Population) -> None:
    before = {name: w.clone() for name, w in everyone.weights.items()}
    lanes.train(everyone)
    loop.train(everyone.only([0]))
    assert all(torch.equal(w, before[name]) for name, w in everyone.weights.items())
