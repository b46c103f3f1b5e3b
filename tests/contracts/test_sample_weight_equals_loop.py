"""Engines that weigh rows weigh them as the loop does."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
import torch
from _pytest.mark import ParameterSet
from promised import PROMISES, WEIGHT, Promise, assert_as_promised, population
from test_vmap_equals_loop import OPTIMIZERS

from weightdecay.decay import Coupling, Decay
from weightdecay.engines import loop


def combinations() -> Iterator[ParameterSet]:
    """Every model × coupling, optimizers by turns; all but one coupling of a model are slow."""
    for name, promise in PROMISES.items():
        for k, (model, on) in enumerate(product(promise.models, promise.couplings)):
            optimizer = promise.optimizers[k % len(promise.optimizers)]
            each = len(promise.couplings)
            marks = () if k % each == k // each % each else pytest.mark.slow
            case = f"{name}-{model}-{on}-{optimizer}"
            yield pytest.param(promise, model, on, optimizer, id=case, marks=marks)


@pytest.mark.parametrize(("promise", "model", "on", "optimizer"), list(combinations()))
def test_after_52_steps(promise: Promise, model: str, on: Coupling, optimizer: str) -> None:
    recipe = OPTIMIZERS[optimizer]
    this = population(model, recipe, Decay(on=on), weighted=True, epochs=13, seeds=1)
    weighed = assert_as_promised(promise, this)
    plain = loop.train(replace(this, sample_weight=None))
    assert (abs(weighed.train_loss[:, 0] - plain.train_loss[:, 0]) > 1e-4).all()
    name = next(iter(plain.weights))
    assert not torch.allclose(weighed.weights[name], plain.weights[name], rtol=1e-4)


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
def test_one_batch_of_two_folds_whose_mean_weights_differ(promise: Promise) -> None:
    """The same three rows in a step are not the same loss, since the weights' mean is of a fold."""
    this = population(
        "mlp", replace(OPTIMIZERS["sgd"], shuffle=False), Decay(), weighted=True, epochs=3
    )
    rows = [torch.arange(9).numpy(), torch.tensor([*range(6), 11, 12, 13]).numpy()]
    this = replace(this, order=replace(this.order, train=[rows[k % 2] for k in range(len(this))]))
    first, second = (float(WEIGHT[torch.from_numpy(r)].mean()) for r in rows)
    assert abs(first - second) > 1
    assert_as_promised(promise, this)


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
def test_equal_weights_are_none(promise: Promise) -> None:
    this = population("mlp", OPTIMIZERS["adam"], Decay(), weighted=True)
    this = replace(this, sample_weight=torch.full_like(WEIGHT, 7.0))
    plain = promise.engine.train(replace(this, sample_weight=None))
    for name, w in promise.engine.train(this).weights.items():
        torch.testing.assert_close(w, plain.weights[name], rtol=1e-9, atol=1e-12)
