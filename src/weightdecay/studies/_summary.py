"""What a study found, as plain values."""

from typing import Any

from weightdecay._grid import Grid
from weightdecay._path import Path
from weightdecay.tables import path_rows, plain


def summary(found: Path | Grid, unit: float) -> dict[str, Any]:
    """Return path, choice and verdict as numbers, strings and lists only.

    Of a grid it is the path at the chosen learning rate, with the grid's verdict; what was found at
    each learning rate is there as well.

    Parameters
    ----------
    found : Path or Grid
    unit : float
        What turns its errors into the target's own unit, see :class:`Arguments`; said, not done.
    """
    path = found.chosen if isinstance(found, Grid) else found
    results = path.results
    return {
        "metric": results.attrs["metric"],
        "unit": unit,
        "seeds": results.sizes["seed"],
        "folds": results.sizes["fold"],
        "path": path_rows(path, 1.0),
        "choice": path.choice,
        "rule": found.rule,
        "at_edge": _at_edge(path),
        **(_rates(found) if isinstance(found, Grid) else {}),
        "verdict": plain(found.verdict, 1.0),
        "engine": results.attrs["engine"],
        "engine_reason": results.attrs["engine_reason"],
    }


def _rates(found: Grid) -> dict[str, Any]:
    return {
        "lr": found.choice[0],
        "lr_at_edge": found.at_edge,
        "lr_without_decay": found.lr_without,
        "learning_rates": [
            {
                "lr": value,
                "path": path_rows(path, 1.0),
                "choice": path.choice if path.picks[0] is not None else None,
                "at_edge": path.picks[0] is not None and _at_edge(path),
            }
            for value, path in zip(found.lr, found.paths, strict=True)
        ],
    }


def _at_edge(path: Path) -> bool:
    return path.choice > 0 and path.at_edge
