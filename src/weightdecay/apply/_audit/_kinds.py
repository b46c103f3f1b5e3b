"""What a parameter is, told by the module that owns it; its name and shape only settle the rest."""

import re
from contextlib import suppress

import torch
from torch import Tensor, nn

from weightdecay.apply._audit._preserved import double, random_numbers_kept
from weightdecay.decay._selection import NORMALIZATION

LINEAR, CONVOLUTION, EMBEDDING, RECURRENT = "linear", "convolution", "embedding", "recurrent"
NORM, BIAS, FLAT, OTHER = "normalization", "bias", "flattened", "other"
KINDS = (LINEAR, CONVOLUTION, EMBEDDING, RECURRENT, NORM, BIAS, FLAT, OTHER)
WEIGHTS = (LINEAR, CONVOLUTION, EMBEDDING, RECURRENT, FLAT)

_OWNERS: tuple[tuple[tuple[type[nn.Module], ...], str], ...] = (
    ((nn.Linear, nn.Bilinear, nn.MultiheadAttention), LINEAR),
    ((nn.modules.conv._ConvNd,), CONVOLUTION),
    ((nn.Embedding, nn.EmbeddingBag), EMBEDDING),
    ((nn.RNNBase, nn.RNNCellBase), RECURRENT),
)

# What torch's layers call their weights: weight, in_proj_weight, weight_ih_l0, weight_v. A vector
# of another name is what a subclass adds, such as a scale.
_WEIGHT = re.compile(r"(^|_)weight($|_[ih][hr]|_[gv]$|_orig$)")


def kind(owner: nn.Module, name: str, parameter: nn.Parameter) -> str:
    """One of `KINDS` for the parameter `name` of the module `owner`."""
    if type(parameter).__name__ == "FlatParameter" or name == "_flat_param":
        return FLAT
    if "bias" in name.split("_"):
        return BIAS
    if normalizes(owner):
        return NORM
    for types, kind in _OWNERS:
        if isinstance(owner, types):
            if parameter.ndim < 2 and not _WEIGHT.search(name):
                return OTHER
            # A scalar is no flattened weight: weight normalisation over all axes has one.
            return FLAT if parameter.ndim == 1 else kind
    # Linear and convolutional layers that libraries write for themselves (transformers.Conv1D is a
    # linear layer) carry the word in the class's name.
    if parameter.ndim >= 2 and re.search(r"Linear|Conv1D$", type(owner).__name__):
        return LINEAR
    if parameter.ndim >= 2 and re.search(r"Conv\dd", type(owner).__name__):
        return CONVOLUTION
    return OTHER


def normalizes(module: nn.Module) -> bool:
    """Whether `module` is a normalisation: by type, by its class's name, or by what it does.

    A leaf of unknown type that owns vectors alone is tried: a normalisation gives the same for an
    input and for four times that input.
    """
    if isinstance(module, NORMALIZATION):
        return True
    own = list(module.parameters(recurse=False))
    if not own or any(p.ndim > 1 and p.numel() > max(p.shape) for p in own):
        return False  # a matrix: whatever it does, it is more than a scale
    if re.search(r"Norm(?![a-z])|Norm\dd|^LN$", type(module).__name__):
        return True
    known = type(module).__module__.startswith("torch.nn")
    return not known and next(module.children(), None) is None and _ignores_scale(module, own[0])


def _ignores_scale(module: nn.Module, scale: Tensor) -> bool:
    if scale.device.type == "meta" or not scale.is_floating_point() or not scale.numel():
        return False
    size = scale.numel()
    generator = torch.Generator().manual_seed(0)
    for shape in ((2, 3, size), (2, size, 3, 3)):
        x, other = (torch.randn(shape, generator=generator).to(scale) for _ in range(2))
        # A module that wants another input says so by failing, and is no normalisation to us.
        with suppress(Exception), random_numbers_kept(), torch.no_grad():
            tried = double(module)
            once, fourfold, differs = (tried(each) for each in (x, 4 * x, other))
            if not isinstance(once, Tensor) or once.shape != x.shape:
                continue
            off = (once - fourfold).abs().max()
            size_of = once.abs().max()
            return bool(
                size_of > 0 and off <= 0.01 * size_of and (once - differs).abs().max() > off
            )
    return False
