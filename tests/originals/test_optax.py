"""optax's add_decayed_weights, with a mask and with a schedule, before and after Adam's scaling."""

import numpy as np
import pytest
import torch
from torch import nn, optim

from weightdecay import Decay

optax = pytest.importorskip("optax", reason="optax is not installed: `make extras` does it")
jax = pytest.importorskip("jax", reason="jax is not installed: `make extras` does it")

LR, LAMBDA, STEPS = 0.02, 0.8, 100


def gradients(step, shapes):
    """The same for both sides: what is compared is the decay, not the derivative."""
    draw = np.random.default_rng(step)
    return {name: draw.normal(size=shape) for name, shape in shapes.items()}


def schedule(step):
    return 1.0 + 0.05 * step


@pytest.fixture(autouse=True)
def in_float64():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize("scheduled", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("on", ["loss", "step"])
def test_where_it_stands_in_the_chain_is_the_coupling(on, masked, scheduled):
    torch.manual_seed(0)
    model = nn.Linear(4, 3).double()
    params = {name: jax.numpy.asarray(w.detach().numpy()) for name, w in model.named_parameters()}
    strength = (lambda count: LAMBDA * schedule(count)) if scheduled else LAMBDA
    mask = {"weight": True, "bias": False} if masked else None
    decayed = optax.add_decayed_weights(strength, mask)
    scaled = optax.scale_by_adam(eps=1e-8)
    chain = [decayed, scaled] if on == "loss" else [scaled, decayed]
    theirs = optax.chain(*chain, optax.scale(-LR))
    state = theirs.init(params)

    optimizer = optim.Adam(model.parameters(), lr=LR)
    Decay(
        LAMBDA,
        on=on,
        select="weights" if masked else "all",
        schedule=schedule if scheduled else None,
    ).attach(optimizer, model)
    shapes = {name: tuple(w.shape) for name, w in model.named_parameters()}
    for step in range(STEPS):
        drawn = gradients(step, shapes)
        updates, state = theirs.update(
            {n: jax.numpy.asarray(g) for n, g in drawn.items()}, state, params
        )
        params = optax.apply_updates(params, updates)
        for name, w in model.named_parameters():
            w.grad = torch.from_numpy(drawn[name])
        optimizer.step()
        for name, w in model.named_parameters():
            np.testing.assert_allclose(
                w.detach().numpy(), np.asarray(params[name]), rtol=1e-9, atol=1e-11, err_msg=name
            )
