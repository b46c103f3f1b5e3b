"""How many members fit into memory at a time."""

import math
from copy import deepcopy

import torch
from torch.autograd.graph import saved_tensors_hooks

from weightdecay.study import Population

#: Rows that are evaluated at a time, or a batch if that is larger.
EVALUATED = 256

#: What a chunk may take. A constant, not what is free at the moment: chunks are part of the plan.
BUDGET = 1 << 30

# A weight, its gradient, two numbers of the optimizer's, and what a step makes in passing.
_COPIES = 6

# Of a member that may stop early: the weights of its best epoch, and those that it is left with.
_KEPT = 2


def bytes_per_member(population: Population) -> int:
    """Estimate the memory of one member: weights and their kin, rows, activations.

    Parameters
    ----------
    population : Population

    Returns
    -------
    int
        Of a training step or of an evaluation, whichever has more rows.
    """
    network = deepcopy(population.network).train()
    x, y = population.x, population.y
    rows = torch.from_numpy(population.order.train[0][: population.recipe.batch_size])
    saved: dict[int, int] = {}

    def note(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        saved[storage.data_ptr()] = storage.nbytes()
        return tensor

    with (
        torch.random.fork_rng(devices=range(torch.cuda.device_count())),
        saved_tensors_hooks(note, lambda tensor: tensor),
    ):
        population.loss(network(x[rows]), y[rows])
    weights = sum(w[0].numel() * w.element_size() for w in population.weights.values())
    copies = _COPIES + (_KEPT if population.recipe.stopping else 0)
    row = sum(part[0].numel() * part.element_size() for part in (x, y))
    activations = math.ceil(sum(saved.values()) / len(rows))
    # Twice: the backward pass makes for each activation a gradient, and in evaluation kernels
    # (convolutions above all) make as much in passing.
    return copies * weights + (row + 2 * activations) * max(EVALUATED, len(rows))


def members_that_fit(population: Population) -> int:
    """Return the size of a chunk within the budget, at least 1, even in all chunks."""
    most = max(1, BUDGET // max(1, bytes_per_member(population)))
    chunks = math.ceil(len(population) / most)
    return math.ceil(len(population) / chunks)
