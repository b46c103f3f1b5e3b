"""Which weights are followed by a normalisation, where that can be told.

On such weights decay sets the effective learning rate, η/‖w‖², and not the capacity.
"""

import warnings

import torch
from torch import fx, nn

from weightdecay.apply._audit._kinds import normalizes
from weightdecay.apply._audit._preserved import double, random_numbers_kept
from weightdecay.decay._normalized import normalized
from weightdecay.decay._selection import NORMALIZATION


def followed_by_normalization(model: nn.Module) -> dict[str, bool | None]:
    """For each parameter, by name: whether a normalisation follows; None where it cannot be told.

    It can where ``torch.fx`` traces the model. Where it cannot (branches on data, most models of
    Hugging Face) what stands right before a normalisation in its container counts as followed by
    it, and of all else nothing is said.
    """
    names = [name for name, _ in model.named_parameters()]
    prepared = _prepared(model)
    if prepared is None:
        return dict.fromkeys(names)
    with random_numbers_kept(), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = set(normalized(prepared))
        otherwise = False if _traceable(prepared) else None
    return {name: True if name in found else otherwise for name in names}


def _prepared(model: nn.Module) -> nn.Module | None:
    """A double of `model` where normalisations of the user's own are torch's."""
    try:
        prepared = double(model)
    except Exception:  # see there
        return None
    for path, module in list(prepared.named_modules()):
        if path and normalizes(module) and not isinstance(module, NORMALIZATION):
            parent, _, name = path.rpartition(".")
            setattr(prepared.get_submodule(parent), name, nn.LayerNorm(1, elementwise_affine=False))
    return prepared


class _Tracer(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, qualified_name: str) -> bool:
        return isinstance(m, NORMALIZATION) or super().is_leaf_module(m, qualified_name)


def _traceable(model: nn.Module) -> bool:
    try:
        _Tracer().trace(model)
    except Exception:  # whatever the user's forward raises on proxies
        return False
    return True
