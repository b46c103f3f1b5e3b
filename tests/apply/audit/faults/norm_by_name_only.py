"""Groups by the word "norm" in the name: a normalisation of another name is missed."""

import torch
from torch import nn

FOUND = {
    "normalization-decayed": {"ln_1.weight", "scaled.g"},
    "other-decayed": {"scale.gamma"},
}


class RootMeanSquare(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.g = nn.Parameter(torch.ones(size))

    def forward(self, x):
        return self.g * x * x.square().mean(-1, keepdim=True).add(1e-6).rsqrt()


class LayerScale(nn.Module):
    """Not a normalisation: its output grows with its input."""

    def __init__(self, size):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(size))

    def forward(self, x):
        return x * self.gamma


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(4)
        self.norm = nn.LayerNorm(4)
        self.scaled = RootMeanSquare(4)
        self.scale = LayerScale(4)
        self.out = nn.Linear(4, 4)

    def forward(self, x):
        return self.out(self.scale(self.scaled(self.norm(self.ln_1(x)))))


def make():
    model = Block()
    kept, free = [], []
    for name, w in model.named_parameters():
        (free if "bias" in name or "norm" in name else kept).append(w)
    groups = [{"params": kept, "weight_decay": 0.1}, {"params": free, "weight_decay": 0.0}]
    return model, torch.optim.AdamW(groups, lr=1e-3)
