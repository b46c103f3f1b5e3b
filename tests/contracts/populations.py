"""Populations for the engine contracts: small, in float64, with dead and diverging members."""

from dataclasses import replace
from itertools import pairwise

import torch
from torch import nn

from weightdecay.decay import Decay
from weightdecay.study import Population, Problem, Recipe, Study

ACTIVATIONS = {
    "identity": nn.Identity,
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.1),
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softplus": nn.Softplus,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
}

OPTIMIZERS = {
    "sgd": Recipe(optimizer="sgd", lr=0.02),
    "momentum": Recipe(optimizer="sgd", lr=0.01, options={"momentum": 0.9}),
    "nesterov": Recipe(optimizer="sgd", lr=0.01, options={"momentum": 0.9, "nesterov": True}),
    "adam": Recipe(optimizer="adam", lr=0.02),
    "adamw": Recipe(optimizer="adamw", lr=0.02, options={"betas": (0.8, 0.99), "eps": 1e-6}),
}


def network(activation: str, sizes: tuple[int, ...] = (2, 5, 3, 2)) -> nn.Sequential:
    """Linear layers with `activation` between them and after the last but one."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs, dtype=torch.float64), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def problem(rows: int = 10, held_out: int = 7) -> Problem:
    """Rows [n, 2] → [n, 2] of a smooth function with noise, two folds."""
    generator = torch.Generator().manual_seed(5)
    x = torch.randn(rows + held_out, 2, generator=generator, dtype=torch.float64)
    y = torch.stack([x.prod(1), x.sum(1).sin()], dim=1)
    y += 0.1 * torch.randn(y.shape, generator=generator, dtype=torch.float64)
    here = torch.arange(rows + held_out)
    return Problem(x, y, ((here[:rows], here[rows:]), (here[held_out:], here[:held_out])))


def population(
    activation: str = "tanh",
    optimizer: str = "adam",
    decay: Decay | None = None,
    *,
    seeds: int = 2,
    epochs: int = 10,
    batch_size: int = 2,
    shuffle: bool = True,
) -> Population:
    """3 λs × `seeds` × 2 folds: 50 steps in 10 epochs of 10 rows, 2 a step."""
    return Study(
        problem=problem(),
        network=lambda: network(activation),
        recipe=replace(
            OPTIMIZERS[optimizer], epochs=epochs, batch_size=batch_size, shuffle=shuffle
        ),
        decay=decay or Decay(),
        weight_decay=(0.0, 0.01, 0.3),
        seeds=tuple(range(seeds)),
        record=4,
    ).plan()


def with_dead_member(this: Population, k: int) -> Population:
    """Member `k` with all its biases far below 0 and no weights: a ReLU in it never fires."""
    weights = {name: w.clone() for name, w in this.weights.items()}
    for name, w in weights.items():
        w[k] = -3.0 if name.endswith("bias") else 0.0
    return replace(this, weights=weights)


def with_diverging_member(this: Population, k: int, size: float = 1e200) -> Population:
    """Member `k` with weights so large that its loss is infinite at once, or soon."""
    weights = {name: w.clone() for name, w in this.weights.items()}
    for w in weights.values():
        w[k] *= size
    return replace(this, weights=weights)
