"""A small network, its data, and a run of steps, for the contracts of attaching."""

from copy import deepcopy

import torch
from torch import nn


def network(seed=3, dtype=torch.float64):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).to(dtype)


def data(step=0, dtype=torch.float64):
    draw = torch.Generator().manual_seed(step)
    return tuple(torch.randn(16, p, generator=draw, dtype=torch.float64).to(dtype) for p in (3, 2))


def backward(model, step=0):
    x, y = data(step, next(model.parameters()).dtype)
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    return loss


def run(model, optimizer, steps, first=0, scheduler=None):
    for step in range(first, first + steps):
        optimizer.zero_grad()
        backward(model, step)
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
    return model


def groups(model, weight_decay):
    """Torch's own: weights decay, biases do not."""
    return [
        {"params": [model[0].weight, model[2].weight], "weight_decay": weight_decay},
        {"params": [model[0].bias, model[2].bias], "weight_decay": 0.0},
    ]


def pair():
    one = network()
    return one, deepcopy(one)


def assert_same(one, other, **tolerance):
    for (name, w), v in zip(one.named_parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(
            w, v, **(tolerance or {"rtol": 0, "atol": 0}), msg=lambda m, n=name: f"{n}: {m}"
        )
