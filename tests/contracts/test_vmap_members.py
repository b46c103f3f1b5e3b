"""The vmap engine: a member's result is its own, whatever the stack; refusals name the module."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from models import MODELS
from numpy.typing import NDArray
from test_stopping_equals_loop import by_folds
from test_vmap_equals_loop import OPTIMIZERS, assert_engines_agree, assert_same, population
from torch import Tensor, nn

from weightdecay import engines
from weightdecay.decay import Decay
from weightdecay.engines import _memory, vmap
from weightdecay.engines._stack import Stack
from weightdecay.study import Population, Stopping, Trained


def only(trained: Trained, members: list[int]) -> Trained:
    return Trained(
        {name: w[members] for name, w in trained.weights.items()},
        {name: b[members] for name, b in trained.buffers.items()},
        *(getattr(trained, name)[members] for name in ("train_loss", "test_loss", "penalty")),
        diverged=trained.diverged[members],
        stopped=trained.stopped[members],
    )


def many(model: str, seeds: int) -> Population:
    return population(model, OPTIMIZERS["momentum"], Decay(), seeds)


@pytest.mark.parametrize("model", MODELS)
def test_alone_among_3_or_among_300(model: str) -> None:
    everyone = many(model, 75)
    found = vmap.train(everyone)
    for members in ([150], [3, 150, 299]):
        assert_same(vmap.train(everyone.only(members)), only(found, members))


@pytest.mark.parametrize("model", ["cnn with batch norm", "dropout"])
def test_in_whichever_chunk(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = many(model, 3)  # 12 members
    whole = vmap.train(everyone)
    for limit in (1, 5, 7):
        monkeypatch.setattr(vmap, "members_that_fit", lambda population, limit=limit: limit)
        parts = vmap.train(everyone)
        assert_same(parts, whole)
    again = vmap.train(everyone)
    assert all(torch.equal(w, again.weights[name]) for name, w in parts.weights.items())


def test_a_diverged_member_keeps_its_last_weights_and_its_neighbours_theirs() -> None:
    this = many("mlp", 2)
    lost = {name: w.clone() for name, w in this.weights.items()}
    for w in lost.values():
        w[5] *= 1e200
    troubled = replace(this, weights=lost)
    trained = assert_engines_agree(troubled)
    assert trained.diverged.tolist() == [0, 0, 0, 0, 0, 1, 0, 0]
    others = [0, 1, 2, 3, 4, 6, 7]
    for name, w in vmap.train(this).weights.items():
        assert torch.equal(vmap.train(troubled).weights[name][others], w[others])


def test_a_member_that_diverges_on_the_way() -> None:
    this = population("mlp", OPTIMIZERS["sgd"], Decay(on="step"))
    this.weight_decay[2] = 1e6
    trained = assert_engines_agree(replace(this, record=tuple(range(14))))
    assert 1 < trained.diverged[2] < 13


def test_diverged_members_leave_neighbours_their_bits_however_many_they_are() -> None:
    this = many("mlp", 2)
    lost = {name: w.clone() for name, w in this.weights.items()}
    for w in lost.values():
        w[[0, 1, 3, 4, 5, 7]] *= 1e200
    found = vmap.train(replace(this, weights=lost))
    assert found.diverged.tolist() == [1, 1, 0, 1, 1, 1, 0, 1]
    for name, w in vmap.train(this).weights.items():
        assert torch.equal(found.weights[name][[2, 6]], w[[2, 6]])


@pytest.mark.parametrize("held", [0.0, 0.3])
@pytest.mark.parametrize("patience", [1, 4])
def test_who_has_stopped_costs_a_step_no_longer_once_half_have(
    patience: int, held: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = by_folds(OPTIMIZERS["adam"], Decay(), Stopping(patience, 1e-3, held))
    this = replace(this, recipe=replace(this.recipe, epochs=60, lr=0.05), record=(0, 60))
    stacked: list[int] = []
    differentiate = Stack.differentiate

    def seen(self: Stack, rows: NDArray[np.int64]) -> Tensor:
        stacked.append(len(rows))
        return differentiate(self, rows)

    monkeypatch.setattr(Stack, "differentiate", seen)
    found = vmap.train(this)
    end = np.where(found.stopped > 0, found.stopped, 60)
    size, expected = len(this), []
    steps = -(-len(this.order.train[0]) // 2)
    for epoch in range(1, end.max() + 1):
        expected += [size] * steps
        running = int((end > epoch).sum())
        size = running if 2 * running <= size else size
    assert not found.diverged.any()
    assert stacked == expected
    assert len(set(stacked)) >= 3


def test_nothing_is_trained_once_all_have_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    this = population("mlp", OPTIMIZERS["sgd"], Decay())
    this = replace(this, recipe=replace(this.recipe, stopping=Stopping(2, 1e3, 0)))
    steps: list[int] = []
    move = Stack.move
    monkeypatch.setattr(Stack, "move", lambda self: (steps.append(1), move(self))[1])
    # The first epoch is better than none; three more are not better than it.
    assert vmap.train(this).stopped.tolist() == [4] * 4
    assert len(steps) == 4 * 4


def test_the_estimate_of_memory_counts_the_weights_of_the_best_epoch() -> None:
    this = many("mlp", 1)
    stopping = replace(this, recipe=replace(this.recipe, stopping=Stopping()))
    assert _memory.bytes_per_member(stopping) > _memory.bytes_per_member(this)


def test_members_that_differ_in_lambda_alone_drop_the_same_units() -> None:
    this = many("dropout", 2)
    trained = vmap.train(replace(this, weight_decay=np.zeros(8)))
    for w in trained.weights.values():
        assert torch.equal(w[:4], w[4:])
        assert not torch.equal(w[0], w[1])


def test_dropout_keeps_its_share_and_its_mean() -> None:
    from weightdecay.engines._dropout import MemberDropout, at_step

    x = torch.ones(200, 50, dtype=torch.float64)
    masks = []
    for step in range(20):
        with MemberDropout(at_step(torch.tensor(987654321), step)):
            y = nn.functional.dropout(x, 0.3)
            again = nn.functional.dropout(x, 0.3)
        assert set(y.unique().tolist()) == {0.0, 1 / 0.7}
        assert not torch.equal(y, again)
        masks.append(y == 0)
    share = torch.stack(masks).double()
    assert abs(share.mean() - 0.3) < 3 * (0.3 * 0.7 / share.numel()) ** 0.5
    # No unit, row or step is favoured, and steps are independent.
    for axes in ((0, 1), (0, 2), (1, 2)):
        means = share.mean(axes)
        spread = (0.3 * 0.7 / (share.numel() / means.numel())) ** 0.5
        assert (abs(means - 0.3) < 5 * spread).all()
    flat = share.flatten(1)
    assert abs(np.corrcoef(flat)[np.triu_indices(20, 1)]).max() < 0.05


class Branching(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x) if x.sum() > 0 else -self.layer(x)


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cells = nn.LSTM(3, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.cells(x[:, None])[0][:, 0]


class Noisy(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x + torch.randn_like(x))


@pytest.mark.parametrize(
    ("make", "named"),
    [(Recurrent, "cells (LSTM)"), (Branching, "the network (Branching)"), (Noisy, "(Noisy)")],
)
def test_what_vmap_cannot_take_goes_to_loop_and_is_named(make, named: str) -> None:
    this = many("mlp", 1)
    model = make().double()
    this = replace(
        this,
        network=model,
        weights={name: torch.stack([w.detach()] * 4) for name, w in model.named_parameters()},
    )
    name, reason = engines.choose(this)
    assert name == "loop"
    assert named in reason
    trained = engines.train(this)
    again = engines.train(this.only([2, 1]))
    for key, w in again.weights.items():
        assert torch.equal(w, trained.weights[key][[2, 1]])


@pytest.mark.parametrize("model", MODELS)
def test_evaluation_piece_by_piece(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_memory, "EVALUATED", 4)  # of 11 rows
    assert_engines_agree(many(model, 1))


@pytest.mark.parametrize("model", MODELS)
def test_the_estimate_of_memory_grows_with_the_batch(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_memory, "EVALUATED", 1)
    small = many(model, 1)
    large = replace(small, recipe=replace(small.recipe, batch_size=9))
    assert 0 < _memory.bytes_per_member(small) < _memory.bytes_per_member(large)


def test_chunks_are_even_and_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    this = many("mlp", 25)  # 100 members
    monkeypatch.setattr(_memory, "BUDGET", 40 * _memory.bytes_per_member(this) + 1)
    assert _memory.members_that_fit(this) == 34
    monkeypatch.setattr(_memory, "BUDGET", 1)
    assert _memory.members_that_fit(this) == 1
