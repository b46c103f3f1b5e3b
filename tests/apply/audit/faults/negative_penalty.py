"""A minus has slipped in: every weight grows, and no bias or scale is pulled towards 0."""

import torch
from torch import nn

FOUND = {
    "penalty-negative": {"0.weight", "1.weight", "1.bias", "2.weight", "2.bias"},
}


def l2(model):
    return -0.01 * sum((w**2).sum() for w in model.parameters())


def make():
    model = nn.Sequential(nn.Embedding(7, 4), nn.LayerNorm(4), nn.Linear(4, 2))
    return model, torch.optim.SGD(model.parameters(), lr=1e-3), l2
