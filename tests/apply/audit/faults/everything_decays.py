"""AdamW gets all parameters: biases, scales of normalisations and embeddings decay."""

import torch
from torch import nn

FOUND = {
    "bias-decayed": {"1.bias", "2.bias"},
    "normalization-decayed": {"1.weight"},
    "embedding-decayed": {"0.weight"},
}


def make():
    model = nn.Sequential(nn.Embedding(7, 4), nn.LayerNorm(4), nn.Linear(4, 2))
    return model, torch.optim.AdamW(model.parameters(), lr=1e-3)
