"""Where the chunks of a population are trained."""

from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from weightdecay.engines._faults import Fault, train_or_blame
from weightdecay.study import Population, Trained

#: The number of each chunk, and what became of it: its members, or those of them that raise.
Outcomes = Generator[tuple[int, Trained | tuple[Fault, ...]], None, None]


@dataclass(frozen=True)
class Work:
    """Chunks to be trained, and how.

    Parameters
    ----------
    population : Population
    chunks : mapping of int to array [k] of int64
        Members by the number of their chunk.
    engine : str
        As :func:`weightdecay.engines.choose` has returned it.
    compile : bool
    progress : callable, optional
        As of :func:`weightdecay.engines.train`.
    """

    population: Population
    chunks: Mapping[int, NDArray[np.int64]]
    engine: str
    compile: bool
    progress: Callable[[int], None] = lambda epochs: None

    def members(self, chunk: int) -> Population:
        """The members of a chunk as a population of their own."""
        if self.everyone(chunk):
            return self.population
        return self.population.only(self.chunks[chunk].tolist())

    def everyone(self, chunk: int) -> bool:
        """Whether a chunk is the population as it stands: then nothing needs to be copied."""
        return np.array_equal(self.chunks[chunk], np.arange(len(self.population)))


class Executor(Protocol):
    """What trains chunks, here or elsewhere; what they become does not depend on it."""

    @property
    def device(self) -> str | None:
        """Where it trains: "cpu", "cuda" ...; None where the population lies."""

    def opened(self) -> AbstractContextManager[None]:
        """Hold open what training needs; within itself it does nothing."""

    def train(self, work: Work) -> Outcomes:
        """Yield chunks as they are done, in any order; closed early, it stops those under way."""


class Here:
    """Trains in this process, one chunk after another."""

    device = None

    def opened(self) -> AbstractContextManager[None]:
        return nullcontext()

    def train(self, work: Work) -> Outcomes:
        for chunk in work.chunks:
            members = work.members(chunk)
            yield chunk, train_or_blame(work.engine, members, work.progress, work.compile)
