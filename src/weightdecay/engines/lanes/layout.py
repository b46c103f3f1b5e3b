"""How a network and a block of members lie in memory."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from weightdecay.engines._running import named
from weightdecay.engines.lanes import activations
from weightdecay.engines.lanes.vector import BYTES
from weightdecay.language import Phrase, phrase


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
    factor: NDArray[np.float64]  # [T] what multiplies λ, 0 where it does not decay


class Block(NamedTuple):
    """W members side by side, and room to work in. First axis as said, second axis [W].

    Values of units lie row by row: those of the first row, inputs first, then those of the second.
    """

    weights: NDArray[np.floating]  # every number of the member
    first: NDArray[np.floating]  # momentum, or Adam's first moment
    second: NDArray[np.floating]  # Adam's second moment
    gradient: NDArray[np.floating]
    anchor: NDArray[np.floating]  # the point around which Ω is measured; none if it is zero
    before: NDArray[np.floating]  # weights before a cautious step; none otherwise
    kept: NDArray[np.floating]  # final weights of members that have finished, or the best so far
    value: NDArray[np.floating]  # of every unit
    slope: NDArray[np.floating]  # f'(z) of every unit
    delta: NDArray[np.floating]  # ∂loss/∂(value), then ∂loss/∂z
    target: NDArray[np.floating]  # of every output
    weight: NDArray[np.floating]  # of every row
    scratch: NDArray[np.floating]  # [1]
    met: NDArray[np.floating]  # [1] sum of the losses that an epoch has met
    weight_decay: NDArray[np.floating]  # [1]
    per_weight: NDArray[np.floating]  # [1] one over the mean weight of the training rows
    finished: NDArray[np.int64]  # [1] the epoch in which a member stopped; negative: diverged
    powers: NDArray[np.float64]  # [2, 1] β₁ᵗ and β₂ᵗ after t steps
    units: NDArray[np.int64]  # [1] of a row


def read(network: nn.Module, factors: Mapping[str, float]) -> Network | Phrase:
    """Describe `network`, or say which module of it lanes cannot take.

    Parameters
    ----------
    network : torch.nn.Module
    factors : mapping of str to float
        What multiplies λ, of the parameters that decay.
    """
    layers: list[tuple[nn.Linear, int, float]] = []
    for path, module in _in_order(network, ""):
        found = activations.code(module)
        if found is None and type(module) not in (nn.Sequential, nn.Linear):
            return phrase("engine.refusal.module", where=named(path, module))
        if altered := _altered(path, module):
            return altered
        if type(module) is nn.Linear:
            layers.append((module, activations.IDENTITY, 0.0))
        if found is None or found[0] == activations.IDENTITY:
            continue
        if not layers or layers[-1][1] != activations.IDENTITY:
            return phrase("engine.refusal.activation", where=named(path, module))
        layers[-1] = (layers[-1][0], *found)
    if not layers:
        return phrase("engine.refusal.no_linear")
    linear = [layer for layer, _, _ in layers]
    for before, after in pairwise(linear):
        if before.out_features != after.in_features:
            sizes = {"outputs": before.out_features, "inputs": after.in_features}
            return phrase("engine.refusal.sizes", **sizes)
    names = {id(p): name for name, p in network.named_parameters()}
    tensors = [p for layer in linear for p in layer.parameters()]
    if len({id(p) for p in tensors}) < len(tensors):
        return phrase("engine.refusal.shared")
    if frozen := [names[id(p)] for p in tensors if not p.requires_grad]:
        return phrase("engine.refusal.frozen", name=frozen[0])
    return Network(
        sizes=np.array([linear[0].in_features, *(layer.out_features for layer in linear)]),
        has_bias=np.array([int(layer.bias is not None) for layer in linear]),
        activation=np.array([which for _, which, _ in layers]),
        constant=np.array([constant for _, _, constant in layers]),
        tensors=np.cumsum([0, *(p.numel() for p in tensors)]),
        factor=np.array([float(factors.get(names[id(p)], 0.0)) for p in tensors]),
    )


def _in_order(module: nn.Module, path: str) -> list[tuple[str, nn.Module]]:
    """`module`, then what it calls, in that order: only Sequential is known to keep one."""
    found = [(path, module)]
    if type(module) is nn.Sequential:  # a subclass may call them otherwise
        for name, child in module._modules.items():  # named_children() leaves out repeats
            found += [] if child is None else _in_order(child, f"{path}.{name}" if path else name)
    return found


def _altered(path: str, module: nn.Module) -> Phrase | None:
    """Say why `module` may compute something else than its class does; None if it does not."""
    hooks = (
        *(module._forward_pre_hooks, module._forward_hooks),
        *(module._backward_pre_hooks, module._backward_hooks),
    )
    if any(hooks) or "forward" in vars(module):
        return phrase("engine.refusal.hook", where=named(path, module))
    recurse = type(module) is not nn.Sequential  # whose children have their own turn
    held = [*module.parameters(recurse), *module.buffers(recurse)]
    own = _own(module)
    # In this order too: where weight normalisation was removed, the bias comes first.
    if [id(t) for t in held] != [id(t) for t, _ in own] or any(t.shape != s for t, s in own):
        return phrase("engine.refusal.tensors", where=named(path, module))
    return None


def _own(module: nn.Module) -> list[tuple[Tensor, tuple[int, ...]]]:
    """The tensors that a module has by its class, and their shapes."""
    if not isinstance(module, nn.Linear):
        return []
    weight = (module.weight, (module.out_features, module.in_features))
    return [weight] if module.bias is None else [weight, (module.bias, (module.out_features,))]


def block(
    network: Network,
    weights: NDArray[np.floating],
    weight_decay: NDArray[np.float64],
    per_weight: NDArray[np.float64],
    anchor: NDArray[np.floating] | None,
    rows: int,
    cautious: bool,
) -> Block:
    """Lay W members out.

    Parameters
    ----------
    network : Network
    weights : array [n, W]
    weight_decay, per_weight : array [W]
    anchor : array [n, W] or None
    rows : int
        For how many rows at a time there is to be room.
    cautious : bool
        Whether the weights before a step are needed.
    """
    numbers, width = (int(n) for n in weights.shape)
    units, outputs = int(network.sizes.sum()), int(network.sizes[-1])
    counts = {
        **dict.fromkeys(("weights", "first", "second", "gradient", "kept"), numbers),
        "anchor": 0 if anchor is None else numbers,
        "before": numbers if cautious else 0,
        **dict.fromkeys(("value", "slope", "delta"), rows * units),
        "target": rows * outputs,
        "weight": rows,
        **dict.fromkeys(("scratch", "met", "weight_decay", "per_weight"), 1),
    }
    made = Block(
        **{name: aligned((n, width), weights.dtype) for name, n in counts.items()},
        finished=np.zeros((1, width), np.int64),
        powers=np.ones((2, 1)),
        units=np.array([units]),
    )
    made.weights[:] = weights
    made.weight_decay[:] = weight_decay
    made.per_weight[:] = per_weight
    if anchor is not None:
        made.anchor[:] = anchor
    return made


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Zeros whose first byte stands where a vector may begin."""
    size = int(np.prod(shape)) * dtype.itemsize
    raw = np.zeros(size + BYTES, np.uint8)
    start = -raw.ctypes.data % BYTES
    return raw[start : start + size].view(dtype).reshape(shape)
