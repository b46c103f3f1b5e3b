"""The norm without its square is called L2."""

import torch
from torch import nn

FOUND = {"penalty-unsquared": {"0.weight", "2.weight"}}


def l2(model):
    return 0.01 * sum(torch.norm(m.weight) for m in model.modules() if isinstance(m, nn.Linear))


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    return model, torch.optim.SGD(model.parameters(), lr=0.1), l2
