"""Members that one thread trains, in blocks that close up as members stop."""

import hashlib
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from weightdecay.engines.lanes import kernel
from weightdecay.engines.lanes.layout import Block, aligned, block
from weightdecay.engines.lanes.penalties import CAUTIOUS
from weightdecay.engines.lanes.rule import pace
from weightdecay.engines.lanes.team import Team
from weightdecay.engines.lanes.vector import BYTES
from weightdecay.study import Population, Take, Watch

#: Rows of a batch that go through the network at a time: few enough that their values stay in the
#: processor's cache, enough that the weights are loaded seldom.
ROWS = 16

#: How often in a training that may stop early blocks are looked at, whether they can close up.
LOOKS = 32

#: Numbers of rows, over epochs and lanes, that are handed to the machine code at a time.
MOST = 1 << 22

#: What moves with a member from one lane to another.
_MOVING = ("weights", "first", "second", "kept", "anchor", "weight_decay", "per_weight", "finished")


class Outcome(NamedTuple):
    """What became of k members."""

    weights: NDArray[np.floating]  # [k, n]
    losses: NDArray[np.float64]  # [k, E, 3] training loss, test loss, penalty
    diverged: NDArray[np.int64]  # [k]
    stopped: NDArray[np.int64]  # [k]


class _Crowd:
    """A block, and who is in its lanes."""

    def __init__(self, block: Block, who: NDArray[np.int64]) -> None:
        self.block = block
        self.who = who  # [W] places in the crew; -1 for nobody
        self.takes: dict[Hashable, Take] = {}
        self.rows: dict[str, kernel.Order] = {}

    def live(self) -> NDArray[np.int64]:
        """The lanes whose members are in training."""
        return np.flatnonzero((self.who >= 0) & (self.block.finished[0] == 0))


class Crew:
    """Trains members that have as many rows each.

    Parameters
    ----------
    population : Population
    team : Team
    members : array [k] of int64
    progress : callable
        Gets the number of member-epochs done.
    """

    def __init__(
        self,
        population: Population,
        team: Team,
        members: NDArray[np.int64],
        progress: Callable[[int], None],
    ) -> None:
        self.population = population
        self.team = team
        self.members = members
        self.progress = progress
        self.left = len(members) * population.recipe.epochs
        self.run, self.mean_loss, self.penalty = machine_code()
        self.count = len(population.order.train[members[0]])
        steps = -(-self.count // population.recipe.batch_size)
        self.rates, self.amounts, self.factors = pace(population, steps)
        stopping = population.recipe.stopping
        self.watch = Watch(stopping, len(members)) if stopping else None
        self.held = bool(len(population.held[members[0]]))
        k, epochs = len(members), len(population.record)
        self.outcome = Outcome(
            np.empty((k, team.flat.shape[1]), team.flat.dtype),
            np.full((k, epochs, 3), np.nan),
            np.zeros(k, np.int64),
            np.zeros(k, np.int64),
        )
        self.width = BYTES // team.flat.itemsize
        places = np.array_split(np.arange(k), range(self.width, k, self.width))
        self.crowds = [self._crowd(who) for who in places]

    def train(self) -> Outcome:
        """Train all, and say what became of them."""
        epochs = self.population.recipe.epochs
        begin = 0
        if 0 in self.population.record:
            for crowd in self.crowds:
                self._record(crowd, 0)
        ends = [epochs]
        if self.watch:
            ends = sorted({round(epochs * (i + 1) / LOOKS) for i in range(LOOKS)} - {0})
        for end in ends:
            for crowd in self.crowds:
                self._advance(crowd, begin, end)
                self._settle(crowd)
            if self.watch:
                self._close_up()
            begin = end
        for crowd in self.crowds:
            lanes = crowd.live()
            self.outcome.weights[crowd.who[lanes]] = crowd.block.weights[:, lanes].T
        self.progress(self.left)
        return self.outcome

    def _crowd(self, who: NDArray[np.int64]) -> _Crowd:
        team, members, idle = self.team, self.members[who], self.width - len(who)
        # Nobody is there in form of a copy: idle lanes must hold numbers like any other.
        lanes = np.pad(members, (0, idle), mode="edge")
        made = block(
            team.network,
            team.flat[lanes].T,
            self.population.weight_decay[lanes],
            team.per_weight["train"][lanes],
            None if team.anchor is None else team.anchor[lanes].T,
            min(ROWS, self.population.recipe.batch_size),
            team.rule.coupling == CAUTIOUS,
        )
        return _Crowd(made, np.pad(who, (0, idle), constant_values=-1))

    def _advance(self, crowd: _Crowd, epoch: int, end: int) -> None:
        """Train a block from `epoch` to `end`, and record what is due."""
        record = self.population.record
        most = max(1, MOST // (self.count * len(crowd.who)))
        while epoch < end and len(live := crowd.live()):
            due = min([e for e in record if e > epoch] + [end])
            more = 1 if self.watch else min(due - epoch, most)
            order = self._order(crowd, epoch, more)
            stretch = slice(epoch, epoch + more)
            rates, amounts = self.rates[stretch], self.amounts[stretch]
            team = self.team
            self.run(
                team.rule, team.network, team.rows, crowd.block, order, rates, amounts, epoch + 1
            )
            epoch += more
            self.left -= more * len(live)
            self.progress(more * len(live))
            if self.watch:
                self._look(crowd, self.watch, epoch)
            if epoch in record:
                self._record(crowd, epoch)

    def _order(self, crowd: _Crowd, epoch: int, epochs: int) -> kernel.Order:
        """The rows after `epoch`, of as many epochs."""
        order, members = self.population.order, self.members[crowd.who]
        identities = [order.identity(int(k)) for k in members]
        live = crowd.live()
        columns = _columns([identities[lane] for lane in live])
        lanes = [live[places] for places in columns.values()]
        # A stream that nobody here has taken from lately lags behind, so it is not kept.
        crowd.takes = {
            identity: crowd.takes.get(identity) or order.stream(int(members[some[0]]), epoch)
            for identity, some in zip(columns, lanes, strict=True)
        }
        return self._laid_out([take(epochs) for take in crowd.takes.values()], lanes)

    def _laid_out(
        self, rows: Sequence[NDArray[np.int64]], lanes: Sequence[NDArray[np.int64]]
    ) -> kernel.Order:
        """Columns of rows [E, n], each with its lanes; an idle lane takes the first."""
        marks = aligned((len(lanes), self.width), self.team.flat.dtype)
        for mark, some in zip(marks, lanes, strict=True):
            mark[some] = 1
        # In C order: another one would be compiled anew.
        return kernel.Order(np.ascontiguousarray(np.stack(rows, axis=-1)), marks)

    def _look(self, crowd: _Crowd, watch: Watch, epoch: int) -> None:
        """Have members stop whose loss has not fallen for long, and bring their best back."""
        block, live = crowd.block, crowd.live()
        if self.held:
            seen = self._mean(crowd, "held")[live]
        else:
            seen = block.met[0, live].astype(np.float64) / (self.count * self.team.terms)
        better, stop = watch.see(seen, crowd.who[live])
        if self.held:
            block.kept[:, live[better]] = block.weights[:, live[better]]
            if epoch == self.population.recipe.epochs:
                block.weights[:, live] = block.kept[:, live]
        else:
            block.kept[:, live[stop]] = block.weights[:, live[stop]]
        block.finished[0, live[stop]] = epoch

    def _record(self, crowd: _Crowd, epoch: int) -> None:
        live = crowd.live()
        at = self.population.record.index(epoch)
        self.outcome.losses[crowd.who[live], at] = self._measured(crowd, epoch)[live]

    def _settle(self, crowd: _Crowd) -> None:
        """Write down what members that have finished are left with, and leave their lanes."""
        block = crowd.block
        done = np.flatnonzero((crowd.who >= 0) & (block.finished[0] != 0))
        if not len(done):
            return
        who, epochs = crowd.who[done], block.finished[0, done]
        self.outcome.weights[who] = block.kept[:, done].T
        self.outcome.diverged[who] = np.where(epochs < 0, -epochs, 0)
        self.outcome.stopped[who] = np.where(epochs > 0, epochs, 0)
        record = np.array(self.population.record)
        if (epochs > 0).any():
            block.weights[:, done] = block.kept[:, done]
            for epoch in set(epochs[epochs > 0].tolist()):
                alike = epochs == epoch
                left = self._measured(crowd, epoch)[done[alike]]
                after = np.ix_(who[alike], np.flatnonzero(record >= epoch))
                self.outcome.losses[after] = left[:, None]
        crowd.who[done] = -1

    def _close_up(self) -> None:
        """Fill lanes that members have left with members of other blocks, and drop the blocks."""
        self.crowds.sort(key=lambda crowd: -len(crowd.live()))
        needed = -(-sum(len(crowd.live()) for crowd in self.crowds) // self.width)
        stay, go = self.crowds[:needed], self.crowds[needed:]
        free = [(crowd, lane) for crowd in stay for lane in np.flatnonzero(crowd.who < 0).tolist()]
        moving = [(crowd, lane) for crowd in go for lane in crowd.live().tolist()]
        for (source, lane), (sink, other) in zip(moving, free, strict=False):
            for name in _MOVING:
                getattr(sink.block, name)[:, other] = getattr(source.block, name)[:, lane]
            sink.who[other] = source.who[lane]
            sink.rows.clear()
        self.crowds = stay

    def _measured(self, crowd: _Crowd, epoch: int) -> NDArray[np.float64]:
        """Training loss, test loss and penalty [W, 3] as the weights stand after `epoch`."""
        team = self.team
        size = aligned((1, len(crowd.who)), team.flat.dtype)
        self.penalty(team.rule, team.network, crowd.block, size)
        weight_decay = crowd.block.weight_decay[0].astype(np.float64) * self.factors[epoch]
        penalty = weight_decay * np.where(weight_decay > 0, size[0], 0)  # 0·∞ is 0 here
        return np.stack([self._mean(crowd, "train"), self._mean(crowd, "test"), penalty], axis=-1)

    def _mean(self, crowd: _Crowd, which: str) -> NDArray[np.float64]:
        """Mean loss [W] over the rows of a kind; NaN where there are none."""
        team, members = self.team, self.members[crowd.who]
        if which not in crowd.rows:
            rows = {
                "train": self.population.order.train,
                "test": self.population.test,
                "held": self.population.held,
            }[which]
            taken = np.flatnonzero(crowd.who >= 0)
            columns = _columns([id(rows[k]) for k in members[taken]])
            lanes = [taken[places] for places in columns.values()]
            crowd.rows[which] = self._laid_out(
                [rows[members[some[0]]][None] for some in lanes], lanes
            )
        if not crowd.rows[which].rows.size:
            return np.full(len(members), np.nan)
        per_weight, out = (aligned((1, len(members)), team.flat.dtype) for _ in range(2))
        per_weight[0] = team.per_weight[which][members]
        self.mean_loss(
            team.rule, team.network, team.rows, crowd.block, crowd.rows[which], per_weight, out
        )
        mean: NDArray[np.float64] = out[0].astype(np.float64)
        return mean


def _columns(identities: Sequence[Hashable]) -> dict[Hashable, NDArray[np.int64]]:
    """Where each identity stands, those that stand first coming first."""
    found: dict[Hashable, list[int]] = {}
    for place, identity in enumerate(identities):
        found.setdefault(identity, []).append(place)
    return {identity: np.array(places) for identity, places in found.items()}


@cache
def machine_code() -> Any:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).digest()
    return kernel.compile_for(int.from_bytes(digest[:7]))
