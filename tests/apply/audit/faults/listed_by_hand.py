"""A tied parameter is listed once for each layer that has it; torch only warns."""

import warnings

import torch
from torch import nn

FOUND = {"listed-twice": {"0.weight"}}


def make():
    model = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False))
    model[1].weight = model[0].weight
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimizer = torch.optim.SGD([m.weight for m in model], lr=0.1, weight_decay=0.01)
    return model, optimizer
