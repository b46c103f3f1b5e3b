"""The penalty goes through a copy of the model."""

import copy

import torch
from torch import nn

FOUND = {"penalty-no-gradient": set()}


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    other = copy.deepcopy(model)

    def penalty():
        return 0.01 * sum(w.square().sum() for w in other.parameters())

    return model, torch.optim.SGD(model.parameters(), lr=0.1), penalty
