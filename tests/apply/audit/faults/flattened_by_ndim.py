"""Groups by the number of axes, made after the weights were flattened as FSDP does."""

import torch
from torch import nn

FOUND = {"flattened-not-decayed": {"_flat_param"}}


class Flattened(nn.Module):
    def __init__(self, module):
        super().__init__()
        self._flat_param = nn.Parameter(torch.cat([w.flatten() for w in module.parameters()]))


def make():
    model = Flattened(nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 1))).requires_grad_()
    matrices = [w for w in model.parameters() if w.ndim >= 2]
    vectors = [w for w in model.parameters() if w.ndim < 2]
    groups = [
        {"params": matrices, "weight_decay": 0.1},
        {"params": vectors, "weight_decay": 0.0},
    ]
    return model, torch.optim.AdamW(groups, lr=1e-3)
