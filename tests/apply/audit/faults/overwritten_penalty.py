"""The article's loop: every turn assigns the penalty, so only the last parameter is in it."""

import torch
from torch import nn

FOUND = {"penalty-one-parameter": {"layers.8.bias"}, "bias-decayed": {"layers.8.bias"}}


class Linear(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Linear(1, 3), nn.Sigmoid(), nn.Linear(3, 5), nn.Sigmoid()),
            *(nn.Linear(5, 10), nn.Sigmoid(), nn.Linear(10, 5), nn.Sigmoid()),
            *(nn.Linear(5, 1), nn.ReLU()),
        )

    def forward(self, x):
        return self.layers(x)


def make():
    model = Linear()

    def penalty():
        for w in model.parameters():
            L2 = torch.norm(w, p=2) * 1e8
        return L2

    return model, torch.optim.Adam(model.parameters(), lr=0.005), penalty
