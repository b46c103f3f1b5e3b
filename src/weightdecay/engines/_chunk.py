"""The members of one chunk from their start to their end, each to its own.

A member ends at its last epoch, or before: where its loss ceases to be finite, or it stops early.
From then on nothing of it changes, while the stack that it stood in may go on.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from weightdecay.engines._stack import Stack, Tensors
from weightdecay.study import Population, Trained, Watch


def train_chunk(
    population: Population,
    members: NDArray[np.int64],
    progress: Callable[[int], None],
    compile: bool,
) -> Trained:
    """Train members [k], which have as many rows each, side by side.

    Parameters
    ----------
    population : Population
    members : array [k] of int64
    progress : callable
        See :func:`weightdecay.engines.train`; in all k × epochs.
    compile : bool
        See :class:`~weightdecay.engines._stack.Stack`.
    """
    epochs = population.recipe.epochs
    chunk = _Chunk(population, members, compile)
    for epoch in range(epochs + 1):
        if epoch:
            chunk.train(epoch)
            progress(len(members))
        if epoch in population.record:
            chunk.measure(epoch)
        if not chunk.running.any():
            if epoch < epochs:
                progress(len(members) * (epochs - epoch))
            break
    return chunk.trained()


class _Chunk:
    """What has become so far of k members, and the stack of those that are still in training."""

    def __init__(self, population: Population, members: NDArray[np.int64], compile: bool) -> None:
        self.population = population
        self.members = members
        self.stack = Stack(population, members, compile=compile)
        k = len(members)
        self.diverged = np.zeros(k, np.int64)
        self.stopped = np.zeros(k, np.int64)
        self.history = np.full((k, len(population.record), 3), np.nan)
        # Of those that have ended: their places in the chunk, and what they are left with.
        self.left: list[tuple[NDArray[np.int64], Tensors]] = []
        # Of those in the stack: places in the chunk, which of them are running, order, best epoch.
        self.place = np.arange(k)
        self.running = np.ones(k, np.bool_)
        self.takes = [population.order.stream(int(member)) for member in members]
        stopping = population.recipe.stopping
        self.watch = Watch(stopping, k) if stopping else None
        self.holds_out = self.watch is not None and len(population.held[members[0]]) > 0
        self.best: Tensors = {}
        if self.holds_out:
            self.best = {name: w.clone() for name, w in self.stack.state().items()}

    def train(self, epoch: int) -> None:
        """Train everyone in the stack for one epoch, and see who ends in it."""
        orders = np.stack([take(1)[0] for take in self.takes])
        met = torch.zeros(len(orders), dtype=torch.float64)
        for start in range(0, orders.shape[1], self.population.recipe.batch_size):
            rows = orders[:, start : start + self.population.recipe.batch_size]
            losses = self.stack.differentiate(rows).double().cpu()
            lost = self.running & ~torch.isfinite(losses).numpy()
            if lost.any():
                self.diverged[self.place[lost]] = epoch
                self._end(lost, self.stack.state())
            self.stack.move()
            met += losses * rows.shape[1]
        self.stack.end_epoch()
        if self.watch:
            self._look(self.watch, met.numpy() / orders.shape[1], epoch)

    def _look(self, watch: Watch, met: NDArray[np.float64], epoch: int) -> None:
        """See who stops; `met` [k] are the losses that the steps of the epoch met."""
        if self.holds_out:
            held = [self.population.held[member] for member in self.stack.members]
            met = self.stack.losses(held)
        better, stop = watch.see(met)
        if self.best and better.any():
            index = torch.from_numpy(np.flatnonzero(better)).to(self.population.x.device)
            for name, w in self.stack.state().items():
                self.best[name][index] = w[index]
        if (stop := stop & self.running).any():
            self.stopped[self.place[stop]] = epoch
            self._end(stop, self.best or self.stack.state())
        # Half a stack without its compiled graph may take longer than the whole with it.
        share = 4 if self.stack.compiled else 2
        if 0 < share * self.running.sum() <= len(self.running):
            self._close_ranks(watch)

    def _close_ranks(self, watch: Watch) -> None:
        """Go on without those that have ended."""
        # Only here, where members are watched: in a smaller stack the last bits of a result may be
        # others, and where nobody stops, a diverged member shall leave its neighbours their bits.
        who = self.running
        self.stack.keep(who)
        index = torch.from_numpy(np.flatnonzero(who)).to(self.population.x.device)
        self.best = {name: w[index] for name, w in self.best.items()}
        self.takes = [take for take, stays in zip(self.takes, who, strict=True) if stays]
        watch.best, watch.waiting = watch.best[who], watch.waiting[who]
        self.place, self.running = self.place[who], who[who]

    def _end(self, who: NDArray[np.bool_], state: Tensors) -> None:
        """Keep what those in the stack [k] are left with, copied from `state`."""
        index = torch.from_numpy(np.flatnonzero(who)).to(self.population.x.device)
        self.left.append((self.place[who], {name: w[index].cpu() for name, w in state.items()}))
        self.running = self.running & ~who

    def measure(self, epoch: int) -> None:
        """Record the losses and penalties of the running."""
        now = self.stack.measure()[self.running]
        self.history[self.place[self.running], self.population.record.index(epoch)] = now

    def trained(self) -> Trained:
        """What has become of the k members, in their order."""
        if self.running.any():
            self._end(self.running, self.best or self.stack.state())
        places, states = zip(*self.left, strict=True)
        back = torch.from_numpy(np.argsort(np.concatenate(places)))
        final = {name: torch.cat([state[name] for state in states])[back] for name in states[0]}
        if self.watch:
            self._measure_what_is_left(final)
        train_loss, test_loss, penalty = np.moveaxis(self.history, -1, 0)
        return Trained(
            weights={name: final[name] for name in self.population.weights},
            buffers={name: final[name] for name in self.population.buffers},
            train_loss=train_loss,
            test_loss=test_loss,
            penalty=penalty,
            diverged=self.diverged,
            stopped=self.stopped,
        )

    def _measure_what_is_left(self, final: dict[str, Tensor]) -> None:
        """Record, from where members stopped, or at the end, what they are left with."""
        sound = np.flatnonzero(self.diverged == 0)
        if not len(sound):
            return
        those = self.population.only(self.members[sound].tolist())
        weights = {name: final[name][sound].to(w) for name, w in those.weights.items()}
        buffers = {name: final[name][sound].to(b) for name, b in those.buffers.items()}
        those = replace(those, weights=weights, buffers=buffers)
        found = Stack(those, np.arange(len(sound))).measure()
        end = np.where(self.stopped > 0, self.stopped, self.population.recipe.epochs)[sound]
        later = np.array(self.population.record) >= end[:, None]
        self.history[sound] = np.where(later[..., None], found[:, None], self.history[sound])
