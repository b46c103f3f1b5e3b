"""Kinds of decay side by side: same seeds, same folds, each at its own λ."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weightdecay._progress import Report, Sum
from weightdecay.select import compare_all, mean_interval
from weightdecay.tables._decays import KINDS
from weightdecay.tables._fit import description, plain, recipe_of
from weightdecay.tables._losses import constant_loss
from weightdecay.tables._options import Options
from weightdecay.tables._reading import Source
from weightdecay.tables._search import judged, plan_of, search
from weightdecay.tables._table import table_of

#: What training without decay is called among the kinds.
NONE = "none"


def compare_decays(
    source: Source,
    kinds: Sequence[str],
    options: Options,
    progress: Report = lambda part, done, total: None,
) -> dict[str, Any]:
    """Compare kinds of decay with each other and with none.

    Every kind chooses its λ on the training rows of each fold (of a large table, on rows of their
    own), and is judged on rows that took no part. Intervals are of single networks, over rows and
    seeds, and hold all together, see :func:`weightdecay.select.compare_all`.

    Parameters
    ----------
    source : Source
    kinds : sequence of str
        Of :data:`KINDS`.
    options : Options
    progress : callable, optional

    Returns
    -------
    dict
        Numbers, strings and lists only, as ``weightdecay compare --json`` prints them.

    Raises
    ------
    InputError
        If the table or an option cannot be used.
    """
    began = time.perf_counter()
    table = table_of(source, options)
    plan = plan_of(table, options)
    regression = table.target.task == "regression"
    unit = table.target.scale**2 if regression else 1.0
    rows: list[dict[str, Any]] = []
    losses: list[NDArray[np.float64]] = []
    last = None
    done = Sum(lambda steps, total: progress("compare", steps, total), len(kinds))
    for name in kinds:
        kind = KINDS[name]
        found = search(table, plan, kind, options, done.next())
        last = judged(table, plan, found)
        if not losses:
            losses.append(last.loss[0])
            rows.append({"name": NONE, "choice": 0.0, "chosen_in_folds": [], "at_edge": False})
        losses.append(last.loss[1])
        chosen = list(last.chosen)
        ends = (found.weight_decay[1], found.weight_decay[-1])
        engine = found.results.attrs["engine"]
        about = {"choice": float(np.median(chosen)), "chosen_in_folds": chosen, "engine": engine}
        rows.append({"name": name, **about, "at_edge": all(value in ends for value in chosen)})
    assert last is not None
    for row, loss in zip(rows, losses, strict=True):
        row["error"] = float(loss.mean()) * unit
        row["interval_over_seeds"] = [
            float(bound) * unit for bound in mean_interval(loss.mean(axis=1))[1:]
        ]
        row["failed"] = int(np.isnan(loss).any(axis=1).sum())
    pairings = compare_all(losses, last.unit, kind=last.kind)
    names = [NONE, *kinds]
    return {
        "verb": "compare",
        "data": source.place,
        **description(table),
        "recipe": {
            name: value for name, value in recipe_of(plan, options).items() if name != "decay"
        },
        "evaluation": {
            "nested": plan.nested,
            "folds": len(plan.folds),
            "rows_judged": len(np.unique(last.rows)),
        },
        "metric": "mse" if regression else "log_loss",
        "constant_error": constant_loss(table.target.task, table.y) * unit,
        "kinds": rows,
        "pairs": [
            {"first": names[p.first], "second": names[p.second], **plain(p.verdict, unit)}
            for p in pairings
        ],
        "correction": "bonferroni",
        "level": 0.95,
        "seconds": time.perf_counter() - began,
    }
