"""A digest of anything that a study is made of, functions and objects of one's own among it."""

import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
import torch
from torch import nn

#: Top-level packages whose versions the manifest has: what their code does needs no digest.
KNOWN = sys.stdlib_module_names | {"weightdecay", "torch", "numpy", "numba", "sklearn"}
#: An address in a repr, another one in each process.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_OF_EVERY_MODULE = vars(nn.Module()).keys()

#: The objects inside which another one is met, by their ids.
Above = tuple[int, ...]


def digest(value: object) -> str:
    """Return the SHA-256 of a value, in hex: the same in every process and on every machine.

    A function counts by its name, its code, the defaults of its arguments and what it is bound to,
    not by what it closes over; an object by its attributes and, if it is of a class of one's own,
    by the code of that class.
    """
    found = hashlib.sha256()
    for part in _parts(value, ()):
        # Lengths too, so that what ends one part cannot begin the next.
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.hexdigest()


def code_of_network(network: nn.Module) -> list[Any]:
    """Return what a network does beyond what its repr says; nothing of torch's plain layers.

    Of modules of one's own the class and all attributes; of torch's, whose repr says how they are
    set, only functions, such as an activation.
    """
    found: list[Any] = []
    for module in network.modules():
        mine = not _known(type(module))
        attributes = {
            name: value for name, value in _attributes(module).items() if mine or callable(value)
        }
        if mine or attributes:
            found.append([type(module), attributes])
    return found


def _parts(value: object, above: Above) -> Iterator[bytes]:
    match value:
        case str() | bytes() | None | bool() | int() | float():
            yield repr(value).encode()
            return
        case _ if id(value) in above:  # met inside itself
            yield f"{above[::-1].index(id(value))} above".encode()
            return
    above = (*above, id(value))
    match value:
        case torch.Tensor():
            yield from _parts(value.detach().cpu().numpy(), above)
        case np.ndarray():
            yield f"{value.dtype} {value.shape}".encode()
            yield np.ascontiguousarray(value).tobytes()
        case Mapping():
            yield f"{len(value)} items".encode()
            for name, item in value.items():
                yield from _parts(name, above)
                yield from _parts(item, above)
        case Sequence():
            yield f"{len(value)} in order".encode()
            for item in value:
                yield from _parts(item, above)
        case Set():  # in no order, or in one that differs from process to process
            yield f"{len(value)} in a set".encode()
            yield from sorted(digest(item).encode() for item in value)
        case partial():
            yield from _parts([value.func, value.args, value.keywords], above)
        case ModuleType():
            yield value.__name__.encode()
        case type():
            yield _name(value)
            yield from _class(value, above)
        case _ if is_dataclass(value):
            yield type(value).__qualname__.encode()
            yield from _class(type(value), above)
            for field in fields(value):
                yield from _parts(getattr(value, field.name), above)
        case _ if callable(value):
            yield from _callable(value, above)
        case _ if type(value).__repr__ is object.__repr__:
            yield type(value).__qualname__.encode()
            yield from _class(type(value), above)
            yield from _parts(_attributes(value), above)
        case _:
            yield _ADDRESS.sub("", repr(value)).encode()
            yield from _class(type(value), above)


def _callable(value: Callable[..., object], above: Above) -> Iterator[bytes]:
    yield _name(value)
    if (code := getattr(value, "__code__", None)) is not None:
        yield from _code(code, above)
        if not _known(value):
            for name in ("__defaults__", "__kwdefaults__"):
                if (defaults := getattr(value, name, None)) is not None:
                    yield from _parts([name, defaults], above)
    owner = getattr(value, "__self__", None)
    if (wrapped := getattr(value, "__wrapped__", None)) is not None:
        yield from _parts(wrapped, above)
    elif owner is not None:  # a bound method; a builtin function is bound to its module
        yield from _parts(owner, above)
    elif not isinstance(value, FunctionType):
        yield from _class(type(value), above)
        yield from _parts(_attributes(value), above)
        if isinstance(value, nn.Module):
            for own in (value.named_parameters, value.named_buffers):
                yield from _parts(dict(own(recurse=False)), above)
            yield from _parts(dict(value.named_children()), above)


def _code(code: CodeType, above: Above) -> Iterator[bytes]:
    """What a function does, with which names and numbers, and those of the functions in it."""
    yield code.co_code
    yield from _parts(code.co_names, above)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant, above)
        elif isinstance(constant, int | float | complex | str | bytes | tuple | frozenset):
            yield from _parts(constant, above)


def _class(kind: type, above: Above) -> Iterator[bytes]:
    """What is written in a class of one's own and in those above it."""
    for one in kind.__mro__:
        if _known(one) or id(one) in above[:-1]:
            continue
        for name, item in sorted(vars(one).items()):
            match item:
                case staticmethod() | classmethod():
                    body: object = item.__func__
                case property():
                    body = [item.fget, item.fset]
                case _:
                    body = item
            # Of names with two underscores, all that is no function is Python's own.
            if isinstance(body, FunctionType) or not name.startswith("__"):
                yield from _parts([name, body], (*above, id(one)))


def _attributes(value: object) -> dict[str, Any]:
    """An object's attributes, those in slots too, without what every torch module has."""
    state = object.__getstate__(value)
    kept: dict[str, Any] = {}
    for part in state if isinstance(state, tuple) else (state,):
        kept |= part or {}
    if isinstance(value, nn.Module):
        kept = {name: item for name, item in kept.items() if name not in _OF_EVERY_MODULE}
    return kept


def _name(value: object) -> bytes:
    name = next(
        name
        for name in (
            getattr(value, "__qualname__", None),
            getattr(value, "__name__", None),
            type(value).__qualname__,
        )
        if isinstance(name, str)
    )
    return f"{getattr(value, '__module__', None)}.{name}".encode()


def _known(value: object) -> bool:
    """Whether its code is that of a package whose version the manifest has."""
    return str(getattr(value, "__module__", None)).partition(".")[0] in KNOWN
