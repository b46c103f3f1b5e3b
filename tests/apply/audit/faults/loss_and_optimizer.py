"""A penalty in the loss, and weight_decay in the optimizer, on the same weights."""

import torch
from torch import nn

FOUND = {"decayed-twice": {"0.weight", "2.weight"}}


def penalty(model):
    return 0.01 * (model[0].weight.square().sum() + model[2].weight.square().sum())


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    groups = [
        {"params": [model[0].weight, model[2].weight], "weight_decay": 0.01},
        {"params": [model[0].bias, model[2].bias]},
    ]
    return model, torch.optim.SGD(groups, lr=0.1), penalty
