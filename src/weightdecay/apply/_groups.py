"""Parameter groups for whoever only wants the groups."""

import math
import re
from collections.abc import Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from torch import nn

from weightdecay.apply._number import number, shown
from weightdecay.apply._rules import RULES
from weightdecay.decay import Selection, selected
from weightdecay.errors import InputError

Pattern = str | re.Pattern[str]


def param_groups(
    model: nn.Module,
    weight_decay: float,
    *,
    preset: str | None = None,
    select: Selection = "weights",
    overrides: Mapping[Pattern, float] | None = None,
) -> list[dict[str, Any]]:
    """The parameters of `model` in groups, each with its ``weight_decay``, for any optimizer.

    Parameters
    ----------
    model : torch.nn.Module
    weight_decay : float
        λ of the parameters that decay. Its unit is the optimizer's: with ``torch.optim.SGD`` and
        ``Adam`` it multiplies ½Σw² in a loss averaged over rows, with ``AdamW`` each step takes
        learning rate × λ of a weight.
    preset : {"torch", "timm", "hugging_face", "nanogpt", "d2l"}, optional
        Instead of `select`, the rule of

        - ``torch``: all parameters;
        - ``timm``: two axes or more, no ``.bias``, not what ``model.no_weight_decay()`` names;
        - ``hugging_face``: nothing in an ``nn.LayerNorm``, no name that speaks of bias or norm;
        - ``nanogpt``: two axes or more;
        - ``d2l``: all but biases.
    select : {"weights", "all", "last"} or callable, default "weights"
        Which parameters decay, see :func:`weightdecay.selected`: by default the weights of linear,
        convolution and embedding-like layers, by the type of their module, shape and name together.
    overrides : mapping of patterns to float or False, optional
        λ of the parameters whose names a pattern matches; False is 0. A pattern is text as in
        :mod:`fnmatch`, for the whole name (``"blocks.*.weight"``), or a compiled regular
        expression, searched for in the name. Of several that match, the first counts. A tied
        parameter answers to each of its names.

    Returns
    -------
    list of dict
        ``{"params": [...], "weight_decay": ...}``, those that decay by `weight_decay` first (timm's
        has those that do not first), then those that do not, then those of `overrides`; within a
        group in the model's order. A tied parameter is in there once, a frozen one
        (``requires_grad`` is False) not at all, and no group is empty.

    Raises
    ------
    InputError
        If λ is negative or not finite, the preset unknown, or a pattern matches no parameter.

    Examples
    --------
    >>> import torch
    >>> from weightdecay import param_groups
    >>> model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))
    >>> groups = param_groups(model, 0.1, overrides={"0.bias": 0.01})
    >>> [(len(group["params"]), group["weight_decay"]) for group in groups]
    [(1, 0.1), (2, 0.0), (1, 0.01)]
    >>> optimizer = torch.optim.AdamW(groups, lr=1e-3)
    """
    weight_decay = _coefficient("weight_decay", weight_decay, zero=())
    if preset is not None and preset not in RULES:
        raise InputError(f"preset: {preset!r} is none of {', '.join(map(repr, RULES))}")
    if preset is not None and select != "weights":
        raise InputError(f"select: preset={preset!r} says which parameters decay; leave out one")
    rule = RULES[preset] if preset else None
    decayed = set(selected(model, rule.select if rule else select))
    special = _overridden(model, overrides or {})
    order = [0.0, weight_decay] if rule and rule.undecayed_first else [weight_decay, 0.0]
    groups: dict[float, list[nn.Parameter]] = {value: [] for value in order}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            value = special.get(name, weight_decay if name in decayed else 0.0)
            groups.setdefault(value, []).append(parameter)
    return [
        {"params": parameters, "weight_decay": value}
        for value, parameters in groups.items()
        if parameters
    ]


def _coefficient(argument: str, value: float, zero: tuple[bool, ...] = (False,)) -> float:
    """`value` as λ; of the booleans only those in `zero` are one."""
    if isinstance(value, bool):
        if value not in zero:
            raise InputError(f"{argument}: {value} is no number; write λ")
        return 0.0
    if not 0 <= number(value) < math.inf:
        raise InputError(f"{argument}: {shown(value)} is not a finite number of 0 or more")
    return float(value)


def _overridden(model: nn.Module, overrides: Mapping[Pattern, float]) -> dict[str, float]:
    """λ by name, of the parameters that a pattern matches."""
    canonical = {parameter: name for name, parameter in model.named_parameters()}
    names = {
        name: canonical[parameter]
        for name, parameter in model.named_parameters(remove_duplicate=False)
    }
    found: dict[str, float] = {}
    for pattern, value in overrides.items():
        text = pattern if isinstance(pattern, str) else pattern.pattern
        coefficient = _coefficient(f"overrides[{text!r}]", value)
        matched = [name for name in names if _matches(name, pattern)]
        if not matched:
            near = get_close_matches(text, names, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise InputError(f"overrides: {text!r} matches no parameter of the model{meant}")
        for name in matched:
            found.setdefault(names[name], coefficient)
    return found


def _matches(name: str, pattern: Pattern) -> bool:
    if isinstance(pattern, str):
        return fnmatchcase(name, pattern)
    return pattern.search(name) is not None
