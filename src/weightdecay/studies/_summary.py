"""What a study found, as plain values."""

from typing import Any

from weightdecay._path import Path
from weightdecay.tables import path_rows, plain


def summary(found: Path, unit: float) -> dict[str, Any]:
    """Return path, choice and verdict as numbers, strings and lists only.

    Parameters
    ----------
    found : Path
    unit : float
        What turns its errors into the target's own unit, see :class:`Arguments`; said, not done.
    """
    results = found.results
    return {
        "metric": results.attrs["metric"],
        "unit": unit,
        "seeds": results.sizes["seed"],
        "folds": results.sizes["fold"],
        "path": path_rows(found, 1.0),
        "choice": found.choice,
        "rule": found.rule,
        "at_edge": found.choice > 0 and found.at_edge,
        "verdict": plain(found.verdict, 1.0),
        "engine": results.attrs["engine"],
        "engine_reason": results.attrs["engine_reason"],
    }
