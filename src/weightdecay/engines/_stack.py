"""Members side by side: weights [k, ...], what each one's loss is, and a training step of them all.

Optimizers that treat every weight by itself take a stack of members for what it is: as many runs
side by side. The loss is the sum over members of each one's mean loss, so that no member's gradient
knows of the others. What an optimizer has as one number for all, λ, is applied beside it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from weightdecay.decay import Proximal, selected
from weightdecay.engines import _memory
from weightdecay.engines._compiled import compiled
from weightdecay.engines._dropout import MemberDropout, at_step, drops
from weightdecay.engines._running import tell_where
from weightdecay.study import Population, weighted_mean

Tensors = dict[str, Tensor]

# Optimizers with a fused step on the CPU: one pass over a stack instead of a dozen.
_FUSED = ("sgd", "adam", "adamw", "adagrad")


class Stack:
    """Some members of a population, and their optimizer.

    Parameters
    ----------
    population : Population
    members : array [k] of int64
    running : list of str, optional
        Where the paths of the modules that are running are kept.
    compile : bool, default False
        Whether full batches go through ``torch.compile``, as long as the stack is whole.
    """

    def __init__(
        self,
        population: Population,
        members: NDArray[np.int64],
        running: list[str] | None = None,
        compile: bool = False,
    ) -> None:
        self.population = population
        self.members = members
        self.network = deepcopy(population.network)
        if running is not None:
            tell_where(self.network, running)
        picked = members.tolist()
        self.trained: Tensors = {}
        self.frozen: Tensors = {}
        for name, w in population.weights.items():
            mine = w[picked].clone()
            if self.network.get_parameter(name).requires_grad:
                self.trained[name] = mine.requires_grad_()
            else:
                self.frozen[name] = mine
        self.buffers = {name: b[picked].clone() for name, b in population.buffers.items()}
        recipe = population.recipe
        fused = {"fused": True} if recipe.optimizer in _FUSED else {}
        stacks: list[Any] = list(self.trained.values())
        self.optimizer = recipe.make_optimizer(stacks, **fused)
        self.scheduler = recipe.scheduler(self.optimizer) if recipe.scheduler else None
        names = selected(population.network, population.decay.select)
        self.decayed = [self.trained[n] if n in self.trained else self.frozen[n] for n in names]
        device = population.x.device
        self.weight_decay = torch.from_numpy(population.weight_decay[picked]).to(device)
        self.keys = torch.tensor([population.order.randomness(k) for k in picked], device=device)
        self.mean_weight = population.mean_weights()[members]
        first = population.order.train[picked[0]][: recipe.batch_size]
        self.dropping = drops(population.network, population.x[torch.from_numpy(first)])
        self.full = min(recipe.batch_size, len(population.order.train[picked[0]]))
        self.compiled = compiled(self._loss) if compile else None
        self.steps = 0

    def differentiate(self, rows: NDArray[np.int64]) -> Tensor:
        """Leave the gradient of each member's loss over its rows [k, b]; return the losses [k]."""
        self.steps += 1
        self.optimizer.zero_grad()
        self.network.train()
        batch = self._met(rows, self.mean_weight)
        # What is left at the end of an epoch is not worth the seconds of compiling it.
        if self.compiled is None or rows.shape[1] < self.full:
            losses = self._forward(*batch)
            losses.sum().backward()  # type: ignore[no-untyped-call]
            return losses.detach()
        with torch.no_grad(), _as_plain_operations():
            gradients, losses, self.buffers = self.compiled(
                self.trained, self.frozen, self.buffers, self._keys(), *batch
            )
        for name, w in self.trained.items():
            w.grad = gradients[name]
        return losses

    @torch.no_grad()
    def move(self) -> None:
        """Take the optimizer's step, and the decay's, by the gradients that are there."""
        decay, recipe = self.population.decay, self.population.recipe
        if decay.on == "loss":
            self._add_gradient_of_penalty()
        if recipe.clip_grad_norm is not None:
            self._clip(recipe.clip_grad_norm)
        amount = self.optimizer.param_groups[0]["lr"] * self.weight_decay
        moving = [w for w in self.decayed if w.grad is not None]  # as attaching does
        if decay.on == "step":
            for w in moving:
                w.sub_(_along(amount, w) * torch.vmap(decay.penalty.gradient)(w))
        self.optimizer.step()
        if decay.on == "prox":
            assert isinstance(decay.penalty, Proximal)
            for w in moving:
                moved = torch.vmap(decay.penalty.prox)(w, amount.to(w.dtype))
                w.copy_(torch.where(_along(amount, w) > 0, moved, w))
        if self.scheduler and recipe.schedule == "step":
            self.scheduler.step()

    def end_epoch(self) -> None:
        if self.scheduler and self.population.recipe.schedule == "epoch":
            self.scheduler.step()

    @torch.no_grad()
    def measure(self) -> NDArray[np.float64]:
        """Losses over training and judging rows, and λ·Ω, of each member [k, 3]."""
        train, test = self.population.order.train, self.population.test
        columns = (
            self.losses([train[k] for k in self.members]),
            self.losses([test[k] for k in self.members]),
            self._penalties(),
        )
        return np.stack(columns, axis=-1)

    @torch.no_grad()
    def losses(self, rows: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
        """Mean loss [k] in evaluation mode over each member's rows; NaN if it has none."""
        self.network.eval()
        table = np.stack(rows)
        count = table.shape[1]
        if not count:
            return np.full(len(table), np.nan)
        weight = self.population.sample_weight
        means = np.ones(len(table))
        if weight is not None:
            means = weight[torch.from_numpy(table)].mean(dim=1).double().cpu().numpy()
        piece = max(_memory.EVALUATED, self.population.recipe.batch_size)
        total = torch.zeros(len(table), dtype=torch.float64, device=self.population.x.device)
        for start in range(0, count, piece):
            some = table[:, start : start + piece]
            total += some.shape[1] * self._forward(*self._met(some, means)).double()
        mean: NDArray[np.float64] = (total / count).cpu().numpy()
        return mean

    @torch.no_grad()
    def keep(self, who: NDArray[np.bool_]) -> None:
        """Go on with those of the members [k] alone: their weights and all that belongs to them.

        The optimizer stays the same object, which a scheduler holds. From here on nothing goes
        through ``torch.compile``: a smaller stack would cost as many seconds as the whole one did.
        """
        self.compiled = None
        self.optimizer.zero_grad()
        index = torch.from_numpy(np.flatnonzero(who)).to(self.population.x.device)
        for w in self.trained.values():
            state = self.optimizer.state[w]
            for name, value in state.items():
                if isinstance(value, Tensor) and value.shape == w.shape:
                    state[name] = value[index]
        for w in (*self.trained.values(), *self.frozen.values()):
            w.data = w.data[index]  # the optimizer and `decayed` know them by identity
        self.buffers = {name: b[index] for name, b in self.buffers.items()}
        self.weight_decay, self.keys = self.weight_decay[index], self.keys[index]
        self.members, self.mean_weight = self.members[who], self.mean_weight[who]

    def state(self) -> Tensors:
        """Weights and buffers [k, ...] by name, as they stand: the tensors themselves."""
        trained = {name: w.detach() for name, w in self.trained.items()}
        return {**trained, **self.frozen, **self.buffers}

    def _met(
        self, rows: NDArray[np.int64], mean_weight: NDArray[np.float64]
    ) -> tuple[tuple[Tensor, ...], int | None]:
        """x, y and, if rows have weights, these over their mean [k], all at rows [k, b].

        Members that meet the same rows share them, without an axis of members; the others bring
        their own. Returned last is that axis.
        """
        together = bool((rows == rows[0]).all() and (mean_weight == mean_weight[0]).all())
        picked = torch.from_numpy(np.ascontiguousarray(rows[0] if together else rows))
        x, y = self.population.x[picked], self.population.y[picked]
        axis = None if together else 0
        if self.population.sample_weight is None:
            return (x, y), axis
        weight = self.population.sample_weight[picked]
        means = torch.from_numpy(mean_weight).to(weight)
        return (x, y, weight / (means[0] if together else means[:, None])), axis

    def _keys(self) -> Tensor:
        return at_step(self.keys, self.steps)

    def _forward(self, batch: tuple[Tensor, ...], axis: int | None) -> Tensor:
        """Loss [k] of each member over its rows."""
        weights = {**self.trained, **self.frozen}
        with _as_plain_operations():
            losses: Tensor = torch.vmap(self._loss, in_dims=(0, 0, 0, axis))(
                weights, self.buffers, self._keys(), batch
            )
        return losses

    def _loss(
        self, weights: Tensors, buffers: Tensors, key: Tensor, batch: tuple[Tensor, ...]
    ) -> Tensor:
        """Loss of one member."""
        x, y, *weight = batch
        everything = {**weights, **buffers}
        if self.dropping and self.network.training:
            with MemberDropout(key):
                output = functional_call(self.network, everything, (x,))
        else:
            output = functional_call(self.network, everything, (x,))
        if weight:
            return weighted_mean(self.population.loss, output, y, weight[0])
        return self.population.loss(output, y)

    def _add_gradient_of_penalty(self) -> None:
        """λ·∂Ω(w) into the gradients: what backward would add, in one pass over each stack."""
        for w in self.decayed:
            if w.requires_grad:
                slope = torch.vmap(self.population.decay.penalty.gradient)(w)
                if w.grad is None:
                    w.grad = torch.zeros_like(w)
                w.grad.addcmul_(_along(self.weight_decay, w), slope)

    def _penalties(self) -> NDArray[np.float64]:
        """λ·Ω [k] as it stands."""
        total = torch.zeros_like(self.weight_decay)
        for w in self.decayed:
            total += torch.vmap(self.population.decay.penalty.value)(w).double()
        penalties: NDArray[np.float64] = (self.weight_decay * total).cpu().numpy()
        return penalties

    def _clip(self, largest: float) -> None:
        """``torch.nn.utils.clip_grad_norm_`` for each member by itself."""
        gradients = [w.grad for w in self.trained.values() if w.grad is not None]
        norms = torch.stack([g.flatten(1).norm(dim=1) for g in gradients]).norm(dim=0)
        scale = (largest / (norms + 1e-6)).clamp(max=1.0)
        for g in gradients:
            g.mul_(_along(scale, g))


def _along(numbers: Tensor, stack: Tensor) -> Tensor:
    """Numbers [k], shaped to multiply a stack [k, ...]."""
    return numbers.to(stack.dtype).view(-1, *(1 for _ in stack.shape[1:]))


@contextmanager
def _as_plain_operations() -> Iterator[None]:
    """Attention in plain operations: torch's fused kernels have no batching rules."""
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with sdpa_kernel(SDPBackend.MATH):
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
