"""The point around which a penalty is measured: zero, the initial weights, or given ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor, nn

from weightdecay.errors import InputError


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights by the names of their parameters; compared by identity, so that a Decay can be."""

    by_name: Mapping[str, Tensor]

    def __repr__(self) -> str:
        return f"<{len(self.by_name)} given weights>"


Around = Literal["zero", "start"] | Mapping[str, Tensor] | Weights


def wrapped(around: Any) -> Literal["zero", "start"] | Weights:
    """Return `around` as a Decay keeps it, or say why it is none.

    Weights are copied: those of ``model.state_dict()`` are the model's own, which training changes.
    """
    if isinstance(around, Weights) or (isinstance(around, str) and around in ("zero", "start")):
        return around  # type: ignore[return-value]
    if isinstance(around, Mapping) and all(isinstance(w, Tensor) for w in around.values()):
        return Weights({name: w.detach().clone() for name, w in around.items()})
    raise InputError(
        f"around: {around!r} is none of 'zero', 'start' or a mapping of names to weights"
    )


def given(model: nn.Module, around: Literal["zero", "start"] | Weights) -> dict[str, Tensor]:
    """Weights given for the parameters of `model`, checked against them; none unless given.

    Raises
    ------
    InputError
        If the model has no such parameter, or it has another shape.
    """
    if not isinstance(around, Weights):
        return {}
    mine = dict(model.named_parameters())
    for name, w in around.by_name.items():
        if name not in mine:
            raise InputError(f"around: the model has no parameter {name!r}; leave it out")
        if mine[name].shape != w.shape:
            raise InputError(
                f"around: {name!r} is {list(w.shape)}, and {list(mine[name].shape)} in the model"
            )
    return {
        name: w.detach().to(device=mine[name].device, dtype=mine[name].dtype)
        for name, w in around.by_name.items()
    }
