"""Parameters that a model holds in plain lists or dicts, where ``parameters()`` misses them."""

from collections.abc import Iterator

from torch import nn

# What every module keeps for itself, and the list in which torch's recurrent layers keep the
# weights for cuDNN: it may be out of date, and then holds weights that no longer exist.
_TORCHS_OWN = {*vars(nn.Module()), "_flat_weights"}


def unregistered(model: nn.Module) -> tuple[str, ...]:
    """The attributes, by path, whose list, tuple or dict holds a parameter that `model` misses.

    A list that refers to what is registered elsewhere is fine, and so is a frozen network in a
    list, which is hidden there on purpose as a rule.
    """
    registered = set(model.parameters())
    return tuple(
        f"{path}.{name}" if path else name
        for path, module in model.named_modules()
        for name, value in vars(module).items()
        if name not in _TORCHS_OWN
        and any(p.requires_grad and p not in registered for p in _held(value))
    )


def _held(value: object) -> Iterator[nn.Parameter]:
    if isinstance(value, dict):
        value = tuple(value.values())
    for each in value if isinstance(value, list | tuple) else ():
        if isinstance(each, nn.Module):
            yield from each.parameters()
        elif isinstance(each, nn.Parameter):
            yield each
