"""One norm over all weights, without its square."""

import torch
from torch import nn

FOUND = {"penalty-unsquared": {"0.weight", "2.weight"}}


def make():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))

    def l2():
        return 0.01 * torch.cat([model[0].weight.flatten(), model[2].weight.flatten()]).norm()

    return model, torch.optim.SGD(model.parameters(), lr=0.1), l2
