"""Whether an optimizer takes what ``recipe.options`` says."""

import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

#: Arguments of torch's optimizers that have a place of their own in the study file, or that say
#: how the machine computes and not what.
_ELSEWHERE = {"params", "lr", "weight_decay", "decoupled_weight_decay", "maximize"}
_MACHINE = {"foreach", "fused", "capturable", "differentiable"}


def check_options(optimizer: str, options: Mapping[str, Any]) -> None:
    """Check that an optimizer takes `options`, by making one and letting it take a step.

    Raises
    ------
    ValueError
        If it does not; the message begins with the key, below the section.
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
            raise ValueError(f"options.{name}: its place is {where}")
        if name not in taken:
            near = get_close_matches(name, taken, 1)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(sorted(taken))}"
            raise ValueError(f"options.{name}: {optimizer} has no such option; {hint}")
    try:
        weight = torch.nn.Parameter(torch.zeros(1))
        made = Recipe(optimizer=optimizer, options=options).make_optimizer([weight])
        weight.grad = torch.zeros(1)
        made.step()
    except Exception as error:  # whatever torch makes of a number it does not take
        raise ValueError(f"options: {optimizer} does not take them: {error}") from None
