"""The penalty adds itself up from call to call."""

import torch
from torch import nn

FOUND = {"penalty-changes": set()}


class Penalty:
    total = 0.0

    def __call__(self, model):
        self.total = self.total + 0.01 * model.weight.square().sum()
        return self.total


def make():
    model = nn.Linear(3, 1)
    return model, torch.optim.SGD(model.parameters(), lr=0.1), Penalty()
