"""Parameters that a layer divides by their norm before it uses them: only their direction counts.

They are v of weight normalisation, w = g·v/‖v‖, and a weight under spectral normalisation. Their
scale does not change the network; decay of it raises the effective learning rate, η/‖v‖².
"""

from collections.abc import Iterator

from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils.parametrize import ParametrizationList
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm


def directions(model: nn.Module) -> set[str]:
    """Their names; of tied ones all."""
    return {
        f"{path}.{name}" if path else name
        for path, module in model.named_modules(remove_duplicate=False)
        for name in _of(module)
    }


def _of(module: nn.Module) -> Iterator[str]:
    if isinstance(module, ParametrizationList):
        first = module[0]  # of several, the one that gets the parameters themselves
        if isinstance(first, parametrizations._WeightNorm):
            yield "original1"
        if isinstance(first, parametrizations._SpectralNorm):
            yield "original"
    for hook in module._forward_pre_hooks.values():  # the older functions of the same names
        if isinstance(hook, WeightNorm):
            yield f"{hook.name}_v"
        if isinstance(hook, SpectralNorm):
            yield f"{hook.name}_orig"
