"""A population in parts, and the parts as a population again."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

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


def joined(parts: Sequence[Trained], members: NDArray[np.int64]) -> Trained:
    """Put together what became of `members` [K], part after part, in their own order."""
    place = np.argsort(members)
    back = torch.from_numpy(place)

    def tensors(kind: str) -> dict[str, Tensor]:
        stacks = [getattr(part, kind) for part in parts]
        return {name: torch.cat([stack[name] for stack in stacks])[back] for name in stacks[0]}

    def arrays(kind: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, kind) for part in parts])[place]

    return Trained(
        weights=tensors("weights"),
        buffers=tensors("buffers"),
        train_loss=arrays("train_loss"),
        test_loss=arrays("test_loss"),
        penalty=arrays("penalty"),
        diverged=arrays("diverged"),
        stopped=arrays("stopped"),
    )
