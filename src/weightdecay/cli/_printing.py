"""Where text for people goes, and JSON for programs."""

import json
import math
from typing import Any


def terminal(stderr: bool = False) -> Any:
    """Where text for people goes; wide enough for its tables where no terminal sets a width."""
    from rich.console import Console

    console = Console(stderr=stderr)
    if not console.is_terminal:
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
