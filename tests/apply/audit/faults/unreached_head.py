"""The head came after the optimizer: no group has its parameters."""

import torch
from torch import nn

FOUND = {"not-in-optimizer": {"1.weight", "1.bias"}}


def make():
    model = nn.Sequential(nn.Linear(3, 4))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.append(nn.Linear(4, 1))
    return model, optimizer
