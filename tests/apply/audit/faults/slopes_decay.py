"""AdamW gets all parameters: the slopes of PReLU and a temperature decay with the weights."""

import torch
from torch import nn

FOUND = {"other-decayed": {"temperature", "body.1.weight"}}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.temperature = nn.Parameter(torch.ones(()))
        self.token = nn.Parameter(torch.zeros(1, 1, 2))  # with axes, a weight to our rule
        self.body = nn.Sequential(nn.Linear(2, 4, bias=False), nn.PReLU(4))

    def forward(self, x):
        return self.body(x + self.token) / self.temperature


def make():
    model = Net()
    return model, torch.optim.AdamW(model.parameters())
