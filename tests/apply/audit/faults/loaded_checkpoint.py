"""load_state_dict brings back the checkpoint's weight_decay in place of the one given."""

import torch
from torch import nn

FOUND = {"loaded-weight-decay": {"weight"}}


def make():
    model = nn.Linear(3, 1, bias=False)
    old = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
    optimizer.load_state_dict(old.state_dict())
    return model, optimizer
