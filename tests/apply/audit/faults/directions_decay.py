"""Weight normalisation, old and new, and spectral normalisation: the directions decay too."""

import warnings

import torch
from torch import nn
from torch.nn.utils import parametrizations

FOUND = {
    "direction-decayed": {
        "new.parametrizations.weight.original1",
        "whole.parametrizations.weight.original1",
        "old.weight_v",
        "spectral.parametrizations.weight.original",
        "old_spectral.weight_orig",
    }
}


def layer():
    return nn.Linear(3, 3, bias=False)


def make():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the old ones are deprecated, and in use
        model = nn.ModuleDict(
            {
                "plain": layer(),
                "new": parametrizations.weight_norm(layer()),
                "whole": parametrizations.weight_norm(layer(), dim=None),
                "old": nn.utils.weight_norm(layer()),
                "spectral": parametrizations.spectral_norm(layer()),
                "old_spectral": nn.utils.spectral_norm(layer()),
                "orthogonal": parametrizations.orthogonal(layer()),
            }
        )
    return model, torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
