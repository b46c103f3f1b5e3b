"""A study: problem × network × recipe × decay × λs × seeds, and the members that it plans."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from torch import nn

from weightdecay.decay import Decay, selected
from weightdecay.errors import InputError
from weightdecay.study._fit import check_fit
from weightdecay.study._losses import mean_loss
from weightdecay.study._order import Order
from weightdecay.study._population import Population
from weightdecay.study._problem import Problem
from weightdecay.study._recipe import Recipe


@dataclass(frozen=True)
class Study:
    """Every λ with every seed on every fold.

    Parameters
    ----------
    problem : Problem
    network : callable returning torch.nn.Module
        Called once a seed, after ``torch.manual_seed(seed)``; so a member starts from just the
        weights that the same two lines give in a script.
    recipe : Recipe
    decay : Decay
        Penalty, coupling and selection; its own λ gives way to `weight_decay`.
    weight_decay : tuple of L floats
        The path of λ, ascending, 0 in it; unit and convention as in :class:`~weightdecay.Decay`.
    seeds : tuple of S ints
    record : int, default 30
        About how many epochs are measured for the training curves.

    Raises
    ------
    InputError
        If a λ is negative or not finite, the path lacks 0 or does not ascend, or a seed is
        negative or repeated.
    """

    problem: Problem
    network: Callable[[], nn.Module]
    recipe: Recipe
    decay: Decay
    weight_decay: tuple[float, ...]
    seeds: tuple[int, ...]
    record: int = 30

    def __post_init__(self) -> None:
        for value in self.weight_decay:
            if not (math.isfinite(value) and value >= 0):
                raise InputError(f"weight_decay: {value} is not a finite number of 0 or more")
        if 0.0 not in self.weight_decay or list(self.weight_decay) != sorted(
            set(self.weight_decay)
        ):
            raise InputError("weight_decay: the path must ascend, without repeats, from 0")
        if not self.seeds:
            raise InputError("seeds: at least one is needed")
        if min(self.seeds) < 0:
            raise InputError(f"seeds: {min(self.seeds)} is negative")
        if len(set(self.seeds)) < len(self.seeds):
            raise InputError("seeds: one stands there twice, and would be counted twice")
        if self.record < 0:
            raise InputError(f"record: {self.record} is negative")

    @property
    def shape(self) -> tuple[int, int, int]:
        """(L, S, F)."""
        return len(self.weight_decay), len(self.seeds), len(self.problem.splits)

    def epochs(self) -> tuple[int, ...]:
        """The epochs that are recorded: 0, the last, and others evenly on a root scale.

        Curves bend early, so early epochs lie closer together.
        """
        last = self.recipe.epochs
        grid = np.linspace(0, math.sqrt(last), min(self.record, last + 1)) ** 2
        return tuple(sorted({0, last, *(int(e) for e in grid.round())}))

    def plan(self) -> Population:
        """The K = L·S·F members, λ the slowest axis and fold the fastest."""
        starts = {seed: _start(self.network, seed) for seed in self.seeds}
        splits = [
            (train.numpy().astype(np.int64), test.numpy().astype(np.int64))
            for train, test in self.problem.splits
        ]
        members = list(product(self.weight_decay, self.seeds, range(len(splits))))
        template = starts[self.seeds[0]]
        if not any(p.requires_grad for p in template.parameters()):
            raise InputError("network: it has no parameter to train")
        if max(self.weight_decay) > 0 and not selected(template, self.decay.select):
            raise InputError(
                f"decay: select={self.decay.select!r} finds no parameter of the network to decay"
            )
        loss = mean_loss(self.problem.loss)
        check_fit(template, self.problem.x, self.problem.y, loss, self._fewest())
        return Population(
            network=template,
            weights={
                name: torch.stack(
                    [starts[seed].get_parameter(name).detach() for _, seed, _ in members]
                )
                for name, _ in template.named_parameters()
            },
            buffers={
                name: torch.stack([starts[seed].get_buffer(name) for _, seed, _ in members])
                for name, _ in template.named_buffers()
            },
            weight_decay=np.array([value for value, _, _ in members]),
            x=self.problem.x,
            y=self.problem.y,
            loss=loss,
            order=Order(
                train=[splits[fold][0] for _, _, fold in members],
                keys=[(seed, fold) for _, seed, fold in members],
                shuffle=self.recipe.shuffle,
            ),
            test=[splits[fold][1] for _, _, fold in members],
            recipe=self.recipe,
            decay=self.decay,
            record=self.epochs(),
        )

    def _fewest(self) -> int:
        """Rows of the smallest training step: the last of an epoch, in some fold."""
        batch = self.recipe.batch_size
        return min(len(train) % batch or batch for train, _ in self.problem.splits)


def _start(network: Callable[[], nn.Module], seed: int) -> nn.Module:
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        torch.manual_seed(seed)
        return network()
