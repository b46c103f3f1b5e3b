"""What an engine gets and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from weightdecay.decay import Decay
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
    x, y : Tensor [N, P], [N, Q]
        All rows.
    order : Order
        Each member's training rows and their order.
    test : sequence of K arrays [m] of int64
        Each member's judging rows; may be empty.
    recipe : Recipe
    decay : Decay
    record : tuple of int
        The epochs, ascending, after which losses are measured; 0 is the start, and the last is the
        recipe's last.
    """

    network: nn.Module
    weights: Mapping[str, Tensor]
    weight_decay: NDArray[np.float64]
    x: Tensor
    y: Tensor
    order: Order
    test: Sequence[NDArray[np.int64]]
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
            weight_decay=self.weight_decay[list(members)],
            order=self.order.only(members),
            test=[self.test[k] for k in members],
        )


@dataclass(frozen=True)
class Trained:
    """What became of K members.

    Parameters
    ----------
    weights : mapping of str to Tensor [K, ...]
        Parameters after the last epoch; of a diverged member, those of its last step.
    train_loss, test_loss : array [K, E] float64
        Mean squared error over the member's training and judging rows after each recorded epoch,
        the penalty not counted. NaN from where a member has diverged, or without judging rows.
    penalty : array [K, E] float64
        λ·Ω of the decayed parameters after each recorded epoch.
    diverged : array [K] int64
        The epoch (from 1) in which a step's data loss was not finite, and training stopped; 0 if
        none was.
    """

    weights: Mapping[str, Tensor]
    train_loss: NDArray[np.float64]
    test_loss: NDArray[np.float64]
    penalty: NDArray[np.float64]
    diverged: NDArray[np.int64]
