"""pytorch-optimizer's decoupled, fixed, stable and corrected decays."""

import pytest
from torch import optim

from weightdecay import Decay, presets

LR, LAMBDA = 0.02, 0.05

theirs_is = pytest.importorskip(
    "pytorch_optimizer", reason="pytorch-optimizer is not installed: `make extras` does it"
)


def cosine(optimizer):
    return optim.lr_scheduler.CosineAnnealingLR(optimizer, 120)


def test_sgdw(models, follow, weights):
    ours, theirs = models
    mine = optim.SGD(ours.parameters(), lr=LR, momentum=0.9)
    presets.sgdw(LAMBDA).attach(mine, ours)
    its = theirs_is.SGDW(weights(theirs, weight_decay=LAMBDA), lr=LR, momentum=0.9)
    follow(ours, mine, theirs, its, (cosine(mine), cosine(its)))


@pytest.mark.parametrize("foreach", [False, True])
def test_adams(foreach, models, follow, weights):
    """It divides by sqrt(v̄) + eps, the paper and we by sqrt(v̄)."""
    ours, theirs = models
    mine = optim.Adam(ours.parameters(), lr=LR, eps=1e-14)
    presets.adams(LAMBDA).attach(mine, ours)
    its = theirs_is.AdamS(weights(theirs, weight_decay=LAMBDA), lr=LR, eps=1e-14, foreach=foreach)
    follow(ours, mine, theirs, its, (cosine(mine), cosine(its)), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("foreach", [False, True])
def test_adamc(foreach, models, follow, weights):
    """Its AdamC corrects the groups that say ``normalized``; ours finds the weight itself.

    On its own optimizer, since it adds 1e-15 under the root of the second moment and torch does
    not: a bias before a normalisation has a gradient of 1e-17, where that is everything.
    """
    ours, theirs = models
    mine = theirs_is.AdamC(ours.parameters(), lr=LR, weight_decay=0.0, foreach=foreach)
    presets.adamc(0.8).attach(mine, ours)
    groups = weights(theirs, weight_decay=0.8)
    first, *rest = groups[0]["params"]
    assert first is theirs[0].weight
    its = theirs_is.AdamC(
        [
            {"params": [first], "weight_decay": 0.8, "normalized": True},
            {"params": rest, "weight_decay": 0.8},
            groups[1],
        ],
        lr=LR,
        foreach=foreach,
    )
    follow(ours, mine, theirs, its, (cosine(mine), cosine(its)))


@pytest.mark.parametrize("decoupled", [False, True])
@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("name", ["Lion", "AdaBelief", "Yogi", "Tiger"])
def test_ours_on_their_optimizers(name, decoupled, fixed, models, follow, weights):
    """Their own decay, in three of its forms, against ours attached to the same optimizer."""
    if fixed and not decoupled:
        pytest.skip("fixed_decay is a form of decoupled decay")
    ours, theirs = models
    options = {"lr": 1e-3, "weight_decouple": decoupled, "fixed_decay": fixed}
    kind = getattr(theirs_is, name)
    mine = kind(ours.parameters(), **options, weight_decay=0.0)
    decay = Decay(LAMBDA, on="step" if decoupled else "loss", unit="step" if fixed else "lr")
    decay.attach(mine, ours)
    its = kind(weights(theirs, weight_decay=LAMBDA), **options)
    follow(ours, mine, theirs, its, rtol=1e-9, atol=1e-11)
