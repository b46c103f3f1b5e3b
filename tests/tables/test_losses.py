"""Losses on arrays are torch's, and the best constant's is the least that a constant has."""

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss

from weightdecay.study import row_losses as by_torch
from weightdecay.tables._losses import (
    constant_loss,
    losses_of,
    mean_of_seeds,
    probabilities,
    row_losses,
)

RNG = np.random.default_rng(0)
OUTPUTS = {"regression": 1, "binary": 1, "multiclass": 4}
NAMES = {
    "regression": "mse",
    "binary": "binary_cross_entropy",
    "multiclass": "cross_entropy",
}
every_task = pytest.mark.parametrize("task", sorted(OUTPUTS))


def example(task):
    output = RNG.normal(size=(3, 30, OUTPUTS[task])) * 3
    y = RNG.normal(size=30) if task == "regression" else RNG.integers(0, max(2, OUTPUTS[task]), 30)
    return output, y


@every_task
def test_as_in_torch(task):
    output, y = example(task)
    targets = torch.from_numpy(y if task == "multiclass" else y[:, None].astype(float))
    for seed in range(3):
        theirs = by_torch(NAMES[task], torch.from_numpy(output[seed]), targets)
        assert row_losses(task, output, y)[seed] == pytest.approx(theirs.numpy())


@every_task
def test_of_one_network_together_is_its_own(task):
    output, y = example(task)
    alone = losses_of(task, mean_of_seeds(task, output[:1]), y)
    assert alone == pytest.approx(row_losses(task, output[0], y), abs=1e-9)


@every_task
def test_together_is_no_worse_than_each_on_average(task):  # the losses are convex
    output, y = example(task)
    together = losses_of(task, mean_of_seeds(task, output), y)
    assert (together <= row_losses(task, output, y).mean(axis=0) + 1e-9).all()


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_probabilities_sum_to_one(task):
    output, y = example(task)
    found = probabilities(task, output)
    assert found.sum(axis=-1) == pytest.approx(np.ones((3, 30)))
    assert losses_of(task, found[0], y).mean() == pytest.approx(log_loss(y, found[0]))


@every_task
def test_no_constant_does_better_than_the_best(task):
    _, y = example(task)
    least = constant_loss(task, y)
    for _ in range(20):
        output = np.broadcast_to(RNG.normal(size=OUTPUTS[task]), (30, OUTPUTS[task]))
        assert row_losses(task, output, y).mean() >= least - 1e-12
