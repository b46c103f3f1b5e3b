"""The promise of the lanes engine: it is the loop engine, faster."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from _pytest.mark import ParameterSet
from populations import (
    ACTIVATIONS,
    OPTIMIZERS,
    network,
    population,
    problem,
    with_dead_member,
    with_diverging_member,
)
from torch import nn

from weightdecay.decay import L1, L2, Decay, Norm
from weightdecay.engines import lanes, loop
from weightdecay.study import Population, Study, Trained

PENALTIES = {"l2": L2(), "l1": L1(), "norm": Norm()}


def assert_member_by_member(found: Trained, expected: Trained, relative: float = 1e-9) -> None:
    """The weights of every member, and every measured loss, within `relative` of their own size."""
    np.testing.assert_array_equal(found.diverged, expected.diverged)
    oracle = torch.cat([w.flatten(1) for w in expected.weights.values()], dim=1)
    weights = torch.cat([found.weights[name].flatten(1) for name in expected.weights], dim=1)
    error = (weights - oracle).norm(dim=1) / oracle.norm(dim=1)
    assert (error <= relative).all(), f"relative errors of the members: {error}"
    for name in ("train_loss", "test_loss", "penalty"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=relative, atol=1e-12, err_msg=name
        )


def assert_engines_agree(this: Population, relative: float = 1e-9) -> Trained:
    assert lanes.refusal(this) is None
    expected = loop.train(this)
    assert_member_by_member(lanes.train(this), expected, relative)
    return expected


def combinations() -> Iterator[ParameterSet]:
    """Every activation × optimizer with one penalty and coupling by turns; the rest is slow."""
    decays = list(product(PENALTIES, ("loss", "step")))
    for k, (activation, optimizer) in enumerate(product(ACTIVATIONS, OPTIMIZERS)):
        for j, (penalty, on) in enumerate(decays):
            marks = () if j == k % len(decays) else pytest.mark.slow
            yield pytest.param(activation, optimizer, penalty, on, marks=marks)


@pytest.mark.parametrize(("activation", "optimizer", "penalty", "on"), list(combinations()))
def test_after_50_steps(activation: str, optimizer: str, penalty: str, on: str) -> None:
    this = population(activation, optimizer, Decay(penalty=PENALTIES[penalty], on=on), seeds=1)
    this = with_diverging_member(with_dead_member(this, 3), 2)
    trained = assert_engines_agree(this)
    assert trained.diverged[2] == 1
    assert not trained.diverged[[0, 1, 3, 4, 5]].any()


@pytest.mark.parametrize("select", ["weights", "all", "last", lambda model: ["2.bias"]])
@pytest.mark.parametrize("penalty", PENALTIES)
def test_whichever_parameters_decay(select, penalty: str) -> None:
    assert_engines_agree(population(decay=Decay(penalty=PENALTIES[penalty], select=select)))


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("batch_size", [1, 3, 10, 64])
def test_whatever_the_batches(batch_size: int, shuffle: bool) -> None:
    assert_engines_agree(population(batch_size=batch_size, shuffle=shuffle))


def test_without_judging_rows() -> None:
    this = population()
    trained = assert_engines_agree(replace(this, test=[rows[:0] for rows in this.test]))
    assert np.isnan(trained.test_loss).all()


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Linear(2, 2)],
        [nn.Linear(2, 4, bias=False), nn.ReLU(), nn.Linear(4, 2, bias=False)],
        [nn.Linear(2, 17), nn.Softplus(threshold=0.5), nn.Linear(17, 2), nn.ReLU()],
        [
            nn.Linear(2, 1),
            nn.Sequential(nn.SiLU(), nn.Linear(1, 9)),
            nn.Identity(),
            nn.Linear(9, 2),
        ],
        [nn.Linear(2, 3), nn.Linear(3, 2), nn.LeakyReLU(-0.5)],
    ],
)
def test_whatever_the_stack(layers: list[nn.Module]) -> None:
    def make() -> nn.Module:
        stack = nn.Sequential(*layers).double()
        for parameter in stack.parameters():
            nn.init.normal_(parameter)
        return stack

    study = Study(
        problem=problem(),
        network=make,
        recipe=replace(OPTIMIZERS["adam"], epochs=5, batch_size=4),
        decay=Decay(),
        weight_decay=(0.0, 0.1),
        seeds=(0, 1, 2),
    )
    # One module object serves all seeds here, so the starts are drawn one after the other.
    start = study.plan()
    weights = {name: torch.randn_like(w) for name, w in start.weights.items()}
    assert_engines_agree(replace(start, weights=weights))


def test_a_member_that_diverges_on_the_way() -> None:
    this = population("tanh", "sgd", Decay(on="step"))
    # So large that each step multiplies the weights by 1 − ηλ ≈ −2e4.
    this.weight_decay[1] = 1e6
    trained = assert_engines_agree(replace(this, record=tuple(range(11))))
    epoch = trained.diverged[1]
    assert 1 < epoch < 10
    assert np.isfinite(trained.train_loss[1, epoch - 1])
    assert np.isnan(trained.train_loss[1, epoch:]).all()
    assert not np.delete(trained.diverged, 1).any()


@pytest.mark.slow
def test_float32_stays_near_float64() -> None:
    double = population("sigmoid", "adam", epochs=20)
    single = replace(
        double,
        network=network("sigmoid").float(),
        weights={name: w.float() for name, w in double.weights.items()},
        x=double.x.float(),
        y=double.y.float(),
    )
    found, expected = lanes.train(single), lanes.train(double)
    for name, oracle in expected.weights.items():
        assert found.weights[name].dtype == torch.float32
        assert torch.allclose(found.weights[name].double(), oracle, rtol=1e-3, atol=1e-4)
