"""The penalty is a Python number."""

import torch
from torch import nn

FOUND = {"penalty-no-gradient": set()}


def penalty(model):
    return 0.01 * sum(w.square().sum().item() for w in model.parameters())


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    return model, torch.optim.SGD(model.parameters(), lr=0.1), penalty
