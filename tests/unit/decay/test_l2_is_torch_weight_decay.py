"""L2 in the loss is torch's coupled weight_decay, on the step its decoupled one, at every step."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from weightdecay.decay import L2, Decay, selected

LR, LAMBDA, STEPS = 0.05, 0.3, 25
COUPLED = [
    (torch.optim.SGD, {}),
    (torch.optim.SGD, {"momentum": 0.9}),
    (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    (torch.optim.SGD, {"momentum": 0.5, "dampening": 0.5}),
    (torch.optim.Adam, {}),
    (torch.optim.Adam, {"betas": (0.5, 0.9), "amsgrad": True}),
    (torch.optim.RMSprop, {}),
]


@pytest.fixture
def model():
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double()


def data():
    draw = torch.Generator().manual_seed(0)
    return (torch.randn(16, p, generator=draw, dtype=torch.float64) for p in (3, 2))


def by_hand(model, optimizer, decay):
    """One step as the docstring of Decay defines it."""
    x, y = data()
    decayed = [model.get_parameter(name) for name in selected(model, decay.select)]
    loss = nn.functional.mse_loss(model(x), y)
    if decay.on == "loss":
        loss = loss + decay.weight_decay * sum(decay.penalty.value(w) for w in decayed)
    optimizer.zero_grad()
    loss.backward()
    if decay.on == "step":
        with torch.no_grad():
            for w in decayed:
                w -= LR * decay.weight_decay * decay.penalty.gradient(w)
    optimizer.step()


def by_torch(model, optimizer):
    x, y = data()
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()


def assert_same_at_every_step(ours, decay, kind, torchs, options, groups=nn.Module.parameters):
    theirs = deepcopy(ours)
    mine = kind(ours.parameters(), lr=LR, weight_decay=0.0, **options)
    its = torchs(groups(theirs), lr=LR, weight_decay=LAMBDA, **options)
    for _ in range(STEPS):
        by_hand(ours, mine, decay)
        by_torch(theirs, its)
        for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("kind", "options"), COUPLED)
def test_in_the_loss(model, kind, options):
    decay = Decay(LAMBDA, L2(), on="loss", select="all")
    assert_same_at_every_step(model, decay, kind, kind, options)


@pytest.mark.parametrize("options", [{}, {"betas": (0.5, 0.9), "amsgrad": True}])
def test_on_the_step(model, options):
    decay = Decay(LAMBDA, L2(), on="step", select="all")
    assert_same_at_every_step(model, decay, torch.optim.Adam, torch.optim.AdamW, options)


@pytest.mark.parametrize(
    ("on", "torchs"), [("loss", torch.optim.Adam), ("step", torch.optim.AdamW)]
)
def test_selection_is_torchs_parameter_groups(model, on, torchs):
    def groups(network):
        return [
            {"params": [network[0].weight, network[2].weight]},
            {"params": [network[0].bias, network[2].bias], "weight_decay": 0.0},
        ]

    decay = Decay(LAMBDA, L2(), on=on, select="weights")
    assert_same_at_every_step(model, decay, torch.optim.Adam, torchs, {}, groups)


def test_the_couplings_differ_under_adam(model):
    other = deepcopy(model)
    for network, on in ((model, "loss"), (other, "step")):
        optimizer = torch.optim.Adam(network.parameters(), lr=LR)
        by_hand(network, optimizer, Decay(LAMBDA, L2(), on=on))
    assert (model[0].weight - other[0].weight).abs().max() > 1e-3
