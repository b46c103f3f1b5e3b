"""Frozen between two steps, and the gradient set to zeros instead of None."""

import torch
from torch import nn

FOUND = {"frozen-but-decaying": {"0.weight"}}


def make():
    model = nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(), nn.Linear(4, 1, bias=False))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.01)
    model(torch.ones(5, 3)).square().sum().backward()
    optimizer.zero_grad(set_to_none=False)
    model[0].requires_grad_(False)
    return model, optimizer
