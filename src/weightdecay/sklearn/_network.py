"""The multilayer perceptron: as a torch module to be trained, and as arrays to predict with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from torch import nn

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
    """

    sizes: tuple[int, ...]
    activation: str

    def __call__(self) -> nn.Module:
        module, _ = ACTIVATIONS[self.activation]
        *hidden, last = pairwise(self.sizes)
        layers = [layer for shape in hidden for layer in (nn.Linear(*shape), module())]
        return nn.Sequential(*layers, nn.Linear(*last))


def as_arrays(trained: Trained) -> list[Layers]:
    """Return coefficients and intercepts of each of the K members."""
    numbers = [w.numpy() for w in trained.weights.values()]
    return [
        ([w[k].T.copy() for w in numbers[::2]], [b[k].copy() for b in numbers[1::2]])
        for k in range(len(trained.diverged))
    ]


def outputs(networks: Sequence[Layers], activation: str, X: Array) -> NDArray[np.float64]:
    """Return the outputs [K, N, Q] of K networks for the rows X [N, P], summed in float64."""
    _, function = ACTIVATIONS[activation]
    found = []
    for coefs, intercepts in networks:
        value = X.astype(np.float64)
        for layer, (w, b) in enumerate(zip(coefs, intercepts, strict=True)):
            value = (function(value) if layer else value) @ w + b
        found.append(value)
    return np.stack(found)
