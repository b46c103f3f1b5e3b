"""The oracle itself: the loop engine is what anyone would write with stock torch.optim."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from populations import network, population
from torch import nn

from weightdecay.decay import L2, Decay
from weightdecay.engines import loop
from weightdecay.study import Population


def by_hand(this: Population, k: int, make_optimizer) -> nn.Module:
    """Train member `k` with an optimizer whose own weight_decay does the work."""
    model = deepcopy(this.network)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(this.weights[name][k])
    weights = [p for name, p in model.named_parameters() if name.endswith("weight")]
    biases = [p for name, p in model.named_parameters() if name.endswith("bias")]
    weight_decay = float(this.weight_decay[k])
    optimizer = make_optimizer(
        [{"params": weights, "weight_decay": weight_decay}, {"params": biases, "weight_decay": 0.0}]
    )
    take = this.order.stream(k)
    for _ in range(this.recipe.epochs):
        for rows in torch.from_numpy(take(1)[0].copy()).split(this.recipe.batch_size):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(this.x[rows]), this.y[rows]).backward()
            optimizer.step()
    return model


@pytest.mark.parametrize(
    ("optimizer", "on", "make"),
    [
        ("sgd", "loss", lambda groups: torch.optim.SGD(groups, lr=0.02)),
        ("momentum", "loss", lambda groups: torch.optim.SGD(groups, lr=0.01, momentum=0.9)),
        ("adam", "loss", lambda groups: torch.optim.Adam(groups, lr=0.02)),
        (
            "adamw",
            "step",
            lambda groups: torch.optim.AdamW(groups, lr=0.02, betas=(0.8, 0.99), eps=1e-6),
        ),
    ],
)
def test_l2_is_torchs_weight_decay(optimizer: str, on: str, make) -> None:
    this = population("tanh", optimizer, Decay(penalty=L2(), on=on))
    trained = loop.train(this)
    for k in range(len(this)):
        for name, expected in by_hand(this, k, make).named_parameters():
            torch.testing.assert_close(
                trained.weights[name][k], expected.detach(), rtol=1e-10, atol=1e-13
            )


def test_losses_are_those_of_the_weights_given_back() -> None:
    this = population("tanh", "adam")
    trained = loop.train(this)
    for k in range(len(this)):
        model = network("tanh")
        model.load_state_dict({name: w[k] for name, w in trained.weights.items()})
        for rows, losses in (
            (this.order.train[k], trained.train_loss),
            (this.test[k], trained.test_loss),
        ):
            with torch.no_grad():
                expected = nn.functional.mse_loss(model(this.x[rows]), this.y[rows])
            np.testing.assert_allclose(losses[k, -1], expected, rtol=1e-12)
        squares = sum(
            w[k].square().sum() for name, w in trained.weights.items() if name.endswith("weight")
        )
        np.testing.assert_allclose(
            trained.penalty[k, -1], this.weight_decay[k] / 2 * squares, rtol=1e-12
        )
