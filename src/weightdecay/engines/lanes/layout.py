"""How a network and a block of members lie in memory."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from weightdecay.engines.lanes import activations
from weightdecay.engines.lanes.vector import BYTES


class Network(NamedTuple):
    """A stack of `M` linear layers, each followed by an activation.

    The numbers of a member lie one after the other as in ``network.parameters()``: for each layer
    weights [out, in], then biases [out] if it has them.
    """

    sizes: NDArray[np.int64]  # [M + 1] inputs, then the outputs of each layer
    has_bias: NDArray[np.int64]  # [M]
    activation: NDArray[np.int64]  # [M]
    constant: NDArray[np.float64]  # [M] the activation's own constant
    tensors: NDArray[np.int64]  # [T + 1] where each parameter tensor begins
    decayed: NDArray[np.int64]  # [T] whether it decays


class Block(NamedTuple):
    """W members side by side, and room to work in. First axis as said, second axis [W]."""

    weights: NDArray[np.floating]  # every number of the member
    first: NDArray[np.floating]  # momentum, or Adam's first moment
    second: NDArray[np.floating]  # Adam's second moment
    gradient: NDArray[np.floating]
    value: NDArray[np.floating]  # of every unit, inputs first
    slope: NDArray[np.floating]  # f'(z) of every unit
    delta: NDArray[np.floating]  # ∂loss/∂(value), then ∂loss/∂z
    target: NDArray[np.floating]  # of every output
    weight_decay: NDArray[np.floating]  # [1]
    kept: NDArray[np.floating]  # weights of members that have diverged, at that step
    diverged: NDArray[np.int64]  # [1] the epoch of it, or 0
    powers: NDArray[np.float64]  # [2, 1] β₁ᵗ and β₂ᵗ after t steps


def read(network: nn.Module, decayed: tuple[str, ...]) -> Network | str:
    """Describe `network`, or say which module of it lanes cannot take."""
    layers: list[tuple[nn.Linear, int, float]] = []
    for path, module in _in_order(network, ""):
        if type(module) is nn.Linear:
            layers.append((module, activations.IDENTITY, 0.0))
            continue
        found = activations.code(module)
        where = f"{path or 'the network'} ({type(module).__name__})"
        if found is None:
            return f"{where} is neither Linear nor an activation that lanes has"
        if found[0] == activations.IDENTITY:
            continue
        if not layers or layers[-1][1] != activations.IDENTITY:
            return f"{where} does not follow a Linear layer"
        layers[-1] = (layers[-1][0], *found)
    if not layers:
        return "the network has no Linear layer"
    linear = [layer for layer, _, _ in layers]
    for before, after in pairwise(linear):
        if before.out_features != after.in_features:
            return f"a Linear of {before.out_features} outputs precedes one of {after.in_features}"
    names = {id(p): name for name, p in network.named_parameters()}
    tensors = [p for layer in linear for p in layer.parameters()]
    if len({id(p) for p in tensors}) < len(tensors):
        return "two layers share a parameter"
    if frozen := [names[id(p)] for p in tensors if not p.requires_grad]:
        return f"{frozen[0]} is frozen"
    return Network(
        sizes=np.array([linear[0].in_features, *(layer.out_features for layer in linear)]),
        has_bias=np.array([int(layer.bias is not None) for layer in linear]),
        activation=np.array([which for _, which, _ in layers]),
        constant=np.array([constant for _, _, constant in layers]),
        tensors=np.cumsum([0, *(p.numel() for p in tensors)]),
        decayed=np.array([int(names[id(p)] in decayed) for p in tensors]),
    )


def _in_order(module: nn.Module, path: str) -> list[tuple[str, nn.Module]]:
    """Leaves in the order in which they are called: only Sequential is known to keep one."""
    if type(module) is not nn.Sequential:  # a subclass may call them otherwise
        return [(path, module)]
    return [
        leaf
        for name, child in module._modules.items()  # named_children() leaves out repeats
        if child is not None
        for leaf in _in_order(child, f"{path}.{name}" if path else name)
    ]


def block(
    network: Network, weights: NDArray[np.floating], weight_decay: NDArray[np.float64]
) -> Block:
    """Lay W members out, from their numbers [n, W] and their λ [W]."""
    numbers, width = weights.shape
    units, outputs = int(network.sizes.sum()), int(network.sizes[-1])
    rows = [numbers] * 4 + [units] * 3 + [outputs, 1, numbers]
    rooms = [aligned((n, width), weights.dtype) for n in rows]
    made = Block._make([*rooms, np.zeros((1, width), np.int64), np.ones((2, 1))])
    made.weights[:] = weights
    made.weight_decay[:] = weight_decay
    return made


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Zeros whose first byte stands where a vector may begin."""
    size = int(np.prod(shape)) * dtype.itemsize
    raw = np.zeros(size + BYTES, np.uint8)
    start = -raw.ctypes.data % BYTES
    return raw[start : start + size].view(dtype).reshape(shape)
