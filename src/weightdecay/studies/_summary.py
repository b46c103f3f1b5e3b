"""What a study found, as plain values."""

from typing import Any

from weightdecay._comparison import Comparison
from weightdecay._grid import Grid
from weightdecay._path import Path
from weightdecay._several import Several
from weightdecay.tables import path_rows, plain


def summary(found: Path | Grid | Comparison, unit: float) -> dict[str, Any]:
    """Return path, choice and verdict as numbers, strings and lists only.

    Of several learning rates, or kinds of decay, it is the path of the chosen one, with the verdict
    of all; what was found of each is there as well.

    Parameters
    ----------
    found : Path, Grid or Comparison
    unit : float
        What turns its errors into the target's own unit, see :class:`Arguments`; said, not done.
    """
    path = found.chosen if isinstance(found, Several) else found
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
        **(_kinds(found) if isinstance(found, Comparison) else {}),
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
            {"lr": value, **_each(path)} for value, path in zip(found.lr, found.paths, strict=True)
        ],
    }


def _kinds(found: Comparison) -> dict[str, Any]:
    names = ["none", *found.names]
    return {
        "kind": found.choice[0],
        "kinds": [
            {"name": name, **_each(path)}
            for name, path in zip(found.names, found.paths, strict=True)
        ],
        "pairs": [
            {"first": names[p.first], "second": names[p.second], **plain(p.verdict, 1.0)}
            for p in found.pairs
        ],
        "correction": "bonferroni",
        "level": 0.95,
    }


def _each(path: Path) -> dict[str, Any]:
    return {
        "path": path_rows(path, 1.0),
        "choice": path.choice if path.picks[0] is not None else None,
        "at_edge": path.picks[0] is not None and _at_edge(path),
    }


def _at_edge(path: Path) -> bool:
    return path.choice > 0 and path.at_edge
