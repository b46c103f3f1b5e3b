"""All that lanes takes, held against the loop: losses, batches of tables, decays, schedules."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from populations import OPTIMIZERS, network, population, problem
from test_lanes_equals_loop import assert_engines_agree
from torch import optim

from weightdecay import presets
from weightdecay.decay import (
    L1,
    Adaptive,
    Corrected,
    Cosine,
    Decay,
    ElasticNet,
    GroupLasso,
    Linear,
    Lp,
    MaxNorm,
    Norm,
)
from weightdecay.engines import lanes
from weightdecay.study import Population, Problem, Recipe, Stopping, Study


def table(loss: str, outputs: int = 3, rows: int = 23, soft: bool = False) -> Problem:
    """Rows [N, 7] with targets of the kind that `loss` takes, two folds."""
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(rows, 7, generator=generator, dtype=torch.float64)
    y = torch.randn(rows, outputs, generator=generator, dtype=torch.float64) + x[:, :outputs]
    if loss == "cross_entropy":
        y = y.softmax(1) if soft else y.argmax(1)
    elif loss == "binary_cross_entropy":
        y = y.sigmoid() if soft else (y > 0).double()
    here = torch.arange(rows)
    folds = (here[:19], here[19:]), (here[4:], here[:4])
    return Problem(x, 3 * y if loss == "huber" else y, folds, loss)


def study(
    these: Problem,
    recipe: Recipe | None = None,
    decay: Decay | None = None,
    sizes: tuple[int, ...] = (7, 11, 9, 3),
) -> Population:
    return Study(
        problem=these,
        network=lambda: network("tanh", sizes),
        recipe=recipe or replace(OPTIMIZERS["adam"], epochs=8, batch_size=5),
        decay=decay or Decay(),
        weight_decay=(0.0, 0.01, 0.3),
        seeds=(0, 1),
        record=4,
    ).plan()


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("loss", ["mse", "huber", "cross_entropy", "binary_cross_entropy"])
@pytest.mark.parametrize("optimizer", ["nesterov", "adam"])
def test_every_loss(loss: str, optimizer: str, soft: bool) -> None:
    recipe = replace(OPTIMIZERS[optimizer], epochs=8, batch_size=5)
    assert_engines_agree(study(table(loss, soft=soft), recipe))


@pytest.mark.parametrize("outputs", [1, 2, 8, 17])
@pytest.mark.parametrize("loss", ["mse", "cross_entropy", "binary_cross_entropy"])
def test_however_many_outputs(loss: str, outputs: int) -> None:
    these = replace(table("mse"), loss=loss)
    y = {
        "mse": torch.randn(23, outputs, dtype=torch.float64),
        "cross_entropy": torch.arange(23) % outputs,
        "binary_cross_entropy": (torch.arange(23 * outputs) % 2).double().reshape(23, outputs),
    }[loss]
    assert_engines_agree(study(replace(these, y=y), sizes=(7, 4, outputs)))


# 8 rows go through the network at a time, tiles are 4 × 4: sizes on either side of both.
@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [1, 4, 7, 8, 9, 16, 19, 64])
@pytest.mark.parametrize("sizes", [(7, 3), (7, 1, 3), (7, 4, 3), (7, 5, 8, 3), (7, 16, 12, 3)])
def test_whatever_the_batches_and_layers(batch_size: int, sizes: tuple[int, ...]) -> None:
    recipe = replace(OPTIMIZERS["adam"], epochs=4, batch_size=batch_size)
    assert_engines_agree(study(table("mse"), recipe, sizes=sizes))


def test_scores_far_from_0_do_not_overflow() -> None:
    for loss in ("cross_entropy", "binary_cross_entropy"):
        these = table(loss)
        these = replace(these, x=100 * these.x)
        this = study(
            these, replace(OPTIMIZERS["sgd"], lr=0.5, epochs=8, batch_size=5), sizes=(7, 3)
        )
        assert not assert_engines_agree(this).diverged.any()


POINTS = {"0.weight": torch.full((5, 2), 0.3, dtype=torch.float64)}
DECAYS = {
    "l2 prox": Decay(on="prox"),
    "l1 prox": Decay(penalty=L1(), on="prox"),
    "elastic net": Decay(penalty=ElasticNet(0.3)),
    "elastic net step": Decay(penalty=ElasticNet(0.3), on="step"),
    "elastic net prox": Decay(penalty=ElasticNet(0.3), on="prox"),
    "lp": Decay(penalty=Lp(1.5)),
    "lp step": Decay(penalty=Lp(3.0), on="step"),
    "lp prox": Decay(penalty=Lp(0.7), on="prox"),
    "norm prox": Decay(penalty=Norm(), on="prox"),
    "cautious": Decay(on="step", mask="cautious"),
    "cautious l1": Decay(penalty=L1(), on="step", mask="cautious"),
    "to init": Decay(on="step", around="start"),
    "to init in the loss": Decay(around="start"),
    "to init prox": Decay(penalty=L1(), on="prox", around="start"),
    "norm to init": Decay(penalty=Norm(), around="start"),
    "cautious to init": Decay(on="step", mask="cautious", around="start"),
    "around a point": Decay(penalty=L1(), on="prox", around=POINTS),
    "multipliers": Decay(multipliers={"0.*": 0.0, "2.weight": 3.0}),
    "multipliers step": Decay(penalty=L1(), on="step", multipliers={"0.*": 0.5}),
    "multipliers of a norm": Decay(penalty=Norm(), on="prox", multipliers={"0.*": 0.5}),
    "a schedule": Decay(schedule=Cosine(end=5.0, steps=40)),
    "a schedule on the step": Decay(on="step", schedule=Linear(end=0.0, steps=30)),
    "independent": Decay(on="step", unit="independent"),
    "per step": Decay(on="step", unit="step"),
    "biases too": Decay(penalty=L1(), on="prox", select="all"),
}


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
@pytest.mark.parametrize("name", DECAYS)
def test_every_decay(name: str, optimizer: str) -> None:
    assert_engines_agree(population("tanh", optimizer, DECAYS[name]))


def test_a_proximal_step_makes_zeros() -> None:
    this = population("tanh", "sgd", DECAYS["l1 prox"], epochs=60)
    assert (lanes.train(this).weights["2.weight"][-2:] == 0).any()


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
@pytest.mark.parametrize("on", ["loss", "step"])
def test_clipped(optimizer: str, on: str) -> None:
    this = population("tanh", optimizer, Decay(on=on))
    clipped = replace(this, recipe=replace(this.recipe, clip_grad_norm=0.05))
    trained = assert_engines_agree(clipped)
    assert not np.allclose(trained.train_loss[:, -1], lanes.train(this).train_loss[:, -1])


SCHEDULERS = {
    "steps": lambda o: optim.lr_scheduler.StepLR(o, 3, 0.3),
    "cosine": lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 50),
    "warm-up": lambda o: optim.lr_scheduler.LinearLR(o, 0.1, total_iters=10),
    "one cycle": lambda o: optim.lr_scheduler.OneCycleLR(
        o, 0.05, total_steps=60, cycle_momentum=False
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("schedule", ["epoch", "step"])
@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("unit", ["lr", "independent"])
def test_every_schedule_of_the_learning_rate(scheduler: str, schedule: str, unit: str) -> None:
    this = population("tanh", "adam", Decay(on="step", unit=unit))
    recipe = replace(this.recipe, scheduler=SCHEDULERS[scheduler], schedule=schedule)
    assert_engines_agree(replace(this, recipe=recipe))


@pytest.mark.parametrize(
    ("recipe", "decay", "reason"),
    [
        (Recipe(optimizer="rmsprop"), Decay(), "the optimizer rmsprop"),
        (Recipe(options={"amsgrad": True}), Decay(), "adam with the option 'amsgrad'"),
        (
            Recipe(
                scheduler=lambda o: optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=10),
                schedule="step",
                epochs=2,
                batch_size=2,
            ),
            Decay(),
            "a scheduler that moves the momentum",
        ),
        (Recipe(), Decay(penalty=GroupLasso()), "the penalty GroupLasso"),
        (Recipe(), Decay(penalty=MaxNorm(1.0), on="constraint", unit="step"), "on='constraint'"),
        (Recipe(), Decay(penalty=Norm(), on="step", mask="cautious"), "cautious mask on a norm"),
        (Recipe(), Decay(on="step", unit=Corrected(to="all")), "the unit Corrected"),
        (Recipe(), Decay(unit=Adaptive()), "the unit Adaptive"),
        (Recipe(), Decay(on="step", unit="stable"), "the unit 'stable'"),
        (Recipe(), presets.orthogonal(0.1), "the penalty Orthogonal"),
    ],
)
def test_what_it_refuses(recipe: Recipe, decay: Decay, reason: str) -> None:
    this = population()
    found = lanes.refusal(replace(this, recipe=recipe, decay=decay))
    assert found is not None
    assert reason in str(found)


def test_targets_that_are_no_table_are_refused() -> None:
    this = study(table("cross_entropy"))
    found = lanes.refusal(replace(this, y=torch.zeros(23, 3, 2, dtype=torch.float64)))
    assert str(found) == "targets of shape [3, 2] and type torch.float64"


def test_a_loss_of_ones_own_is_refused() -> None:
    this = population()
    found = lanes.refusal(replace(this, loss=lambda a, b: (a - b).mean()))
    assert str(found) == "a loss of one's own"


def test_members_that_stop_leave_their_lanes_to_others() -> None:
    """Many members that stop at many epochs, so that blocks close up: each as if alone."""
    these = problem()
    recipe = replace(
        OPTIMIZERS["adam"],
        epochs=40,
        batch_size=4,
        stopping=Stopping(patience=2, tol=1e-3, validation_fraction=0.2),
    )
    many = Study(
        these,
        lambda: network("relu"),
        recipe,
        Decay(),
        (0.0, 0.01, 0.3),
        tuple(range(20)),
        record=9,
    ).plan()
    found = lanes.train(many)
    assert len(set(found.stopped.tolist())) > 8
    for members in ([7], [119, 3, 60]):
        alone = lanes.train(many.only(members))
        np.testing.assert_array_equal(alone.stopped, found.stopped[members])
        np.testing.assert_array_equal(alone.train_loss, found.train_loss[members])
        for name, w in alone.weights.items():
            assert torch.equal(w, found.weights[name][members])


def test_progress_adds_up_though_members_stop() -> None:
    this = population("relu", "adam", seeds=5, epochs=30)
    stopping = Stopping(patience=1, tol=0.05, validation_fraction=0)
    done: list[int] = []
    trained = lanes.train(
        replace(this, recipe=replace(this.recipe, stopping=stopping)), done.append
    )
    assert trained.stopped.any()
    assert sum(done) == len(this) * 30
