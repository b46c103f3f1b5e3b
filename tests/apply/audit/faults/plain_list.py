"""Layers in a list and scales in a dict of Python's: the model does not know of them."""

import torch
from torch import nn

FOUND = {"unregistered": {"body.layers", "body.scales"}}


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3, bias=False)
        self.layers = [nn.Linear(3, 3) for _ in range(2)]
        self.scales = {"out": nn.Parameter(torch.ones(3))}


def make():
    model = nn.ModuleDict({"body": Body(), "head": nn.Linear(3, 1, bias=False)})
    return model, torch.optim.AdamW(model.parameters(), lr=1e-3)
