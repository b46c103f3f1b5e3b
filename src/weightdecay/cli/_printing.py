"""Where text for people goes, and JSON for programs."""

import json
import math
import os
import shlex
from collections.abc import Sequence
from typing import Any

from weightdecay.cli._speech import flag


def terminal(stderr: bool = False) -> Any:
    """Where text for people goes; wide enough for its tables where nothing sets a width."""
    from rich.console import Console

    console = Console(stderr=stderr)
    if not console.is_terminal and not os.environ.get("COLUMNS", "").isdigit():
        console.width = 140
    return console


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
