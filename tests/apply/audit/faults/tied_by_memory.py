"""Weights tied through .data: one tensor, two parameters, and each step takes both."""

import torch
from torch import nn

FOUND = {"listed-twice": {"0.weight", "1.weight"}}


def make():
    model = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False))
    model[1].weight = nn.Parameter(model[0].weight.data)
    return model, torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.01)
