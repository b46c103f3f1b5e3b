"""Whether an optimizer takes what ``recipe.options`` says."""

import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from weightdecay.language import phrase, shown

#: Arguments of torch's optimizers that have a place of their own in the study file, or that say
#: how the machine computes and not what.
_ELSEWHERE = {"params", "lr", "weight_decay", "decoupled_weight_decay", "maximize"}
_MACHINE = {"foreach", "fused", "capturable", "differentiable"}


def check_options(optimizer: str, options: Mapping[str, Any]) -> None:
    """Check that an optimizer takes `options`, by making one and letting it take a step.

    Raises
    ------
    ValueError
        If it does not, with a phrase.
    """
    if not options:
        return
    # torch takes a second to import, and most files have no options.
    import torch

    from weightdecay.study import Recipe
    from weightdecay.study._recipe import OPTIMIZERS

    taken = set(inspect.signature(OPTIMIZERS[optimizer]).parameters) - _ELSEWHERE - _MACHINE
    for name in options:
        if name in ("lr", "weight_decay"):
            where = "recipe.lr" if name == "lr" else "study.weight_decay"
            raise ValueError(phrase("study.error.option_place", name=name, place=where))
        if name not in taken:
            said = {"name": shown(name), "optimizer": optimizer}
            if near := get_close_matches(name, taken, 1):
                raise ValueError(phrase("study.error.option_near", **said, near=near[0]))
            names = ", ".join(sorted(taken))
            raise ValueError(phrase("study.error.option", **said, names=names))
    try:
        weight = torch.nn.Parameter(torch.zeros(1))
        made = Recipe(optimizer=optimizer, options=options).make_optimizer([weight])
        weight.grad = torch.zeros(1)
        made.step()
    except Exception as error:  # whatever torch makes of a number it does not take
        said = {"optimizer": optimizer, "reason": shown(error, 200)}
        raise ValueError(phrase("study.error.options", **said)) from None
