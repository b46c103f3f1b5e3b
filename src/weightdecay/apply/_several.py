"""A decay on a model whose parameters several optimizers share out among them."""

from collections.abc import Callable
from dataclasses import replace

from torch import nn, optim

from weightdecay.decay import Attachment, Decay, selected


def attach_to_each(
    decay: Decay, optimizers: list[optim.Optimizer], model: nn.Module
) -> list[Attachment]:
    """Attach `decay` to each of `optimizers` for the parameters that it trains.

    Raises
    ------
    InputError
        As :meth:`Decay.attach`; a parameter that decays is in none of the optimizers.
    """
    if len(optimizers) == 1:
        return [decay.attach(optimizers[0], model)]
    named = dict(model.named_parameters())
    chosen = selected(model, decay.select)
    parts = []
    for optimizer in optimizers:
        trained = {w for group in optimizer.param_groups for w in group["params"]}
        parts.append(tuple(name for name in chosen if named[name] in trained))
    # The first also gets those that no optimizer trains, so that its attach says so.
    reached = {name for part in parts for name in part}
    parts[0] = (*parts[0], *(name for name in chosen if name not in reached))
    return [
        replace(decay, select=_names(part)).attach(optimizer, model)
        for optimizer, part in zip(optimizers, parts, strict=True)
        if part
    ]


def _names(names: tuple[str, ...]) -> Callable[[nn.Module], tuple[str, ...]]:
    return lambda model: names
