"""How the weights of trained members are distributed, as shares in fixed bins."""

from collections.abc import Collection, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

#: Bins are even in asinh(w / LINEAR): about linear inside ± LINEAR, logarithmic outside.
LINEAR = 0.01
#: The middle one holds 0; the outermost hold what lies beyond ± 1000 or so as well.
BINS = 81
_WIDTH = 2 * float(np.arcsinh(1000 / LINEAR)) / BINS
#: As many weights are counted at a time, so that big networks take no more memory.
_AT_A_TIME = 2**20


def weight_edges() -> NDArray[np.float64]:
    """Return the edges [BINS + 1] of the bins, the same for every study."""
    return np.asarray(LINEAR * np.sinh(_WIDTH * (np.arange(BINS + 1) - BINS / 2)))


def weight_shares(
    weights: Mapping[str, Tensor], decayed: Collection[str], diverged: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the shares [K, BINS] of each member's decayed weights between :func:`weight_edges`.

    Parameters
    ----------
    weights : mapping of str to Tensor [K, ...]
    decayed : collection of str
        The parameters that decay.
    diverged : array [K]
        Not 0 of a member that diverged: its shares are NaN, as they are where nothing decays.
    """
    stacks = [weights[name].reshape(len(diverged), -1) for name in decayed]
    numbers = sum(stack.shape[1] for stack in stacks)
    members = max(1, _AT_A_TIME // max(1, numbers))
    shares = np.empty((len(diverged), BINS), np.float32)
    for first in range(0, len(diverged), members):
        some = slice(first, first + members)
        counts = np.zeros((len(diverged[some]), BINS), np.int64)
        for stack in stacks:
            counts += _counts(stack[some])
        whole = counts.sum(axis=1, keepdims=True).astype(float)
        whole[(diverged[some] > 0) | (whole[:, 0] == 0)] = np.nan
        shares[some] = counts / whole
    return shares


def _counts(stack: Tensor) -> NDArray[np.int64]:
    """Count weights [k, n] by member and bin."""
    place = torch.asinh(stack.float().nan_to_num() / LINEAR) / _WIDTH + BINS / 2
    place = place.floor_().clamp_(0, BINS - 1).to(torch.int64)
    place += BINS * torch.arange(len(stack))[:, None]
    counted: NDArray[np.int64] = np.bincount(place.numpy().ravel(), minlength=BINS * len(stack))
    return counted.reshape(len(stack), BINS)
