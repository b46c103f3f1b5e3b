"""What decay does to the weights, exactly; and that it is the chapter's experiment that is run."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from weightdecay import engines
from weightdecay.reference.d2l import _experiment as experiment
from weightdecay.reference.d2l._study import parts, study
from weightdecay.study import Recipe

PATH = (0.0, 0.03, 0.3, 1.0, 3.0)
SEEDS, DRAWS = 2, 3


@pytest.fixture(scope="module")
def normal():
    return study(experiment.plan(experiment.network(1.0), PATH, SEEDS, DRAWS))


@pytest.fixture(scope="module")
def zero():
    return study(experiment.plan(experiment.network(0.0), PATH, SEEDS, DRAWS))


def test_a_start_from_zero_never_gets_into_the_null_space(zero):
    assert (zero.null_space_at_start == 0).all()
    assert (zero.null_space < 1e-6).all()
    assert (zero.row_space > 0.01).all()


def test_without_decay_the_null_space_part_stays_as_it_was_drawn(normal):
    without = normal.null_space.sel(weight_decay=0)
    np.testing.assert_allclose(without, normal.null_space_at_start, rtol=1e-6)
    # 180 of 200 standard normal numbers, up to their spread.
    np.testing.assert_allclose(without, np.sqrt(180), rtol=0.2)


@pytest.mark.parametrize("weight_decay", [0.03, 0.3, 1.0])
def test_decay_alone_acts_there(normal, weight_decay):
    left = (1 - 0.003 * weight_decay) ** 2000
    expected = left * normal.null_space_at_start
    np.testing.assert_allclose(
        normal.null_space.sel(weight_decay=weight_decay), expected, rtol=1e-3
    )


def test_decay_alone_acts_there_to_the_last_digits_in_float64():
    plan = experiment.plan(experiment.network(1.0), PATH, 1, 2)
    problem = replace(plan.problem, x=plan.problem.x.double(), y=plan.problem.y.double())
    plan = replace(plan, problem=problem, network=lambda: experiment.network(1.0)().double())
    start = plan.plan()
    _, drawn = parts(plan, start.weights["weight"])
    _, trained = parts(plan, engines.train(start).weights["weight"])
    left = (1 - 0.003 * np.array(PATH)) ** 2000
    np.testing.assert_allclose(trained, left[:, None, None] * drawn, rtol=1e-9)


def test_the_steps_are_those_of_half_the_loss(normal):
    """The chapter's own loss, learning rate and λ, in plain PyTorch."""
    plan = experiment.plan(experiment.network(1.0), PATH, 1, DRAWS)
    recipe = Recipe(lr=0.003, epochs=100, batch_size=1, optimizer="sgd")
    half = replace(plan.problem, loss=lambda output, target: (output - target).square() / 2)
    chapter = replace(plan, problem=half, recipe=recipe, weight_decay=(0.0, 3.0))
    everyone = chapter.plan()
    for i, weight_decay in enumerate(chapter.weight_decay):
        plain = engines.loop.train(everyone.only([i * DRAWS]))
        ours = normal.isel(seed=0, draw=0, epoch=-1).sel(weight_decay=weight_decay)
        np.testing.assert_allclose(ours.validation_loss, plain.test_loss[0, -1], rtol=1e-4)
        np.testing.assert_allclose(
            ours.weight_norm.sel(parameter="weight"), plain.weights["weight"].norm(), rtol=1e-5
        )
        np.testing.assert_allclose(ours.penalty, plain.penalty[0, -1], rtol=1e-4)


def test_nothing_but_the_chapter_s_protocol():
    problem = experiment.problem(DRAWS)
    assert problem.x.shape == (DRAWS * 120, 200)
    assert [(len(train), len(judging)) for train, judging in problem.splits] == [(20, 100)] * DRAWS
    rows = torch.cat([part for split in problem.splits for part in split])
    assert len(rows.unique()) == len(problem.x)  # draws share no row
    noise = problem.y[:, 0] - (0.05 + 0.01 * problem.x.sum(1))
    assert float(noise.std()) == pytest.approx(0.01, rel=0.1)
    torch.manual_seed(0)
    layer = experiment.network(1.0)()
    assert float(layer.weight.detach().std()) == pytest.approx(1, rel=0.2)
    assert float(layer.bias.detach()) == 0


def test_losses_are_halves_and_the_constant_is_the_training_mean(normal):
    problem = experiment.problem(DRAWS)
    for draw, (train, judging) in enumerate(problem.splits):
        error = problem.y[judging] - problem.y[train].mean()
        half = float(error.square().mean()) / 2
        assert float(normal.constant_loss[draw]) == pytest.approx(half)
    np.testing.assert_array_equal(normal.weight_decay, PATH)


def test_what_diverges_has_no_figures():
    found = study(experiment.plan(experiment.network(1.0), (0.0, 1e4), 1, 2))
    assert found.diverged.sel(weight_decay=1e4).all()
    assert not found.diverged.sel(weight_decay=0).any()
    for name in ("null_space", "row_space", "bias_error", "weight_norm"):
        assert found[name].sel(weight_decay=1e4).isnull().all()
        assert not found[name].sel(weight_decay=0).isnull().any()
