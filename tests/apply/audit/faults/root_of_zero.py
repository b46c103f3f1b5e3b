"""sqrt(Σw²) of weights that start at 0: its gradient there is NaN."""

import torch
from torch import nn

FOUND = {"penalty-not-finite": {"weight"}, "penalty-unsquared": {"weight"}}


def penalty(model):
    return 0.01 * model.weight.square().sum().sqrt()


def make():
    model = nn.Linear(3, 1)
    nn.init.zeros_(model.weight)
    return model, torch.optim.SGD(model.parameters(), lr=0.1), penalty
