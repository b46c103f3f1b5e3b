"""Adam with weight_decay is taken for AdamW."""

import torch
from torch import nn

FOUND = {"adam-not-adamw": {"weight"}}


def make():
    model = nn.Linear(3, 1, bias=False)
    return model, torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=0.01)
