"""The sum of the weights is taken for L1."""

import torch
from torch import nn

FOUND = {"penalty-signed-sum": {"0.weight", "2.weight"}}


def l1(model):
    return 0.01 * (model[0].weight.sum() + model[2].weight.sum())


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    return model, torch.optim.SGD(model.parameters(), lr=0.1), l1
