"""The same loop over the weights alone: the last weight, which may as well be meant."""

import torch
from torch import nn

FOUND = {"penalty-one-layer": {"2.weight"}}


def penalty(model):
    for name, w in model.named_parameters():
        if "weight" in name:
            total = 0.01 * w.square().sum()
    return total


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    return model, torch.optim.SGD(model.parameters(), lr=0.1), penalty
