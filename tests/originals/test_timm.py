"""timm's AdamW and SGDW: decoupled and corrected decay, and what it calls caution."""

import importlib.util
import sys
from types import ModuleType

import pytest
import torch
from torch import optim

from weightdecay import presets

LR, LAMBDA = 0.02, 0.8


@pytest.fixture(scope="module")
def timm():
    """timm.optim alone: the rest of timm needs torchvision, which its optimizers do not."""
    found = importlib.util.find_spec("timm")
    if found is None:
        pytest.skip("timm is not installed: `make extras` does it")
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "timm"}
    package, models = ModuleType("timm"), ModuleType("timm.models")
    package.__path__ = list(found.submodule_search_locations)
    models.group_parameters = None
    sys.modules.update({"timm": package, "timm.models": models})
    import timm.optim
    import timm.optim.adamw

    yield timm.optim
    for name in [name for name in sys.modules if name.split(".")[0] == "timm"]:
        del sys.modules[name]
    sys.modules.update(before)


def cosine(optimizer):
    return optim.lr_scheduler.CosineAnnealingLR(optimizer, 120)


@pytest.mark.parametrize("foreach", [False, True])
@pytest.mark.parametrize("corrected", [False, True])
def test_adamw(timm, foreach, corrected, models, follow, weights):
    ours, theirs = models
    mine = optim.Adam(ours.parameters(), lr=LR)
    decay = presets.adamc(LAMBDA, to="all") if corrected else presets.adamw(LAMBDA)
    decay.attach(mine, ours)
    its = timm.adamw.AdamWLegacy(
        weights(theirs, weight_decay=LAMBDA),
        lr=LR,
        foreach=foreach,
        corrected_weight_decay=corrected,
    )
    follow(ours, mine, theirs, its, (cosine(mine), cosine(its)))


def test_ours_on_timms_own_optimizer(timm, models, follow, weights):
    """Attached to it, in place of its own, with caution: a mask of the update, not of the decay."""
    ours, theirs = models
    mine = timm.adamw.AdamWLegacy(ours.parameters(), lr=LR, weight_decay=0.0, caution=True)
    presets.adamw(LAMBDA).attach(mine, ours)
    its = timm.adamw.AdamWLegacy(weights(theirs, weight_decay=LAMBDA), lr=LR, caution=True)
    follow(ours, mine, theirs, its)


@pytest.mark.parametrize("caution", [False, True])
def test_sgdw(timm, caution, models, follow, weights):
    ours, theirs = models
    mine = timm.SGDW(ours.parameters(), lr=LR, momentum=0.9, weight_decay=0.0, caution=caution)
    presets.adamc(LAMBDA, to="all").attach(mine, ours)
    its = timm.SGDW(
        weights(theirs, weight_decay=LAMBDA),
        lr=LR,
        momentum=0.9,
        caution=caution,
        corrected_weight_decay=True,
    )
    follow(ours, mine, theirs, its, (cosine(mine), cosine(its)))


def test_timm_takes_the_constructors_lr_for_the_peak(timm, models):
    """Under OneCycleLR, whose peak is another, its corrected decay is off by their ratio."""
    _, model = models
    its = timm.adamw.AdamWLegacy(model.parameters(), lr=1e-3, corrected_weight_decay=True)
    mine = optim.Adam(models[0].parameters(), lr=1e-3)
    attached = presets.adamc(LAMBDA, to="all").attach(mine, models[0])
    for optimizer in (mine, its):
        optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=10)
    lr = mine.param_groups[0]["lr"]
    assert its.param_groups[0]["max_lr_snapshot"] == 1e-3
    assert attached.amount("0.weight") == pytest.approx(LAMBDA * lr**2 / 0.1)


def test_its_caution_is_not_cautious_decay(timm, models):
    """arXiv 2411.16085 masks the update by the gradient, 2510.12402 the decay by the update."""
    ours, theirs = models
    mine = optim.Adam(ours.parameters(), lr=LR)
    presets.cautious(LAMBDA).attach(mine, ours)
    its = timm.adamw.AdamWLegacy(theirs.parameters(), lr=LR, weight_decay=LAMBDA, caution=True)
    for model, optimizer in ((ours, mine), (theirs, its)):
        model(torch.ones(1, 4, dtype=torch.float64)).sum().backward()
        optimizer.step()
    assert (ours[0].weight - theirs[0].weight).abs().max() > 1e-3
