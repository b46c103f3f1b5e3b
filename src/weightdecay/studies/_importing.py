"""``module:function`` of a study file: found beside it, then among the installed ones."""

import importlib
import importlib.machinery
import os
import sys
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from weightdecay.apply._audit._place import place
from weightdecay.errors import InputError
from weightdecay.language import Phrase, phrase, shown


def function(target: str, folder: str, key: str) -> Callable[..., Any]:
    """Import what ``module:function`` names; what it raises is an InputError with its place."""
    return called(imported(target, folder, key), target, key)


def imported(target: str, folder: str, key: str) -> Callable[..., Any]:
    """Import what ``module:function`` names, and return it as it is.

    Parameters
    ----------
    target : str
        Both with dots where they are nested.
    folder : str
        Looked in before the installed modules; it stays on ``sys.path``, as a script's does, since
        a function may import when it is called.
    key : str
        Of the study file, for errors.

    Raises
    ------
    InputError
        If there is no such function, or its module raises.
    """
    name, _, path = target.partition(":")
    found: Any = _module(name, folder, key)
    for part in path.split("."):
        if not hasattr(found, part):
            named = getattr(found, "__dict__", {}).items()
            own = ", ".join(n for n, v in named if callable(v) and not n.startswith("_"))
            said = {"key": key, "module": shown(name), "name": shown(path)}
            if not own:
                raise InputError(phrase("study.error.no_attributes", **said))
            raise InputError(phrase("study.error.attribute", **said, names=shown(own, 200)))
        found = getattr(found, part)
    if not callable(found):
        said = {"key": key, "target": shown(target), "kind": type(found).__name__}
        raise InputError(phrase("study.error.not_callable", **said))
    made: Callable[..., Any] = found
    return made


def called(function: Callable[..., Any], target: str, key: str) -> Callable[..., Any]:
    """Return `function`, what it raises turned into an InputError with its place."""

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except (Exception, SystemExit) as error:
            raise InputError(_raised(target, key, error)) from error

    # As the study file calls it: what make_scorer returns has no name.
    call.__name__ = target.rpartition(":")[2]
    return call


def _module(name: str, folder: str, key: str) -> ModuleType:
    if folder not in sys.path:
        sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        # Its own absence, not that of something that it imports.
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            said = {"key": key, "name": shown(name), "folder": shown(folder, 120)}
            raise InputError(phrase("study.error.module", **said)) from error
        raise InputError(_raised(name, key, error)) from error
    except (Exception, SystemExit) as error:
        raise InputError(_raised(name, key, error)) from error
    _check_origin(name.partition(".")[0], folder, key)
    return module


def _check_origin(name: str, folder: str, key: str) -> None:
    """A module of the same name may be imported already, and would be taken in silence."""
    beside = importlib.machinery.PathFinder.find_spec(name, [folder])
    taken = getattr(sys.modules[name], "__file__", None)
    if beside is None or beside.origin is None or taken is None:
        return
    if os.path.realpath(taken) != os.path.realpath(beside.origin):
        said = {"key": key, "file": shown(beside.origin, 120), "other": shown(taken, 120)}
        raise InputError(phrase("study.error.shadowed", **said))


def _raised(what: str, key: str, error: BaseException) -> Phrase:
    file, line = place(error)
    return phrase(
        "study.error.raises",
        key=key,
        what=shown(what),
        kind=type(error).__name__,
        message=shown(error, 200),
        place=shown(file, 120),
        line=line,
    )
