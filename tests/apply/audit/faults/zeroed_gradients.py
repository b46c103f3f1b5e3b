"""A layer "frozen" by zeros in its gradient: the decay goes on."""

import torch
from torch import nn

FOUND = {"frozen-but-decaying": {"0.weight"}}


def make():
    model = nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(), nn.Linear(4, 1, bias=False))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.01)
    torch.manual_seed(0)
    model(torch.randn(5, 3)).square().sum().backward()
    model[0].weight.grad.zero_()
    return model, optimizer
