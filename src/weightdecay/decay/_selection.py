"""Which parameters decay."""

from collections.abc import Callable, Iterable
from typing import Literal

from torch import nn

from weightdecay.errors import InputError

Selection = Literal["weights", "all", "last"] | Callable[[nn.Module], Iterable[str]]

# By type, since a name or a shape alone misses renamed or reshaped ones. LocalResponseNorm is none:
# it divides by 1 + αΣx²/n to a power, which is 1 for small x, so that scale goes through it.
NORMALIZATION = (
    nn.modules.batchnorm._NormBase,
    nn.LayerNorm,
    nn.GroupNorm,
    nn.RMSNorm,
)


def _weights(model: nn.Module) -> list[str]:
    """Everything with two or more axes that neither is a bias nor belongs to a normalisation.

    Under weight normalisation, w = g·v/‖v‖, that is g as well as v: Σg² = Σw², so that decay of g
    is decay of the weight. It is no scale of a normalisation, which has 1 as its natural value.
    """
    return [
        f"{path}.{name}" if path else name
        for path, module in model.named_modules()
        if not isinstance(module, NORMALIZATION)
        for name, parameter in module.named_parameters(recurse=False)
        if parameter.ndim >= 2 and "bias" not in name.split("_")
    ]


def selected(model: nn.Module, select: Selection) -> tuple[str, ...]:
    """The names of the parameters of `model` that decay, in the model's own order.

    Parameters
    ----------
    model : torch.nn.Module
    select : {"weights", "all", "last"} or callable
        "weights": the weights of linear, convolution, embedding-like and other layers, never biases
        nor the parameters of a normalisation, nor vectors and scalars such as PReLU's slopes. Of a
        weight under weight normalisation both the magnitude and the direction. "all": every
        parameter. "last": the last one alone, which is all that a loop reaches when it overwrites
        its penalty at every turn. A callable gets the model and returns names.

    Returns
    -------
    tuple of str
        Names as in ``model.named_parameters()``; a tied parameter appears once.

    Raises
    ------
    InputError
        For an unknown rule, or a name that the model does not have.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.LayerNorm(3))
    >>> wd.selected(model, "weights"), wd.selected(model, "last")
    (('0.weight',), ('1.bias',))
    """
    names = [name for name, _ in model.named_parameters()]
    if select == "all":
        chosen = set(names)
    elif select == "last":
        chosen = set(names[-1:])
    elif select == "weights":
        chosen = set(_weights(model))
    elif callable(select):
        chosen = set(select(model))
        if unknown := sorted(chosen.difference(names)):
            raise InputError(f"select: the model has no parameter {unknown[0]!r}")
    else:
        raise InputError(f"select: {select!r} is none of 'weights', 'all', 'last' or a callable")
    return tuple(name for name in names if name in chosen)
