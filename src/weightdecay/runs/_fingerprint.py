"""What a study is, as short texts that are equal where the study is."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from types import CodeType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from weightdecay.study import Population


def fingerprint(population: Population) -> dict[str, str]:
    """Return a digest of each part of what an engine gets.

    Functions (a loss, a schedule) count by their name and their code, not by what they close over.

    Returns
    -------
    dict of str to str
        "data", "folds", "network", "recipe", "decay", "weight_decay", "seeds": SHA-256 in hex.
    """
    order = population.order
    rows = [_rows(some) for some in (order.train, population.test, population.held)]
    return {
        "data": _digest([population.x, population.y, population.sample_weight, population.loss]),
        "folds": _digest([order.keys, rows]),
        "network": _digest([str(population.network), population.weights, population.buffers]),
        "recipe": _digest([population.recipe, population.record]),
        "decay": _digest(population.decay),
        "weight_decay": _digest(list(dict.fromkeys(population.weight_decay.tolist()))),
        "seeds": _digest([list(dict.fromkeys(key[0] for key in order.keys)), order.shuffle]),
    }


#: What has an entry for each member, and so differs too where seeds, λs or folds do.
FOLLOWS = {
    "seeds": {"folds", "network"},
    "weight_decay": {"folds", "network"},
    "folds": {"network"},
}


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the parts in which two fingerprints differ, without those that only follow."""
    other = [name for name in now if before.get(name) != now[name]]
    return [name for name in other if not any(name in FOLLOWS.get(o, ()) for o in other)]


def _rows(rows: Sequence[NDArray[np.int64]]) -> list[Any]:
    """Which rows each member has, those that members share said once."""
    places: dict[int, int] = {}
    which = [places.setdefault(id(some), len(places)) for some in rows]
    by_id = {id(some): some for some in rows}
    return [which, [by_id[key] for key in places]]


def _digest(value: object) -> str:
    found = hashlib.sha256()
    for part in _parts(value):
        # Lengths too, so that what ends one part cannot begin the next.
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.hexdigest()


def _parts(value: object) -> Iterator[bytes]:
    match value:
        case torch.Tensor():
            yield from _parts(value.detach().cpu().numpy())
        case np.ndarray():
            yield f"{value.dtype} {value.shape}".encode()
            yield np.ascontiguousarray(value).tobytes()
        case Mapping():
            yield f"{len(value)} items".encode()
            for name, item in value.items():
                yield from _parts(name)
                yield from _parts(item)
        case str() | bytes() | None | bool() | int() | float():
            yield repr(value).encode()
        case Sequence():
            yield f"{len(value)} in order".encode()
            for item in value:
                yield from _parts(item)
        case partial():
            yield from _parts([value.func, value.args, value.keywords])
        case _ if is_dataclass(value) and not isinstance(value, type):
            yield type(value).__qualname__.encode()
            for field in fields(value):
                yield from _parts(getattr(value, field.name))
        case _ if callable(value):
            yield from _function(value)
        case _ if type(value).__repr__ is object.__repr__:
            # It names an address, another one in each process.
            yield type(value).__qualname__.encode()
            yield from _parts(vars(value))
        case _:
            yield repr(value).encode()


def _function(value: Callable[..., object]) -> Iterator[bytes]:
    yield f"{value.__module__}.{getattr(value, '__qualname__', type(value).__qualname__)}".encode()
    code = getattr(value, "__code__", None)
    if code is not None:
        yield from _code(code)


def _code(code: CodeType) -> Iterator[bytes]:
    """What a function does, with which names and numbers, and those of the functions in it."""
    yield code.co_code
    yield from _parts(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant)
        elif isinstance(constant, int | float | str | tuple):
            yield from _parts(constant)
