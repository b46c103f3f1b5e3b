"""Any torch module, a stack of members at a time: ``torch.vmap`` over parameters [K, ...].

Optimizers that treat every weight by itself take a stack of members for what it is: as many runs
side by side. The loss is the sum over members of each one's mean loss, so that no member's gradient
knows of the others. What an optimizer has as one number for all, λ, is applied beside it.

With ``compile=True`` the gradient of a step is one graph of ``torch.compile``: of full batches, and
not of evaluation, so that a chunk needs one graph, or two where its members share their rows in
some steps. A step takes about two thirds of its time on a CPU, and a graph ten seconds or more.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from weightdecay.decay import Proximal, selected
from weightdecay.engines import _memory
from weightdecay.engines._compiled import compiled, why
from weightdecay.engines._dropout import MemberDropout, at_step, drops
from weightdecay.engines._memory import members_that_fit
from weightdecay.engines._plain import beyond_plain
from weightdecay.study import Population, Trained

name = "vmap"

Tensors = dict[str, Tensor]

# Optimizers with a fused step on the CPU: one pass over a stack instead of a dozen.
_FUSED = ("sgd", "adam", "adamw", "adagrad")


def refusal(population: Population, compile: bool = False) -> str | None:
    """Say which module vmap cannot take and why, or return None.

    One step of two members tells; with `compile`, then the first steps of the first chunk as well.
    """
    if more := beyond_plain(population.decay):
        return more
    if population.recipe.stopping is not None:
        return "early stopping"
    if population.sample_weight is not None:
        return "sample weights"
    two = population.only([0, 0])
    rows = two.order.train[0][: population.recipe.batch_size]
    running: list[str] = []
    chunk = _Chunk(two, np.arange(2), running)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*performance drop.*")
            chunk.step(np.stack([rows, rows[::-1]]), epoch=1)
            chunk.losses([rows, rows])
    except (RuntimeError, UserWarning, NotImplementedError, ValueError) as error:
        reason = str(error).splitlines()[0]
        where = running[-1] if running else "the loss"
        return f"{where}: {reason}"
    return _refusal_to_compile(population) if compile else None


def _refusal_to_compile(population: Population) -> str | None:
    """As :func:`refusal`, of ``torch.compile``."""
    # As in training, so that torch finds in its cache there what it has compiled here.
    members = next(population.chunks(members_that_fit(population)))
    rows = np.stack([population.order.stream(k)(1)[0] for k in members.tolist()])
    rows = rows[:, : population.recipe.batch_size]
    running: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, of its own code and of what it cannot take
        try:
            chunk = _Chunk(population, members, running, compile=True)
            chunk.step(rows, epoch=1)
        except RuntimeError as error:
            return why(error, running[-1] if running else "the loss, or the network as a whole")
        try:
            with torch.compiler.set_stance("fail_on_recompile"):
                chunk.step(rows, epoch=1)
        except RuntimeError:
            return "the network does not do the same at every step, and each would be compiled anew"
    return None


def train(
    population: Population,
    progress: Callable[[int], None] = lambda epochs: None,
    compile: bool = False,
) -> Trained:
    """Train in chunks that fit; the contract is that of :func:`weightdecay.engines.train`."""
    chunks = list(population.chunks(members_that_fit(population)))
    parts = [_train_chunk(population, members, progress, compile) for members in chunks]
    place = np.argsort(np.concatenate(chunks))
    weights, buffers, losses, diverged = zip(*parts, strict=True)
    train_loss, test_loss, penalty = np.moveaxis(np.concatenate(losses)[place], -1, 0)
    back = torch.from_numpy(place)
    return Trained(
        weights={name: torch.cat([w[name] for w in weights])[back] for name in population.weights},
        buffers={name: torch.cat([b[name] for b in buffers])[back] for name in population.buffers},
        train_loss=train_loss,
        test_loss=test_loss,
        penalty=penalty,
        diverged=np.concatenate(diverged)[place],
        stopped=np.zeros(len(place), np.int64),
    )


def _train_chunk(
    population: Population,
    members: NDArray[np.int64],
    progress: Callable[[int], None],
    compile: bool,
) -> tuple[Tensors, Tensors, NDArray[np.float64], NDArray[np.int64]]:
    """Return weights and buffers [k, ...], losses [k, E, 3] and epochs of divergence [k]."""
    recipe = population.recipe
    chunk = _Chunk(population, members, compile=compile)
    takes = [population.order.stream(int(k)) for k in members]
    history = []
    for epoch in range(recipe.epochs + 1):
        if epoch:
            if not chunk.diverged.all():
                orders = np.stack([take(1)[0] for take in takes])
                for start in range(0, orders.shape[1], recipe.batch_size):
                    chunk.step(orders[:, start : start + recipe.batch_size], epoch)
                chunk.end_epoch()
            progress(len(members))
        if epoch in population.record:
            test = [population.test[k] for k in members]
            alive = (chunk.diverged == 0)[:, None]
            columns = (
                chunk.losses([population.order.train[k] for k in members]),
                chunk.losses(test) if len(test[0]) else np.full(len(members), np.nan),
                chunk.penalties(),
            )
            history.append(np.where(alive, np.stack(columns, axis=-1), np.nan))
    weights, buffers = chunk.final()
    return weights, buffers, np.stack(history, axis=1), chunk.diverged


class _Chunk:
    """k members in training: the stacks, their optimizer, and what has become of each."""

    def __init__(
        self,
        population: Population,
        members: NDArray[np.int64],
        running: list[str] | None = None,
        compile: bool = False,
    ) -> None:
        self.population = population
        self.network = deepcopy(population.network)
        if running is not None:
            _tell_where(self.network, running)
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
        first = population.order.train[picked[0]][: recipe.batch_size]
        self.dropping = drops(population.network, population.x[torch.from_numpy(first)])
        self.full = min(recipe.batch_size, len(population.order.train[picked[0]]))
        self.compiled = compiled(self._loss) if compile else None
        self.steps = 0
        self.diverged = np.zeros(len(picked), np.int64)
        self.kept: dict[int, tuple[Tensors, Tensors]] = {}

    def step(self, rows: NDArray[np.int64], epoch: int) -> None:
        """Take one training step on rows [k, b]."""
        decay, recipe = self.population.decay, self.population.recipe
        self.steps += 1
        self.optimizer.zero_grad()
        self.network.train()
        losses = self._differentiate(rows)
        if not (finite := torch.isfinite(losses)).all():
            self._keep_diverged(~finite.cpu().numpy(), epoch)
        if decay.on == "loss":
            self._add_gradient_of_penalty()
        if recipe.clip_grad_norm is not None:
            self._clip(recipe.clip_grad_norm)
        amount = self.optimizer.param_groups[0]["lr"] * self.weight_decay
        with torch.no_grad():
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

    def _differentiate(self, rows: NDArray[np.int64]) -> Tensor:
        """Leave the gradient of each member's mean loss in its stack; return the losses [k]."""
        # What is left at the end of an epoch is not worth the seconds of compiling it.
        if self.compiled is None or rows.shape[1] < self.full:
            losses = self._forward(rows)
            losses.sum().backward()  # type: ignore[no-untyped-call]
            return losses.detach()
        with torch.no_grad(), _as_plain_operations():
            gradients, losses, self.buffers = self.compiled(
                self.trained, self.frozen, self.buffers, *self._met(rows)
            )
        for name, w in self.trained.items():
            w.grad = gradients[name]
        return losses

    def _forward(self, rows: NDArray[np.int64]) -> Tensor:
        """Mean loss [k] of each member over its rows [k, b]."""
        keys, x, y, of_rows = self._met(rows)
        weights = {**self.trained, **self.frozen}
        with _as_plain_operations():
            losses: Tensor = torch.vmap(self._loss, in_dims=(0, 0, 0, of_rows, of_rows))(
                weights, self.buffers, keys, x, y
            )
        return losses

    def _met(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor, int | None]:
        """Keys [k] of this step, x and y at rows [k, b], and along which axis of them members lie.

        Members that meet the same rows share them; the others bring their own.
        """
        together = bool((rows == rows[0]).all())
        picked = torch.from_numpy(np.ascontiguousarray(rows[0] if together else rows))
        x, y = self.population.x[picked], self.population.y[picked]
        return at_step(self.keys, self.steps), x, y, None if together else 0

    def _loss(
        self, weights: Tensors, buffers: Tensors, key: Tensor, x: Tensor, y: Tensor
    ) -> Tensor:
        """Mean loss of one member."""
        everything = {**weights, **buffers}
        if self.dropping and self.network.training:
            with MemberDropout(key):
                output = functional_call(self.network, everything, (x,))
        else:
            output = functional_call(self.network, everything, (x,))
        return self.population.loss(output, y)

    @torch.no_grad()
    def _add_gradient_of_penalty(self) -> None:
        """λ·∂Ω(w) into the gradients: what backward would add, in one pass over each stack."""
        for w in self.decayed:
            if w.requires_grad:
                slope = torch.vmap(self.population.decay.penalty.gradient)(w)
                if w.grad is None:
                    w.grad = torch.zeros_like(w)
                w.grad.addcmul_(_along(self.weight_decay, w), slope)

    @torch.no_grad()
    def penalties(self) -> NDArray[np.float64]:
        """λ·Ω [k] as it stands."""
        total = np.zeros(len(self.diverged))
        for w in self.decayed:
            total += torch.vmap(self.population.decay.penalty.value)(w).double().cpu().numpy()
        return self.weight_decay.cpu().numpy() * total

    @torch.no_grad()
    def losses(self, rows: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
        """Mean loss [k] in evaluation mode over each member's rows."""
        self.network.eval()
        table = np.stack(rows)
        piece = max(_memory.EVALUATED, self.population.recipe.batch_size)
        total: NDArray[np.float64] = np.zeros(len(table))
        for start in range(0, table.shape[1], piece):
            some = table[:, start : start + piece]
            total += some.shape[1] * self._forward(some).double().cpu().numpy()
        total /= table.shape[1]
        return total

    @torch.no_grad()
    def _clip(self, largest: float) -> None:
        """``torch.nn.utils.clip_grad_norm_`` for each member by itself."""
        gradients = [w.grad for w in self.trained.values() if w.grad is not None]
        norms = torch.stack([g.flatten(1).norm(dim=1) for g in gradients]).norm(dim=0)
        scale = (largest / (norms + 1e-6)).clamp(max=1.0)
        for g in gradients:
            g.mul_(_along(scale, g))

    def _keep_diverged(self, lost: NDArray[np.bool_], epoch: int) -> None:
        """Keep what members have at the step in which their loss ceases to be finite."""
        everything = {**self.trained, **self.frozen}
        for k in np.flatnonzero(lost & (self.diverged == 0)).tolist():
            self.diverged[k] = epoch
            self.kept[k] = (
                {name: w[k].detach().clone() for name, w in everything.items()},
                {name: b[k].clone() for name, b in self.buffers.items()},
            )

    def final(self) -> tuple[Tensors, Tensors]:
        """Weights and buffers [k, ...]: at the end, or at the last step before divergence."""
        everything = {**self.trained, **self.frozen}
        weights = {name: w.detach().cpu() for name, w in everything.items()}
        buffers = {name: b.cpu() for name, b in self.buffers.items()}
        for k, (own_weights, own_buffers) in self.kept.items():
            for name, w in own_weights.items():
                weights[name][k] = w
            for name, b in own_buffers.items():
                buffers[name][k] = b
        return weights, buffers


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


def _tell_where(network: nn.Module, running: list[str]) -> None:
    """Have `network` keep in `running` the modules whose forward has begun and not ended."""

    # Done while torch.compile traces the network, not a part of what it compiles.
    @torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
    def begin(label: str) -> None:
        running.append(label)

    @torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
    def end() -> None:
        running.pop()

    for path, module in network.named_modules():
        label = f"{path or 'the network'} ({type(module).__name__})"

        def enter(module: nn.Module, args: object, label: str = label) -> None:
            begin(label)

        def leave(module: nn.Module, args: object, output: object) -> None:
            end()

        module.register_forward_pre_hook(enter)
        module.register_forward_hook(leave)
