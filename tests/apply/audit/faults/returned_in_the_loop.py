"""The loop returns in its first turn, so only the first parameter is in the penalty."""

import torch
from torch import nn

FOUND = {"penalty-one-layer": {"0.weight"}}


def penalty(model):
    total = 0
    for w in model.parameters():
        total += 0.01 * w.square().sum()
        return total
    return total


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    return model, torch.optim.SGD(model.parameters(), lr=0.1), penalty
