"""model.parameters() is kept in a variable: a generator, empty after the first batch."""

import torch
from torch import nn

FOUND = {"penalty-exhausted": set(), "bias-decayed": {"0.bias", "2.bias"}}


class Penalty:
    def __init__(self, model):
        self.params = model.parameters()

    def __call__(self):
        return 0.01 * sum(w.square().sum() for w in self.params)


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    return model, torch.optim.SGD(model.parameters(), lr=0.1), Penalty(model)
