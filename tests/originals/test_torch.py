"""torch's SGD and AdamW, with every flag."""

from itertools import product

import pytest
from torch import optim

from weightdecay import presets

LR, LAMBDA = 0.02, 0.8

SGD = [
    {"momentum": momentum, "dampening": dampening, "nesterov": nesterov, **path, "maximize": up}
    for momentum, dampening, nesterov, path, up in product(
        (0.0, 0.9),
        (0.0, 0.3),
        (False, True),
        ({"foreach": False}, {"foreach": True}),
        (False, True),
    )
    if not (nesterov and (momentum == 0 or dampening))
]
ADAMW = [
    {"amsgrad": amsgrad, "maximize": up, "betas": betas, **path}
    for amsgrad, up, betas, path in product(
        (False, True),
        (False, True),
        ((0.9, 0.999), (0.5, 0.9)),
        ({"foreach": False}, {"foreach": True}, {"fused": True}),
    )
]


def label(flags):
    return ",".join(f"{name}={value}" for name, value in flags.items())


@pytest.mark.parametrize("flags", SGD, ids=label)
def test_sgd(flags, models, follow, weights):
    ours, theirs = models
    lr = LR / 20 if flags["maximize"] else LR  # a loss that grows must not overflow
    mine = optim.SGD(ours.parameters(), lr=lr, **flags)
    presets.l2(LAMBDA).attach(mine, ours)
    its = optim.SGD(weights(theirs, weight_decay=LAMBDA), lr=lr, **flags)
    follow(ours, mine, theirs, its, rtol=0, atol=0)


@pytest.mark.parametrize("flags", ADAMW, ids=label)
def test_adamw(flags, models, follow, weights):
    ours, theirs = models
    mine = optim.Adam(ours.parameters(), lr=LR, **flags)
    presets.adamw(LAMBDA).attach(mine, ours)
    its = optim.AdamW(weights(theirs, weight_decay=LAMBDA), lr=LR, **flags)
    tolerance = {"rtol": 1e-9, "atol": 1e-11} if "fused" in flags else {"rtol": 0, "atol": 0}
    follow(ours, mine, theirs, its, **tolerance)
