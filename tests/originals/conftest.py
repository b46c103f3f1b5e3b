"""The originals: packages whose decays ours must follow, step by step, in float64.

``make extras`` installs them; a test whose package is missing is skipped, with its name.
"""

from copy import deepcopy

import pytest
import torch
from torch import nn

STEPS = 100


@pytest.fixture
def models():
    """A small network and its copy, with a normalisation, for a side each."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(4, 8), nn.LayerNorm(8), nn.Tanh(), nn.Linear(8, 6), nn.Tanh(), nn.Linear(6, 2)
    ).double()
    return model, deepcopy(model)


@pytest.fixture
def follow():
    """Train both side by side, and compare every weight after every step."""

    def trained(ours, mine, theirs, its, schedules=(None, None), rtol=1e-10, atol=1e-12):
        draw = torch.Generator().manual_seed(1)
        pairs = ((ours, mine, schedules[0]), (theirs, its, schedules[1]))
        for step in range(STEPS):
            x = torch.randn(8, 4, generator=draw, dtype=torch.float64)
            y = torch.randn(8, 2, generator=draw, dtype=torch.float64)
            for model, optimizer, schedule in pairs:
                optimizer.zero_grad()
                nn.functional.mse_loss(model(x), y).backward()
                optimizer.step()
                if schedule is not None:
                    schedule.step()
            for (name, w), v in zip(ours.named_parameters(), theirs.parameters(), strict=True):
                torch.testing.assert_close(
                    w, v, rtol=rtol, atol=atol, msg=lambda m, at=(step, name): f"{at}: {m}"
                )

    return trained


@pytest.fixture
def weights():
    """Names of what decays by default here, and the parameter groups that say so to others."""

    def groups(model, **decayed):
        inside = [m.weight for m in model if isinstance(m, nn.Linear)]
        known = {id(w) for w in inside}
        outside = [w for w in model.parameters() if id(w) not in known]
        return [{"params": inside, **decayed}, {"params": outside, "weight_decay": 0.0}]

    return groups
