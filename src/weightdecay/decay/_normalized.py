"""Which weights a normalisation follows, so that their scale does not change the function."""

import operator
import warnings
from typing import Any

import torch
from torch import fx, nn

from weightdecay.decay._selection import NORMALIZATION

# f(c·x) = c·f(x) for c > 0, or a mere rearrangement: what may stand between weight and norm.
_PASSES_SCALE = (
    nn.Identity,
    nn.ReLU,
    nn.LeakyReLU,
    nn.PReLU,
    nn.modules.dropout._DropoutNd,
    nn.Flatten,
    nn.Unflatten,
    nn.MaxPool1d,
    nn.MaxPool2d,
    nn.MaxPool3d,
    nn.AvgPool1d,
    nn.AvgPool2d,
    nn.AvgPool3d,
)
_CALLS_PASSING_SCALE = {
    torch.relu,
    nn.functional.relu,
    nn.functional.leaky_relu,
    nn.functional.dropout,
    torch.flatten,
    torch.transpose,
    operator.getitem,
}
_METHODS_PASSING_SCALE = {
    *("view", "reshape", "flatten", "transpose", "permute", "contiguous", "relu", "unsqueeze"),
    *("squeeze", "to", "float", "chunk", "unflatten"),
}
_CALLS_NORMALISING = {
    nn.functional.layer_norm,
    nn.functional.batch_norm,
    nn.functional.group_norm,
    nn.functional.instance_norm,
    nn.functional.rms_norm,
}
_LINEAR = (nn.Linear, nn.modules.conv._ConvNd)


def normalized(model: nn.Module) -> tuple[str, ...]:
    """Names of the weights of linear and convolution layers that a normalisation follows.

    Seen in the graph of the network where ``torch.fx`` can trace it: every path from the layer
    leads to a normalisation through nothing but what keeps scale (ReLU, dropout, pooling,
    reshaping). Where it cannot, in the order of the modules inside each container, which is that of
    the calls in nearly all networks, and not in all.

    Parameters
    ----------
    model : torch.nn.Module

    Returns
    -------
    tuple of str
        Names as in ``model.named_parameters()``.

    Examples
    --------
    >>> from torch import nn
    >>> from weightdecay.decay import normalized
    >>> normalized(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.LayerNorm(3), nn.Linear(3, 1)))
    ('0.weight',)
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            graph = _Tracer().trace(model)
    except Exception:  # tracing runs the user's forward: it may fail in any way
        paths = _by_order(model)
    else:
        paths = _by_graph(model, graph)
    names = {f"{path}.weight" if path else "weight" for path in paths}
    return tuple(name for name, _ in model.named_parameters() if name in names)


class _Tracer(fx.Tracer):
    """Keeps torch's own modules whole, and looks into all others."""

    def is_leaf_module(self, m: nn.Module, qualified_name: str) -> bool:
        return isinstance(m, NORMALIZATION) or super().is_leaf_module(m, qualified_name)


def _by_graph(model: nn.Module, graph: fx.Graph) -> set[str]:
    modules = dict(model.named_modules())

    def ends_in_norms(node: fx.Node) -> bool:
        return bool(node.users) and all(_normalises(user) for user in node.users)

    def _normalises(user: fx.Node) -> bool:
        target: Any = user.target
        if user.op == "call_module":
            module = modules[target]
            if isinstance(module, NORMALIZATION):
                return True
            return isinstance(module, _PASSES_SCALE) and ends_in_norms(user)
        if user.op == "call_function":
            if target in _CALLS_NORMALISING:
                return True
            return target in _CALLS_PASSING_SCALE and ends_in_norms(user)
        return user.op == "call_method" and target in _METHODS_PASSING_SCALE and ends_in_norms(user)

    calls: dict[str, list[bool]] = {}
    for node in graph.nodes:
        if node.op == "call_module" and isinstance(modules[node.target], _LINEAR):
            calls.setdefault(node.target, []).append(ends_in_norms(node))
    return {path for path, ends in calls.items() if all(ends)}


def _by_order(model: nn.Module) -> set[str]:
    found = set()
    for path, parent in model.named_modules():
        waiting: str | None = None
        for name, child in parent.named_children():
            if isinstance(child, _LINEAR):
                waiting = f"{path}.{name}" if path else name
            elif isinstance(child, NORMALIZATION) and waiting is not None:
                found.add(waiting)
                waiting = None
            elif not isinstance(child, _PASSES_SCALE):
                waiting = None
    return found
