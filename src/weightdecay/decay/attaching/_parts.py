"""A Decay resolved against a model and an optimizer: which parameters, with what factors."""

from dataclasses import dataclass

import torch
from torch import nn, optim

from weightdecay.decay import _multipliers
from weightdecay.decay._decay import Decay
from weightdecay.decay._normalized import normalized
from weightdecay.decay._selection import selected
from weightdecay.decay._units import Corrected
from weightdecay.errors import InputError


@dataclass(frozen=True)
class Part:
    """Decayed parameters of one group of the optimizer that share all that an update asks for.

    Attributes
    ----------
    group : int
        Which of ``optimizer.param_groups``: loading a state puts new dicts in their place.
    factor : float
        What multiplies λ; with 0 they do not decay, by the optimizer's own either.
    corrected : bool
        Whether the unit :class:`Corrected` corrects them.
    dtype : torch.dtype
    device : torch.device
        Of all of them, when they were sorted.
    parameters : dict of Parameter
        By name.
    """

    group: int
    factor: float
    corrected: bool
    dtype: torch.dtype
    device: torch.device
    parameters: dict[str, nn.Parameter]

    def holds(self) -> bool:
        """Whether no parameter has been cast or moved since."""
        return all(
            w.dtype == self.dtype and w.device == self.device for w in self.parameters.values()
        )


def parts(
    decay: Decay, optimizer: optim.Optimizer, model: nn.Module, coefficients: list[float] | None
) -> list[Part]:
    """Sort the selected parameters; `coefficients`, one a group, multiply λ.

    Raises
    ------
    InputError
        If nothing is selected, a pattern matches nothing, or a selected parameter that is trained
        is in no group.
    """
    named = dict(model.named_parameters())
    names = selected(model, decay.select)
    if not names:
        raise InputError(f"select: {decay.select!r} finds no parameter of the model to decay")
    factors = _multipliers.factors(decay.multipliers, names, named)
    to_correct = set(_to_correct(decay, model))
    places = {id(w): i for i, group in enumerate(optimizer.param_groups) for w in group["params"]}
    found: dict[tuple[int, float, bool, torch.dtype, torch.device], dict[str, nn.Parameter]] = {}
    for name in names:
        w = named[name]
        if id(w) not in places:
            if w.requires_grad:
                raise InputError(
                    f"optimizer: the parameter {name!r} decays and is in none of its groups; "
                    "add it, or select others"
                )
            continue
        group = places[id(w)]
        factor = factors[name] * (1.0 if coefficients is None else coefficients[group])
        key = (group, factor, name in to_correct, w.dtype, w.device)
        found.setdefault(key, {})[name] = w
    return [Part(*shared, parameters) for shared, parameters in found.items()]


def _to_correct(decay: Decay, model: nn.Module) -> tuple[str, ...]:
    if not isinstance(decay.unit, Corrected):
        return ()
    return normalized(model) if decay.unit.to == "normalized" else selected(model, decay.unit.to)
