"""A frozen layer in a group that decays: torch passes it by, as long as it has no gradient."""

import torch
from torch import nn

FOUND = {"frozen-in-group": {"0.weight"}}


def make():
    model = nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(), nn.Linear(4, 1, bias=False))
    model[0].requires_grad_(False)
    return model, torch.optim.AdamW(model.parameters(), lr=0.1)
