"""pytorch-cpr's single-tensor path, and the faults of its other one."""

import pytest
import torch
from torch import nn, optim

from weightdecay import presets

original = pytest.importorskip(
    "pytorch_cpr", reason="pytorch-cpr is not installed: `make extras` does it"
)
LR = 0.02
# torch's own, of what the package calls that torch has replaced.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*is_compiling:UserWarning"),
]


def groups(model):
    inside = [m.weight for m in model if isinstance(m, nn.Linear)]
    known = {id(w) for w in inside}
    outside = [w for w in model.parameters() if id(w) not in known]
    return [{"params": inside, "regularize": True}, {"params": outside, "regularize": False}]


@pytest.mark.parametrize(
    ("method", "parameter", "decay"),
    [
        ("warm_start", 10, presets.cpr(warm_start=10)),
        ("uniform", 3.0, presets.cpr(kappa=3.0)),
        ("dependent", 0.7, presets.cpr(factor=0.7)),
        ("uniform", 3.0, presets.cpr(kappa=3.0, weight_decay=0.2)),
    ],
)
def test_bounds(method, parameter, decay, models, follow):
    """It keeps κ and the multiplier in float32, so that is how closely it can be followed."""
    ours, theirs = models
    mine = optim.Adam(ours.parameters(), lr=LR)
    decay.attach(mine, ours)
    its = original.AdamCPR(
        groups(theirs),
        lr=LR,
        kappa_init_method=method,
        kappa_init_param=parameter,
        kappa_update=decay.weight_decay,
        foreach=False,
    )
    follow(ours, mine, theirs, its, rtol=1e-5, atol=1e-6)


def test_unset_bound_is_active(models):
    """Unset is 1e6 on one side and looked for as 1000 on the other, so no bound is ever found."""
    model, _ = models
    its = original.AdamCPR(groups(model), lr=LR, reg_step_size=2, reg_ema_decay=0.5, foreach=False)
    for _ in range(60):
        its.zero_grad()
        model(torch.ones(2, 4, dtype=torch.float64)).square().sum().backward()
        its.step()
    assert its.state[model[0].weight]["kappa"].item() == 1e6


def test_the_foreach_path_shrinks_l1_by_the_weight_and_not_by_its_sign(models):
    """So its two paths part; ours has the sign, in the penalty L1 with any coupling."""
    for model, foreach in zip(models, (False, True), strict=True):
        its = original.AdamCPR(
            groups(model),
            lr=LR,
            kappa_init_method="uniform",
            kappa_init_param=0.0,
            reg_function="l1",
            foreach=foreach,
        )
        model(torch.ones(2, 4, dtype=torch.float64)).square().sum().backward()
        its.step()
    assert (models[0][0].weight - models[1][0].weight).abs().max() > 1e-2
