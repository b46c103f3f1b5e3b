"""What all members of a population share, as machine code wants it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from weightdecay.decay import Objective
from weightdecay.engines.lanes import losses
from weightdecay.engines.lanes.kernel import Rows, Rule
from weightdecay.engines.lanes.layout import Network, read
from weightdecay.engines.lanes.rule import rule
from weightdecay.language import Phrase, phrase
from weightdecay.study import Population


class Team(NamedTuple):
    """Network, recipe and rows, and what each of the K members brings along."""

    network: Network
    rule: Rule
    rows: Rows
    terms: int  # of a row's loss
    flat: NDArray[np.floating]  # [K, n] initial numbers
    anchor: NDArray[np.floating] | None  # [K, n] the point around which Ω is measured
    per_weight: dict[str, NDArray[np.float64]]  # [K] one over the mean weight of train, test, held


def described(population: Population) -> Network | Phrase:
    """Describe the network, or say what of it or of the targets lanes cannot take."""
    network = read(population.network, Objective(population.decay, population.network).factors)
    if isinstance(network, Phrase):
        return network
    loss = losses.code(population.loss)
    if loss is not None and losses.table(loss, population.y, int(network.sizes[-1])) is None:
        y = population.y
        return phrase("engine.refusal.targets", shape=list(y.shape[1:]), kind=y.dtype)
    return network


def team(population: Population) -> Team:
    """Put into arrays what the members of `population`, which is not refused, have in common."""
    network, numbers = described(population), rule(population)
    assert isinstance(network, Network)
    x = np.ascontiguousarray(population.x.numpy())
    y = losses.table(numbers.loss, population.y, int(network.sizes[-1]))
    assert y is not None
    weight = population.sample_weight
    rows = {"train": population.order.train, "test": population.test, "held": population.held}
    return Team(
        network=network,
        rule=numbers,
        rows=Rows(
            x,
            np.ascontiguousarray(y.astype(x.dtype)),
            (np.zeros(0) if weight is None else weight.numpy()).astype(x.dtype)[:, None],
        ),
        terms=1 if numbers.loss == losses.CLASSES else y.shape[1],
        flat=_flat(population.weights.values()),
        anchor=_anchor(population),
        per_weight={name: _per_weight(weight, which) for name, which in rows.items()},
    )


def _flat(weights: Iterable[Tensor]) -> NDArray[np.floating]:
    flat: NDArray[np.floating] = torch.cat([w.flatten(1) for w in weights], dim=1).numpy()
    return flat


def _anchor(population: Population) -> NDArray[np.floating] | None:
    if population.decay.around == "zero":
        return None
    if population.decay.around == "start":
        return _flat(population.weights.values())
    points = Objective(population.decay, population.network).points
    zeros = {name: torch.zeros_like(w) for name, w in population.weights.items()}
    return _flat([z + points[name] if name in points else z for name, z in zeros.items()])


def _per_weight(weight: Tensor | None, rows: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    if weight is None:
        return np.ones(len(rows))
    table = weight.double().numpy()
    return np.array([1 / table[some].mean() if len(some) else 1.0 for some in rows])
