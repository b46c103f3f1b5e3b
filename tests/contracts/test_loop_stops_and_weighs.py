"""What early stopping and sample weights mean, found from the loop by other ways to the same."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from models import MODELS
from numpy.typing import NDArray
from promised import WEIGHT, population
from test_vmap_equals_loop import OPTIMIZERS

from weightdecay.decay import Coupling, Decay
from weightdecay.engines import loop
from weightdecay.study import Population, Problem, Recipe, Stopping, Study, Trained

# Without batch norm and dropout, for which a row that stands there twice is not one that counts
# twice.
ROW_BY_ROW = ("mlp", "huber", "binary", "embedding", "attention", "tied and frozen")

TIMES = torch.tensor([1, 2, 0, 3, 1, 1, 2, 0, 1, 4, 1, 2, 0, 1])


def at_full_batch(
    model: str, rows: torch.Tensor, weight: torch.Tensor | None, on: Coupling
) -> Trained:
    """Members trained on the first of `rows`, those below 11, and judged on the others."""
    case = MODELS[model]
    here = torch.arange(len(rows))
    first = int((rows < 11).sum())
    return loop.train(
        Study(
            problem=Problem(
                case.x[rows], case.y[rows], ((here[:first], here[first:]),), case.loss, weight
            ),
            network=lambda: case.make().double(),
            recipe=replace(OPTIMIZERS["adam"], epochs=15, batch_size=1000),
            decay=Decay(on=on),
            weight_decay=(0.0, 0.1),
            seeds=(0, 1),
            record=4,
        ).plan()
    )


def assert_close(found: Trained, expected: Trained, relative: float = 1e-9) -> None:
    for name, w in expected.weights.items():
        torch.testing.assert_close(found.weights[name], w, rtol=relative, atol=1e-11)
    for name in ("train_loss", "test_loss", "penalty"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=relative, atol=1e-12, err_msg=name
        )


@pytest.mark.parametrize("on", ["loss", "step"])
@pytest.mark.parametrize("model", ROW_BY_ROW)
def test_a_whole_weight_is_a_row_as_many_times(model: str, on: Coupling) -> None:
    rows = torch.arange(14)
    weighed = at_full_batch(model, rows, TIMES.double(), on)
    assert_close(weighed, at_full_batch(model, rows.repeat_interleave(TIMES), None, on))
    plain = at_full_batch(model, rows, None, on)
    assert (abs(weighed.train_loss[:, -1] / plain.train_loss[:, -1] - 1) > 1e-3).all()


@pytest.mark.parametrize("model", ROW_BY_ROW)
def test_a_weight_of_0_is_a_row_left_out(model: str) -> None:
    rows = torch.arange(14)
    weight = torch.where(TIMES == 1, 0, WEIGHT + 1)
    without = at_full_batch(model, rows[weight > 0], weight[weight > 0], "loss")
    assert_close(at_full_batch(model, rows, weight, "loss"), without)


@pytest.mark.parametrize("stopping", [None, Stopping(2, 1e-3, 0.3)])
@pytest.mark.parametrize("model", MODELS)
def test_only_the_ratios_of_weights_matter(model: str, stopping: Stopping | None) -> None:
    this = population(
        model, OPTIMIZERS["adam"], Decay(), stopping=stopping, weighted=True, epochs=6, seeds=1
    )
    # By a power of two, so that not a bit is rounded otherwise.
    scaled = loop.train(replace(this, sample_weight=8 * WEIGHT))
    expected = loop.train(this)
    for name, w in expected.weights.items():
        assert torch.equal(scaled.weights[name], w)
    np.testing.assert_array_equal(scaled.train_loss, expected.train_loss)
    np.testing.assert_array_equal(scaled.test_loss, expected.test_loss)


def until(this: Population, epochs: int) -> Trained:
    """The same members, none of which stops, after so many epochs."""
    recipe = replace(this.recipe, epochs=max(epochs, 1), stopping=None)
    found = loop.train(replace(this, recipe=recipe, record=(0, max(epochs, 1))))
    return found if epochs else replace(found, weights=this.weights, buffers=this.buffers)


def assert_member(found: Trained, k: int, expected: Trained, j: int) -> None:
    """Bit by bit."""
    for parts, oracles in ((found.weights, expected.weights), (found.buffers, expected.buffers)):
        for name, w in oracles.items():
            assert torch.equal(parts[name][k], w[j]), name
    assert found.train_loss[k, -1] == expected.train_loss[j, -1]
    assert found.test_loss[k, -1] == expected.test_loss[j, -1]


def by_the_rule(losses: NDArray[np.float64], stopping: Stopping) -> tuple[int, int]:
    """Epoch of the lowest loss, and epoch of stopping or 0, from losses after epochs 1, 2, ..."""
    best, waiting, epoch_of_best = np.inf, 0, 0
    for epoch, loss in enumerate(losses, start=1):
        waiting = 0 if loss < best - stopping.tol else waiting + 1
        if loss < best:
            best, epoch_of_best = loss, epoch
        if waiting > stopping.patience:
            return epoch_of_best, epoch
    return epoch_of_best, 0


STEPPED = Recipe(
    optimizer="adam",
    lr=0.03,
    scheduler=lambda optimizer: torch.optim.lr_scheduler.StepLR(optimizer, 3, gamma=0.7),
)

#: With buffers and without, with a stream of masks and without.
STOPPED = ["mlp", pytest.param("cnn with batch norm", marks=pytest.mark.slow), "dropout"]


@pytest.mark.parametrize("model", STOPPED)
def test_watching_the_training_loss_a_member_is_one_of_fewer_epochs(model: str) -> None:
    this = population(model, STEPPED, Decay(), stopping=Stopping(2, 0.02, 0), weighted=True)
    found = loop.train(this)
    assert len(set(found.stopped[found.stopped > 0])) >= 2
    for epochs in set(found.stopped):
        those = np.flatnonzero(found.stopped == epochs)
        expected = until(this.only(those.tolist()), int(epochs) or this.recipe.epochs)
        for j, k in enumerate(those):
            assert_member(found, k, expected, j)


def test_the_training_loss_is_that_which_the_steps_met() -> None:
    """With one step an epoch that is the loss after the epoch before."""
    stopping = Stopping(2, 0.01, 0)
    this = population("mlp", OPTIMIZERS["adam"], Decay(), stopping=stopping, epochs=40)
    this = replace(
        this, recipe=replace(this.recipe, batch_size=11, lr=0.05), record=tuple(range(41))
    )
    found = loop.train(this)
    plain = loop.train(replace(this, recipe=replace(this.recipe, stopping=None)))
    expected = [by_the_rule(losses[:-1], stopping)[1] for losses in plain.train_loss]
    assert found.stopped.tolist() == expected
    assert len(set(expected)) >= 3


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("model", STOPPED)
def test_watching_rows_held_out_a_member_is_that_of_its_best_epoch(
    model: str, weighted: bool
) -> None:
    stopping = Stopping(3, 1e-3, 0.3)
    this = population(model, STEPPED, Decay(), stopping=stopping, weighted=weighted)
    found = loop.train(this)
    # Judged on the rows held out, and stopped by nobody: the losses that are watched.
    watched = replace(
        this,
        test=this.held,
        recipe=replace(this.recipe, stopping=None),
        record=tuple(range(this.recipe.epochs + 1)),
    )
    losses = loop.train(watched).test_loss[:, 1:]
    best, stopped = np.array([by_the_rule(row, stopping) for row in losses]).T
    assert found.stopped.tolist() == stopped.tolist()
    assert len(set(best)) >= 3
    assert (best < this.recipe.epochs).any()
    for epochs in set(best):
        those = np.flatnonzero(best == epochs)
        expected = until(this.only(those.tolist()), int(epochs))
        for j, k in enumerate(those):
            assert_member(found, k, expected, j)


def test_rows_held_out_are_not_trained_on() -> None:
    """Whatever their targets are, the members are the same until they stop or come back."""
    this = population("mlp", STEPPED, Decay(), stopping=Stopping(50, 0.0, 0.3))
    this = replace(this, record=tuple(range(this.recipe.epochs + 1)))
    for k in range(4):  # the first λ: each (seed, fold) once
        alone = this.only([k])
        y = this.y.clone()
        y[alone.held[0]] = 1e6
        (found,), (expected,) = (
            loop.train(one).train_loss[:, :-1] for one in (replace(alone, y=y), alone)
        )
        np.testing.assert_array_equal(found, expected)


def test_each_seed_and_fold_holds_out_its_own_rows_whatever_lambda_and_company() -> None:
    plan = population("mlp", STEPPED, Decay(), stopping=Stopping(validation_fraction=0.3))
    folds = [set(range(11)), set(range(3, 14))]
    held = [tuple(rows) for rows in plan.held]
    for k, rows in enumerate(held):
        assert held[k % 4] == rows  # λ is the slowest of λ, 2 seeds, 2 folds
        assert len(rows) == 4
        train = set(plan.order.train[k].tolist())
        assert not train & set(rows)
        assert train | set(rows) == folds[k % 2]
    assert len(set(held)) == 4
    fewer = population("mlp", STEPPED, Decay(), stopping=Stopping(2, 0, 0.3), seeds=1)
    assert [tuple(rows) for rows in fewer.held[:2]] == held[:2]
