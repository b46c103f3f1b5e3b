"""Rules that people know for which parameters decay: of timm, Hugging Face, nanoGPT, D2L."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from torch import nn

_HUGGING_FACE_NAMES = re.compile(r"bias|layernorm|rmsnorm|(^|\.)norm($|\.)|_norm($|\.)")


@dataclass(frozen=True)
class Rule:
    """A selection of parameters, and the order in which the original gives its groups."""

    select: Callable[[nn.Module], list[str]]
    undecayed_first: bool = False


def torch_rule(model: nn.Module) -> list[str]:
    """Every parameter, biases and normalisations too: ``AdamW(model.parameters())``."""
    return [name for name, _ in model.named_parameters()]


def timm_rule(model: nn.Module) -> list[str]:
    """Two axes or more, no name that ends in ``.bias``, nothing that the model excepts.

    The model excepts what its ``no_weight_decay()`` returns, names or patterns
    (``timm.optim.create_optimizer_v2``, timm 1.0).
    """
    excepted: Iterable[str] = getattr(model, "no_weight_decay", set)()
    return [
        name
        for name, parameter in model.named_parameters()
        if parameter.ndim > 1
        and not name.endswith(".bias")
        and not any(fnmatchcase(name, pattern) for pattern in excepted)
    ]


def hugging_face_rule(model: nn.Module) -> list[str]:
    """Nothing inside an ``nn.LayerNorm``, nothing whose name speaks of a bias or a normalisation.

    Unlike the others it decays vectors of other names, such as scales
    (``transformers.Trainer.get_decay_parameter_names``, transformers 5).
    """
    inside = tuple(
        f"{path}."
        for path, module in model.named_modules()
        if path and isinstance(module, nn.LayerNorm)
    )
    return [
        name
        for name, _ in model.named_parameters()
        if not name.startswith(inside) and not _HUGGING_FACE_NAMES.search(name.lower())
    ]


def nanogpt_rule(model: nn.Module) -> list[str]:
    """Two axes or more, embeddings too (``configure_optimizers`` of nanoGPT's ``model.py``)."""
    return [name for name, parameter in model.named_parameters() if parameter.ndim >= 2]


def d2l_rule(model: nn.Module) -> list[str]:
    """Everything but what is called a bias (Dive into Deep Learning, section 3.7)."""
    return [name for name, _ in model.named_parameters() if name.rpartition(".")[-1] != "bias"]


RULES: Mapping[str, Rule] = {
    "torch": Rule(torch_rule),
    "timm": Rule(timm_rule, undecayed_first=True),
    "hugging_face": Rule(hugging_face_rule),
    "nanogpt": Rule(nanogpt_rule),
    "d2l": Rule(d2l_rule),
}
