"""Where text for people goes, and JSON for programs."""

import json
import math
import os
import shlex
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from weightdecay.cli._speech import flag
from weightdecay.language import Phrase, Words, told


def terminal(stderr: bool = False) -> Any:
    """Where text for people goes; wide enough for its tables where nothing sets a width."""
    from rich.console import Console

    console = Console(stderr=stderr)
    if not console.is_terminal and not os.environ.get("COLUMNS", "").isdigit():
        console.width = 140
    return console


@contextmanager
def warnings_told(words: Words) -> Iterator[None]:
    """Tell warnings that hold a phrase in a line of the language asked for; never raise them."""
    from sklearn.exceptions import ConvergenceWarning

    as_before = warnings.showwarning

    def show(message: Any, *where: Any, **more: Any) -> None:
        if message.args and isinstance(message.args[0], Phrase):
            print(told(message, words), file=sys.stderr)
        else:
            as_before(message, *where, **more)

    with warnings.catch_warnings():
        warnings.simplefilter("always", ConvergenceWarning)
        warnings.showwarning = show
        yield


def strict_json(value: Any) -> str:
    """Strict JSON; a number that does not exist (NaN, infinity) is null."""

    def strict(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strict(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [strict(item) for item in value]
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return json.dumps(strict(value), ensure_ascii=False, indent=2, allow_nan=False)


def command(*verb: str, **options: Any) -> str:
    """Return the command line that asks for the same again, quoted as a shell needs it.

    Parameters
    ----------
    *verb : str
        The verb and its arguments.
    **options
        By name; those that are None or empty are left out, and a sequence is one option for each
        of its items.
    """
    parts = ["weightdecay", *verb]
    for name, value in options.items():
        listed: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
        for item in listed:
            if item is not None:
                parts += [flag(name), str(item)]
    return shlex.join(parts)
