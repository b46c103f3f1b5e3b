"""bfloat16 weights, and η·λ = 1e-5: w·(1 − ηλ) is w."""

import torch
from torch import nn

FOUND = {"rounds-away": {"0.weight", "2.weight"}}


def make():
    model = nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(), nn.Linear(4, 1, bias=False))
    model.to(torch.bfloat16)
    return model, torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
