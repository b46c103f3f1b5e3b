"""The multilayer perceptron: as a torch module to be trained, and as arrays to predict with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor, nn

from weightdecay.errors import InputError
from weightdecay.study import Trained

Array = NDArray[np.floating]
#: Coefficients [in, out] and intercepts [out] of each layer.
Layers = tuple[list[Array], list[Array]]

#: By scikit-learn's names: torch's module, and the same on arrays.
ACTIVATIONS: dict[str, tuple[type[nn.Module], Callable[[Array], Array]]] = {
    "identity": (nn.Identity, lambda z: z),
    "logistic": (nn.Sigmoid, expit),
    "tanh": (nn.Tanh, np.tanh),
    "relu": (nn.ReLU, lambda z: np.maximum(z, 0)),
}


@dataclass(frozen=True)
class Network:
    """Makes a network, with torch's own initial weights.

    Parameters
    ----------
    sizes : tuple of int
        Inputs, units of each hidden layer, outputs.
    activation : {"identity", "logistic", "tanh", "relu"}
        Of the hidden layers; the outputs have none.
    dtype : {"float32", "float64"}, default "float32"
        Of the weights.
    """

    sizes: tuple[int, ...]
    activation: str
    dtype: str = "float32"

    def __call__(self) -> nn.Module:
        module, _ = ACTIVATIONS[self.activation]
        *hidden, last = pairwise(self.sizes)
        layers = [layer for shape in hidden for layer in (nn.Linear(*shape), module())]
        # Drawn in single precision, so that a seed gives the same start in double.
        return nn.Sequential(*layers, nn.Linear(*last)).to(getattr(torch, self.dtype))


def as_arrays(trained: Trained) -> list[Layers]:
    """Return coefficients and intercepts of each of the K members."""
    numbers = [w.numpy() for w in trained.weights.values()]
    return [
        ([w[k].T.copy() for w in numbers[::2]], [b[k].copy() for b in numbers[1::2]])
        for k in range(len(trained.diverged))
    ]


def as_weights(networks: Sequence[Layers], like: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights [K, ...] of K networks by name, as a population has them.

    Parameters
    ----------
    networks : sequence of K pairs of lists of array
    like : mapping of str to Tensor [K, ...]
        Names, in the order of layers, shapes and type.

    Raises
    ------
    InputError
        If the networks are of other shapes.
    """
    given = [
        [np.ascontiguousarray(part) for w, b in zip(*layers, strict=True) for part in (w.T, b)]
        for layers in networks
    ]
    found = [[part.shape for part in network] for network in given]
    wanted = [[tuple(w.shape[1:]) for w in like.values()]] * len(next(iter(like.values())))
    if found != wanted:
        raise InputError(
            f"warm_start: the networks that were fitted, {_sizes(found)}, are not those that are "
            f"asked for, {_sizes(wanted)}; use warm_start=False for a new start"
        )
    return {
        name: torch.from_numpy(np.stack([network[place] for network in given])).to(w.dtype)
        for place, (name, w) in enumerate(like.items())
    }


def _sizes(shapes: Sequence[Sequence[tuple[int, ...]]]) -> str:
    weights = shapes[0][::2]
    return f"{len(shapes)} of {'-'.join(str(w[1]) for w in weights)}-{weights[-1][0]}"


def outputs(networks: Sequence[Layers], activation: str, X: Any) -> NDArray[np.float64]:
    """Return the outputs [K, N, Q] of K networks for the rows X [N, P], summed in float64.

    X may be sparse.
    """
    _, function = ACTIVATIONS[activation]
    found = []
    for coefs, intercepts in networks:
        value: Any = X.astype(np.float64)
        for layer, (w, b) in enumerate(zip(coefs, intercepts, strict=True)):
            value = (function(value) if layer else value) @ w + b
        found.append(value)
    return np.stack(found)
