"""η·λ = 1.5: a step takes more than the whole weight."""

import torch
from torch import nn

FOUND = {"overshoots": {"weight"}}


def make():
    model = nn.Linear(3, 1, bias=False)
    return model, torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=15.0)
