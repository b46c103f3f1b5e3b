"""What an engine gets and what it gives back."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from weightdecay.decay import Decay
from weightdecay.study._losses import Loss
from weightdecay.study._order import Order
from weightdecay.study._recipe import Recipe


@dataclass(frozen=True)
class Population:
    """K members to be trained: same network, recipe and decay, each with its own start, rows and λ.

    Parameters
    ----------
    network : torch.nn.Module
        The architecture; the numbers in it are not used.
    weights : mapping of str to Tensor [K, ...]
        Initial parameters by name, one member along the first axis.
    weight_decay : array [K] float64
        λ of each member; takes the place of ``decay.weight_decay``.
    buffers : mapping of str to Tensor [K, ...]
        Initial buffers by name: running statistics and the like.
    x, y : Tensor [N, ...]
        All rows.
    loss : callable
        From outputs and targets to the mean loss.
    order : Order
        Each member's training rows and their order.
    test : sequence of K arrays [m] of int64
        Each member's judging rows; may be empty.
    held : sequence of K arrays [v] of int64
        Rows that each member watches to stop early; empty where it watches none.
    sample_weight : Tensor [N] or None
        How much each row counts, see :class:`weightdecay.Problem`.
    recipe : Recipe
    decay : Decay
    record : tuple of int
        The epochs, ascending, after which losses are measured; 0 is the start, and the last is the
        recipe's last.
    """

    network: nn.Module
    weights: Mapping[str, Tensor]
    weight_decay: NDArray[np.float64]
    buffers: Mapping[str, Tensor]
    x: Tensor
    y: Tensor
    loss: Loss
    order: Order
    test: Sequence[NDArray[np.int64]]
    held: Sequence[NDArray[np.int64]]
    sample_weight: Tensor | None
    recipe: Recipe
    decay: Decay
    record: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.weight_decay)

    def only(self, members: Sequence[int]) -> "Population":
        """Some of the members, as a population of their own."""
        return replace(
            self,
            weights={name: w[list(members)] for name, w in self.weights.items()},
            buffers={name: b[list(members)] for name, b in self.buffers.items()},
            weight_decay=self.weight_decay[list(members)],
            order=self.order.only(members),
            test=[self.test[k] for k in members],
            held=[self.held[k] for k in members],
        )

    def to(self, device: torch.device | str) -> "Population":
        """The same members with their numbers and rows on `device`."""
        return replace(
            self,
            network=deepcopy(self.network).to(device),
            weights={name: w.to(device) for name, w in self.weights.items()},
            buffers={name: b.to(device) for name, b in self.buffers.items()},
            x=self.x.to(device),
            y=self.y.to(device),
            sample_weight=None if self.sample_weight is None else self.sample_weight.to(device),
        )

    def chunks(self, limit: int) -> Iterator[NDArray[np.int64]]:
        """Cut the members into chunks of at most `limit`, each with one number of rows.

        Members with as many rows stand together, and among them those that meet the same rows in
        the same order.
        """

        def rows(k: int) -> tuple[int, int, int]:
            return len(self.order.train[k]), len(self.test[k]), len(self.held[k])

        first: dict[tuple[int, ...], int] = {}
        place = [first.setdefault(self.order.identity(k), k) for k in range(len(self))]
        for _, alike in groupby(sorted(range(len(self)), key=rows), key=rows):
            members = sorted(alike, key=place.__getitem__)
            for start in range(0, len(members), limit):
                yield np.array(members[start : start + limit])

    def mean_weights(self) -> NDArray[np.float64]:
        """Return the mean sample weight [K] of each member's training rows; 1 without weights."""
        if self.sample_weight is None:
            return np.ones(len(self))
        weight = self.sample_weight.double().cpu().numpy()
        return np.array([weight[rows].mean() for rows in self.order.train])


@torch.no_grad()
def put(network: nn.Module, member: "Population | Trained", k: int) -> None:
    """Give `network` the weights and buffers of member `k`."""
    for name, w in member.weights.items():
        network.get_parameter(name).copy_(w[k])
    for name, b in member.buffers.items():
        network.get_buffer(name).copy_(b[k])


@dataclass(frozen=True)
class Trained:
    """What became of K members.

    Parameters
    ----------
    weights : mapping of str to Tensor [K, ...]
        Parameters after the last epoch, on the CPU; of a diverged member, those of its last step.
    buffers : mapping of str to Tensor [K, ...]
        Buffers, likewise.
    train_loss, test_loss : array [K, E] float64
        Mean loss over the member's training and judging rows after each recorded epoch, in
        evaluation mode, the penalty not counted. NaN from where a member has diverged, or without
        judging rows.
    penalty : array [K, E] float64
        λ·Ω of the decayed parameters after each recorded epoch.
    diverged : array [K] int64
        The epoch (from 1) in which a step's data loss was not finite, and training stopped; 0 if
        none was.
    stopped : array [K] int64
        The epoch after which a member stopped early; 0 if it did not. What is recorded later is
        what it was left with.
    """

    weights: Mapping[str, Tensor]
    buffers: Mapping[str, Tensor]
    train_loss: NDArray[np.float64]
    test_loss: NDArray[np.float64]
    penalty: NDArray[np.float64]
    diverged: NDArray[np.int64]
    stopped: NDArray[np.int64]

    def only(self, members: Sequence[int]) -> "Trained":
        """Some of the members."""
        some = list(members)
        return Trained(
            weights={name: w[some] for name, w in self.weights.items()},
            buffers={name: b[some] for name, b in self.buffers.items()},
            train_loss=self.train_loss[some],
            test_loss=self.test_loss[some],
            penalty=self.penalty[some],
            diverged=self.diverged[some],
            stopped=self.stopped[some],
        )
