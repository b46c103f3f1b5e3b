"""The order in which a member meets its training rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Take = Callable[[int], NDArray[np.int64]]


@dataclass(frozen=True)
class Order:
    """Rows epoch by epoch, drawn from a member's (seed, fold) and from nothing else.

    Members that differ only in λ therefore meet the same rows in the same order (common random
    numbers), whichever engine trains them and in whatever company.

    Parameters
    ----------
    train : sequence of K arrays [n] of int64
        Each member's training rows; members of one fold may share one array.
    keys : sequence of K tuples of int
        What each member's order is drawn from: (seed, fold).
    shuffle : bool
        If False, every epoch takes the rows as they stand.
    """

    train: Sequence[NDArray[np.int64]]
    keys: Sequence[tuple[int, ...]]
    shuffle: bool

    def only(self, members: Sequence[int]) -> "Order":
        """The order of some of the members."""
        return Order(
            [self.train[k] for k in members], [self.keys[k] for k in members], self.shuffle
        )

    def identity(self, member: int) -> tuple[int, ...]:
        """Members of one identity meet the same rows in the same order."""
        return (id(self.train[member]), *(self.keys[member] if self.shuffle else ()))

    def stream(self, member: int, after: int = 0) -> Take:
        """Return a function whose every call ``take(epochs)`` gives the next rows [epochs, n].

        How the epochs are cut into calls makes no difference to the rows. The first `after` epochs
        are passed over.
        """
        rows = self.train[member]
        # 1: the stream of the rows' order; other uses of the same key take other numbers.
        draw = np.random.default_rng([*self.keys[member], 1])
        if self.shuffle:
            for _ in range(after):
                draw.permuted(rows)

        def take(epochs: int) -> NDArray[np.int64]:
            still = np.broadcast_to(rows, (epochs, len(rows)))
            return draw.permuted(still, axis=1) if self.shuffle else still

        return take

    def randomness(self, member: int) -> int:
        """A number of 63 bits from which all that is random inside a member's network is drawn."""
        return int(
            np.random.SeedSequence([*self.keys[member], 2]).generate_state(1, np.uint64)[0] >> 1
        )
