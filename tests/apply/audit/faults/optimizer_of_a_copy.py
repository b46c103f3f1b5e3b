"""The model was copied after the optimizer was made."""

import copy

import torch
from torch import nn

FOUND = {"other-model": set()}


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return copy.deepcopy(model), optimizer
