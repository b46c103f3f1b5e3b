"""What ``weightdecay audit MODULE:FACTORY`` names."""

import importlib
import inspect
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from torch import nn

from weightdecay.apply._audit._place import place
from weightdecay.errors import InputError
from weightdecay.language import Words


def load(target: str, words: Words) -> tuple[Any, ...]:
    """Import MODULE, from the current folder too, and call FACTORY.

    Parameters
    ----------
    target : str
        ``MODULE:FACTORY``, both with dots where they are nested. FACTORY returns a model, or
        (model, optimizer), or (model, optimizer, penalty); a model itself will do in its place.
    words : Words

    Returns
    -------
    tuple
        What :func:`weightdecay.audit` takes: one to three values.

    Raises
    ------
    InputError
        If there is no such thing, or it raises, or returns something else.
    """
    name, colon, path = target.partition(":")
    if not (name and colon and path):
        raise InputError(words("error.target", target=target))
    factory: Any = _import(name, words)
    for part in path.split("."):
        if not hasattr(factory, part):
            near = ", ".join(n for n, v in vars(_import(name, words)).items() if _is_own(v, name))
            raise InputError(words("error.attribute", module=name, name=path, names=near or "–"))
        factory = getattr(factory, part)
    if isinstance(factory, nn.Module):
        return (factory,)
    if not callable(factory):
        what = type(factory).__name__
        raise InputError(words("error.not_callable", target=target, what=what))
    if (missing := _missing(factory)) is not None:
        raise InputError(words("error.needs", target=target, name=missing))
    made = _tell(factory, target, words)
    parts = made if isinstance(made, tuple) else (made,)
    if not (1 <= len(parts) <= 3 and isinstance(parts[0], nn.Module)):
        kinds = ", ".join(type(part).__name__ for part in parts)
        shown = f"({kinds})" if isinstance(made, tuple) else kinds
        raise InputError(words("error.returns", target=target, what=shown))
    return parts


def _import(name: str, words: Words) -> ModuleType:
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        # Its own absence, not that of something that it imports.
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise InputError(words("error.module", name=name)) from error
        raise InputError(_raised(name, error, words)) from error
    except (Exception, SystemExit) as error:
        raise InputError(_raised(name, error, words)) from error


def _missing(factory: Callable[..., Any]) -> str | None:
    """The first argument that it cannot be called without, or None."""
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):  # of what is not written in Python there may be none
        return None
    either = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = (p.name for p in parameters if p.default is p.empty and p.kind not in either)
    return next(needed, None)


def _tell(factory: Callable[[], Any], target: str, words: Words) -> Any:
    try:
        return factory()
    except (Exception, SystemExit) as error:
        raise InputError(_raised(target, error, words)) from error


def _raised(what: str, error: BaseException, words: Words) -> str:
    """What the user's code raised, and the last place of their own that it went through."""
    file, line = place(error)
    kind = type(error).__name__
    return words("error.raises", what=what, kind=kind, message=error, place=file, line=line)


def _is_own(value: Any, module: str) -> bool:
    return callable(value) and getattr(value, "__module__", None) == module
