"""The article's data, network and protocol."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from weightdecay.study import Problem, Recipe

X = tuple(range(1, 11))
Y = (0.52, 8.54, 6.94, 20.76, 32.17, 30.65, 40.46, 80.12, 75.12, 98.83)
#: Units of the layers, input first.
SIZES = (1, 3, 5, 10, 5, 1)
RECIPE = Recipe(lr=0.005, epochs=3000, batch_size=1, optimizer="adam", shuffle=False)


def training_data() -> tuple[Tensor, Tensor]:
    """Ten noisy points of y = x²: x [10, 1] and y [10, 1]."""
    return (
        torch.tensor(X, dtype=torch.float32)[:, None],
        torch.tensor(Y, dtype=torch.float32)[:, None],
    )


def grid() -> Tensor:
    """Where the article looks at the fit: x = 0, 0.01 … 9.99, [1000, 1]."""
    return torch.tensor([i / 100 for i in range(1000)], dtype=torch.float32)[:, None]


def problem() -> Problem:
    """Train on the ten points, judge against y = x² on the grid."""
    x = grid()
    return Problem.with_truth(*training_data(), x, x.square())


def network() -> nn.Module:
    """Five linear layers, sigmoids between them, and a ReLU on the output."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(SIZES):
        layers += [nn.Linear(inputs, outputs), nn.Sigmoid()]
    layers[-1] = nn.ReLU()
    return nn.Sequential(*layers)
