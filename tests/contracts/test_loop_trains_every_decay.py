"""The loop trains every Decay as a user's own loop would; others refuse, with a reason."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from populations import population
from test_vmap_equals_loop import assert_same
from torch import nn

from weightdecay import InputError, presets
from weightdecay.decay import (
    Cosine,
    Decay,
    ElasticNet,
    GlobalNorm,
    GroupLasso,
    Lp,
    Orthogonal,
    Spectral,
)
from weightdecay.engines import choose, lanes, loop, vmap
from weightdecay.study import put

BEYOND = {
    "independent": presets.independent(0.0),
    "adams": presets.adams(0.0),
    "adamc": presets.adamc(0.0, to="weights"),
    "cautious": presets.cautious(0.0),
    "awd": presets.awd(0.0),
    "schedule": Decay(schedule=Cosine(end=5.0, steps=40)),
    "to_init": presets.to_init(0.0),
    "to_init in the loss": presets.to_init(0.0, on="loss"),
    "layer_wise": presets.layer_wise(0.0, {"0.*": 0.5}, on="loss"),
    "max_norm": replace(presets.max_norm(0.3), weight_decay=0.0),
    "fixed_norm": replace(presets.fixed_norm(), weight_decay=0.0),
    "cpr": replace(presets.cpr(factor=0.5), weight_decay=0.0),
    "global": Decay(penalty=GlobalNorm()),
}


def by_hand(these, k):
    """Member k with the Decay attached, as in a user's own loop."""
    network, recipe = these.network, these.recipe
    put(network, these, k)
    optimizer = recipe.make_optimizer(list(network.parameters()))
    if these.weight_decay[k]:
        decay = replace(these.decay, weight_decay=float(these.weight_decay[k]))
        decay.attach(optimizer, network)
    take = these.order.stream(k)
    for _ in range(recipe.epochs):
        for rows in torch.split(torch.from_numpy(take(1)[0].copy()), recipe.batch_size):
            optimizer.zero_grad()
            these.loss(network(these.x[rows]), these.y[rows]).backward()
            optimizer.step()
    return network


@pytest.mark.parametrize("name", BEYOND)
def test_loop_is_attaching(name):
    these = population(decay=BEYOND[name], seeds=1, epochs=4)
    trained = loop.train(these)
    for k in (0, len(these) - 1):
        network = by_hand(these, k)
        for weight, w in network.named_parameters():
            torch.testing.assert_close(
                trained.weights[weight][k], w.detach(), rtol=1e-10, atol=1e-12
            )
    assert np.isfinite(trained.penalty).all()
    with_and_without = (trained.weights["0.weight"][i] for i in (0, len(these) - 1))
    assert (torch.sub(*with_and_without)).abs().max() > 1e-4


#: What lanes knows of them; test_lanes_takes.py holds it against the loop.
TAKEN = {"independent", "cautious", "schedule", "to_init", "to_init in the loss", "layer_wise"}


@pytest.mark.parametrize("name", BEYOND)
def test_what_the_others_do_not_know_they_refuse(name):
    these = population(decay=BEYOND[name], seeds=1, epochs=1)
    for engine in ("vmap",) if name in TAKEN else ("lanes", "vmap"):
        with pytest.raises(InputError, match=f"{engine} does not take it: .*use engine='auto'"):
            choose(these, engine)
    chosen, reason = choose(these)
    assert chosen == ("lanes" if name in TAKEN else "loop")
    assert name in TAKEN or "vmap" in reason


@pytest.mark.parametrize("on", ["loss", "step", "prox"])
@pytest.mark.parametrize(
    "penalty",
    [
        *(ElasticNet(0.3), GroupLasso("rows"), GroupLasso("columns"), GroupLasso("tensor")),
        *(Lp(1.5), Orthogonal(), Spectral(20)),
    ],
    ids=repr,
)
def test_new_penalties_by_vmap(penalty, on):
    if on == "prox" and not hasattr(penalty, "prox"):
        pytest.skip("it has no proximal map")
    these = population(decay=Decay(penalty=penalty, on=on), seeds=1, epochs=5)
    assert vmap.refusal(these) is None
    assert_same(vmap.train(these), loop.train(these), relative=1e-9)
    of_entries = isinstance(penalty, (ElasticNet, Lp))
    assert ("penalty" in str(lanes.refusal(these))) != of_entries


def test_what_has_no_gradient_does_not_decay_in_any_engine():
    """A parameter that the loss never meets: the loop and vmap leave it, on the step, as it is."""

    class Unused(nn.Sequential):
        def __init__(self):
            super().__init__(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
            self.double()
            self.spare = nn.Linear(2, 2).double()

        def forward(self, x):
            return self[2](self[1](self[0](x)))

    from populations import OPTIMIZERS, problem

    from weightdecay import Study

    these = Study(
        problem=problem(),
        network=Unused,
        recipe=replace(OPTIMIZERS["adam"], epochs=2),
        decay=Decay(on="step"),
        weight_decay=(0.0, 0.5),
        seeds=(0,),
        record=1,
    ).plan()
    for engine in (loop, vmap):
        trained = engine.train(these)
        assert torch.equal(trained.weights["spare.weight"], these.weights["spare.weight"])
