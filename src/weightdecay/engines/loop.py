"""The reference engine: plain PyTorch, one member at a time.

Every other engine is measured against this one, so it is written to be read.
"""

from collections.abc import Callable
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn

from weightdecay.decay import Decay, selected
from weightdecay.study import Population, Recipe, Trained

name = "loop"


def refusal(population: Population) -> None:
    """Nothing: the loop takes every population."""


def train(population: Population, progress: Callable[[int], None] = lambda epochs: None) -> Trained:
    """Train every member by itself; the contract is that of :func:`weightdecay.engines.train`."""
    members = [_member(population, k, progress) for k in range(len(population))]
    networks, losses, diverged = zip(*members, strict=True)
    train_loss, test_loss, penalty = np.array(losses).transpose(2, 0, 1)
    return Trained(
        weights={
            name: torch.stack([network.get_parameter(name).detach() for network in networks])
            for name in population.weights
        },
        train_loss=train_loss,
        test_loss=test_loss,
        penalty=penalty,
        diverged=np.array(diverged),
    )


def _member(
    population: Population, k: int, progress: Callable[[int], None]
) -> tuple[nn.Module, list[tuple[float, float, float]], int]:
    network = deepcopy(population.network)
    network.load_state_dict({name: w[k] for name, w in population.weights.items()}, strict=False)
    decay, weight_decay = population.decay, float(population.weight_decay[k])
    decayed = [network.get_parameter(name) for name in selected(network, decay.select)]
    optimizer = make_optimizer(network, population.recipe)
    data_loss = nn.MSELoss()
    x, y = population.x, population.y
    train_rows = torch.from_numpy(population.order.train[k])
    test_rows = torch.from_numpy(population.test[k])
    take = population.order.stream(k)

    def penalty() -> Tensor | float:
        if weight_decay == 0 or not decayed:
            return 0.0
        return weight_decay * sum(decay.penalty.value(w) for w in decayed)

    def measure() -> tuple[float, float, float]:
        with torch.no_grad():
            return (
                float(data_loss(network(x[train_rows]), y[train_rows])),
                float(data_loss(network(x[test_rows]), y[test_rows])) if len(test_rows) else np.nan,
                float(penalty()),
            )

    history = []
    diverged = 0
    for epoch in range(population.recipe.epochs + 1):
        if epoch and not diverged:
            order = torch.from_numpy(take(1)[0].copy())
            for rows in torch.split(order, population.recipe.batch_size):
                optimizer.zero_grad()
                loss = data_loss(network(x[rows]), y[rows])
                if not torch.isfinite(loss):
                    diverged = epoch
                    break
                objective = loss + penalty() if decay.on == "loss" else loss
                objective.backward()
                if decay.on == "step":
                    decay_weights(decayed, decay, population.recipe.lr * weight_decay)
                optimizer.step()
            progress(1)
        if epoch in population.record:
            history.append((np.nan, np.nan, np.nan) if diverged else measure())
    return network, history, diverged


def make_optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Torch's own optimizer for `recipe`, without a decay of its own."""
    kinds: dict[str, Callable[..., torch.optim.Optimizer]] = {
        "sgd": torch.optim.SGD,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
    }
    make = kinds[recipe.optimizer]
    return make(network.parameters(), lr=recipe.lr, weight_decay=0.0, **recipe.options)


@torch.no_grad()
def decay_weights(decayed: list[nn.Parameter], decay: Decay, amount: float) -> None:
    """w ← w − amount·∂Ω(w), in place."""
    for w in decayed:
        w.sub_(amount * decay.penalty.gradient(w))
