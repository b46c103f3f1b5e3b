"""A study: problem × network × recipe × decay × λs × seeds, and the members that it plans."""

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain, product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from weightdecay.decay import Decay, selected
from weightdecay.errors import InputError
from weightdecay.language import phrase
from weightdecay.study._data import labels
from weightdecay.study._fit import check_fit
from weightdecay.study._losses import mean_loss, row_losses
from weightdecay.study._order import Order
from weightdecay.study._population import Population
from weightdecay.study._problem import Problem
from weightdecay.study._recipe import Recipe

Split = tuple[NDArray[np.int64], NDArray[np.int64]]


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

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> x = torch.linspace(-1, 1, 12)[:, None]
    >>> study = wd.Study(
    ...     wd.Problem.with_truth(x, x.square(), x, x.square()),
    ...     lambda: torch.nn.Linear(1, 1),
    ...     wd.Recipe(epochs=5),
    ...     wd.Decay(penalty=wd.L2()),
    ...     weight_decay=(0.0, 0.01, 0.1),
    ...     seeds=(0, 1, 2, 3),
    ... )
    >>> study.shape, len(study.plan())  # [L, S, F], K
    ((3, 4, 1), 12)
    """

    problem: Problem
    network: Callable[[], nn.Module]
    recipe: Recipe
    decay: Decay
    weight_decay: tuple[float, ...]
    seeds: tuple[int, ...]
    record: int = 30

    def __post_init__(self) -> None:
        for name, kind in (("recipe", Recipe), ("decay", Decay)):
            if not isinstance(getattr(self, name), kind):
                given = type(getattr(self, name)).__name__
                raise InputError(f"{name}: it is a {given}; give a {kind.__name__}")
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

    def template(self) -> nn.Module:
        """A network to put members' weights into; torch's random state is left as it was."""
        with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
            return self.network()

    def epochs(self) -> tuple[int, ...]:
        """The epochs that are recorded: 0, the last, and others evenly on a root scale.

        Curves bend early, so early epochs lie closer together.
        """
        last = self.recipe.epochs
        grid = np.linspace(0, math.sqrt(last), min(self.record, last + 1)) ** 2
        return tuple(sorted({0, last, *(int(e) for e in grid.round())}))

    def plan(self) -> Population:
        """The K = L·S·F members, λ the slowest axis and fold the fastest."""
        template, weights, buffers = starts(self.network, self.seeds)
        splits = [
            (train.numpy().astype(np.int64), test.numpy().astype(np.int64))
            for train, test in self.problem.splits
        ]
        members = list(product(self.weight_decay, self.seeds, range(len(splits))))
        if not any(p.requires_grad for p in template.parameters()):
            raise InputError(phrase("network.error.untrainable"))
        if max(self.weight_decay) > 0 and not selected(template, self.decay.select):
            raise InputError(phrase("network.error.no_decay", select=self.decay.select))
        loss = mean_loss(self.problem.loss)
        rows = self._rows(splits)
        fewest = min(_last_step(len(train), self.recipe.batch_size) for train, _ in rows.values())
        check_fit(template, self.problem.x, self.problem.y, loss, fewest)
        if self.problem.sample_weight is not None:
            self._check_mean(template)
        seed = torch.arange(len(self.seeds)).repeat_interleave(len(splits))
        place = seed.repeat(len(self.weight_decay))
        return Population(
            network=template,
            weights={name: w[place] for name, w in weights.items()},
            buffers={name: b[place] for name, b in buffers.items()},
            weight_decay=np.array([value for value, _, _ in members]),
            x=self.problem.x,
            y=self.problem.y,
            loss=loss,
            order=Order(
                train=[rows[seed, fold][0] for _, seed, fold in members],
                keys=[(seed, fold) for _, seed, fold in members],
                shuffle=self.recipe.shuffle,
            ),
            test=[splits[fold][1] for _, _, fold in members],
            held=[rows[seed, fold][1] for _, seed, fold in members],
            sample_weight=self.problem.sample_weight,
            recipe=self.recipe,
            decay=self.decay,
            record=self.epochs(),
        )

    @torch.no_grad()
    def _check_mean(self, network: nn.Module) -> None:
        x, y = self.problem.x[:3], self.problem.y[:3]
        if row_losses(self.problem.loss, deepcopy(network).eval()(x), y) is None:
            raise InputError("sample_weight: the loss is no mean over rows, so rows have no weight")

    def _rows(self, splits: list[Split]) -> dict[tuple[int, int], Split]:
        """Rows that train, and rows that are watched, by seed and fold."""
        stopping = self.recipe.stopping
        if stopping is None:
            return {
                (seed, fold): (train, train[:0])
                for fold, (train, _) in enumerate(splits)
                for seed in self.seeds
            }
        classes = labels(self.problem.y, self.problem.loss)
        known = None if classes is None else classes.cpu().numpy()
        found = {
            (seed, fold): stopping.hold_out(train, (seed, fold), known)
            for fold, (train, _) in enumerate(splits)
            for seed in self.seeds
        }
        if (weight := self.problem.sample_weight) is not None:
            for (seed, fold), sides in found.items():
                if any(len(rows) and not weight[rows].sum() > 0 for rows in sides):
                    raise InputError(
                        f"sample_weight: of fold {fold}, seed {seed} holds out for early stopping "
                        "all rows whose weight is not 0, or none; take another validation_fraction"
                    )
        return found


def _last_step(rows: int, batch_size: int) -> int:
    """Rows of the last step of an epoch, the smallest."""
    return rows % batch_size or batch_size


def starts(
    network: Callable[[], nn.Module], seeds: Sequence[int]
) -> tuple[nn.Module, dict[str, Tensor], dict[str, Tensor]]:
    """Return the first network, and of all their parameters and buffers [S, ...]."""
    first = start(network, seeds[0])
    if not isinstance(first, nn.Module):
        raise InputError(f"network: what makes it returns {type(first).__name__}, no torch Module")
    for name, numbers in chain(first.named_parameters(), first.named_buffers()):
        if is_lazy(numbers):
            raise InputError(phrase("network.error.lazy", name=name))
    # Modules are many times as large as the numbers of a small network: each goes as it is read.
    others = (start(network, seed) for seed in seeds[1:])
    weights: dict[str, list[Tensor]] = {name: [] for name, _ in first.named_parameters()}
    buffers: dict[str, list[Tensor]] = {name: [] for name, _ in first.named_buffers()}
    for one in chain([first], others):
        for name, drawn in weights.items():
            drawn.append(one.get_parameter(name).detach())
        for name, drawn in buffers.items():
            drawn.append(one.get_buffer(name))
    return (
        first,
        {name: torch.stack(drawn) for name, drawn in weights.items()},
        {name: torch.stack(drawn) for name, drawn in buffers.items()},
    )


def start(network: Callable[[], nn.Module], seed: int) -> nn.Module:
    """A network as `seed` draws it; torch's own random state is left as it was."""
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        if torch.accelerator.is_available():
            torch.manual_seed(seed)
        else:  # the same, without a stack trace for every accelerator that is not there
            torch.default_generator.manual_seed(seed)
        return network()
