"""A population in parts, and the parts as a population again."""

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray

from weightdecay.study._population import Population, Trained

#: Members and numbers of a chunk of a study: what is lost at most when a machine is.
MOST_MEMBERS, MOST_NUMBERS = 1024, 1 << 20
#: Chunks have multiples of so many members, so that the threads of lanes are done together.
EVEN = 64


def chunk_size(population: Population) -> int:
    """Return how many members a chunk of the study has: part of the plan, so that bits stay."""
    numbers = sum(w[0].numel() for w in population.weights.values())
    most = max(1, min(MOST_MEMBERS, MOST_NUMBERS // numbers))
    return most // EVEN * EVEN or most


def gathered(population: Population, parts: Iterable[tuple[NDArray[np.int64], Trained]]) -> Trained:
    """Put together what became of a population.

    Parameters
    ----------
    population : Population
        Of K members.
    parts : iterable of pairs of array [k] of int64 and Trained
        Which members, and what became of them; each member once. They are taken one at a time and
        copied to their places at once, so that no more than one stands beside the whole.
    """
    size = len(population)
    curves = (size, len(population.record))
    whole = Trained(
        weights={
            name: torch.empty(w.shape, dtype=w.dtype) for name, w in population.weights.items()
        },
        buffers={
            name: torch.empty(b.shape, dtype=b.dtype) for name, b in population.buffers.items()
        },
        train_loss=np.empty(curves),
        test_loss=np.empty(curves),
        penalty=np.empty(curves),
        diverged=np.empty(size, np.int64),
        stopped=np.empty(size, np.int64),
    )
    for members, part in parts:
        if np.array_equal(members, np.arange(size)):
            whole = part
        else:
            _place(part, members, whole)
    return whole


def _place(part: Trained, members: NDArray[np.int64], whole: Trained) -> None:
    index = torch.from_numpy(members)
    for kind in ("weights", "buffers"):
        for name, stack in getattr(part, kind).items():
            getattr(whole, kind)[name][index] = stack
    for kind in ("train_loss", "test_loss", "penalty", "diverged", "stopped"):
        getattr(whole, kind)[members] = getattr(part, kind)
