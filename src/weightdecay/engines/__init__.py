"""Engines train a population: the reference loop, and faster ones that must agree with it.

What every engine promises: a member's result depends on its own initial weights, rows and λ, not on
the others, nor on how the population is cut or how many threads there are. A member whose data loss
ceases to be finite stops there and is counted.

>>> import weightdecay as wd
>>> sorted(wd.engines.ENGINES)
['lanes', 'loop', 'vmap']
"""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

import torch

from weightdecay.engines import lanes, loop, vmap
from weightdecay.errors import InputError
from weightdecay.language import Phrase, first_line, phrase
from weightdecay.study import Population, Trained

if TYPE_CHECKING:
    from weightdecay.engines.ray import Ray

__all__ = ["ENGINES", "LANES_UP_TO", "Ray", "choose", "train", "train_by"]

#: Numbers of a network up to which lanes is the faster: `python benchmarks/border.py`.
LANES_UP_TO = 1 << 18

ENGINES: dict[str, ModuleType] = {"lanes": lanes, "vmap": vmap, "loop": loop}


def __getattr__(name: str) -> Any:
    """Import Ray when it is first asked for: it stands on the engines."""
    if name == "Ray":
        return import_module("weightdecay.engines.ray").Ray
    raise AttributeError(f"module 'weightdecay.engines' has no attribute {name!r}")


def choose(
    population: Population,
    engine: str = "auto",
    compile: bool = False,
    device: str | None = None,
) -> tuple[str, str]:
    """Return the engine for `population`, and why.

    Parameters
    ----------
    population : Population
    engine : {"auto", "lanes", "vmap", "loop"}, default "auto"
        "auto" takes the fastest that can.
    compile : bool, default False
        Whether the steps go through ``torch.compile``: then the engine is vmap, or none.
    device : str, optional
        "cuda", say, if that is where it will be trained; where it lies, if not given.

    Returns
    -------
    name, reason : str

    Raises
    ------
    InputError
        If the engine is unknown, or cannot take this population; the message names what it cannot
        take, and the way out.
    """
    check_name(engine)
    if compile:
        if engine not in ("auto", "vmap"):
            raise InputError(f"compile: {engine!r} has nothing to compile; use engine='vmap'")
        if refused := vmap.refusal(population, compile):
            raise InputError(f"compile: {refused}; use compile=False")
        return "vmap", "compile=True, which it alone can do"
    if engine == "auto":
        if (by_lanes := _refusal("lanes", population, device)) is None:
            numbers = sum(w[0].numel() for w in population.weights.values())
            if numbers <= LANES_UP_TO or vmap.refusal(population) is not None:
                return "lanes", "a stack of linear layers, which lanes trains fastest"
            return "vmap", f"{numbers:,} numbers: above {LANES_UP_TO:,} lanes is no faster"
        if (by_vmap := vmap.refusal(population)) is None:
            return "vmap", f"lanes does not take it: {by_lanes}"
        return "loop", f"lanes does not take it: {by_lanes}; nor does vmap: {by_vmap}"
    if refused := _refusal(engine, population, device):
        raise InputError(phrase("engine.error.refused", engine=engine, reason=refused))
    return engine, "asked for"


def check_name(engine: str) -> None:
    """Raise :class:`InputError` if there is no such engine."""
    if engine not in ("auto", *ENGINES):
        raise InputError(f"engine: {engine!r} is none of 'auto', {', '.join(map(repr, ENGINES))}")


def check_device(device: torch.device | str) -> None:
    """Raise :class:`InputError` if torch cannot put anything on the device."""
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, TypeError) as error:
        reason = first_line(error)
        raise InputError(phrase("engine.error.device", device=device, reason=reason)) from error


def _refusal(engine: str, population: Population, device: str | None) -> Phrase | str | None:
    """Say why an engine cannot take `population` on `device`, or return None."""
    if engine == "lanes" and device not in (None, "cpu"):
        return phrase("engine.refusal.device", device=device)
    refused: Phrase | str | None = ENGINES[engine].refusal(population)
    return refused


def train(
    population: Population,
    engine: str = "auto",
    progress: Callable[[int], None] = lambda epochs: None,
    compile: bool = False,
) -> Trained:
    """Train all members.

    Parameters
    ----------
    population : Population
        K members.
    engine : {"auto", "lanes", "vmap", "loop"}, default "auto"
        See :func:`choose`.
    progress : callable, optional
        Called now and then, from any thread, with the number of member-epochs done since the last
        call; in all K × epochs.
    compile : bool, default False
        See :func:`choose`.

    Returns
    -------
    Trained

    Raises
    ------
    InputError
        As :func:`choose`.
    """
    name, _ = choose(population, engine, compile)
    return train_by(name, population, progress, compile)


def train_by(
    name: str, population: Population, progress: Callable[[int], None], compile: bool
) -> Trained:
    """Train all members by the engine that :func:`choose` has returned."""
    if compile:
        return vmap.train(population, progress, compile)
    trained: Trained = ENGINES[name].train(population, progress)
    return trained
