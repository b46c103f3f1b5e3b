"""Partial dependence: what the mean prediction does as one column moves and the others stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weightdecay.sklearn._network import Layers
from weightdecay.tables._columns import Column
from weightdecay.tables._fold import Fold, evenly
from weightdecay.tables._layout import Layout
from weightdecay.tables._losses import probabilities
from weightdecay.tables._table import Table

#: Columns that are shown, and columns that are looked at to find them.
SHOWN, LOOKED_AT = 3, 12
#: Rows that are averaged over, and values that a column is put to.
ROWS, GRID = 200, 20
#: Values to find out with which columns matter.
FEW = 5

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Dependent:
    """Partial dependence on one column, at every λ.

    Parameters
    ----------
    column : str
    at : array [g] of float, or tuple of g str
        Numbers; or levels, and dates as text.
    of : int or None
        The class whose probability it is; None of a regression.
    each : array [L, S, g]
        Mean predictions of the networks of each seed, over folds and rows; NaN where one diverged.
    """

    column: str
    at: Any
    of: int | None
    each: Array


def dependence(
    table: Table, folds: Sequence[Fold], lambdas: int, chosen: int
) -> tuple[Dependent, ...]:
    """Return the columns along which predictions move most at the chosen λ, at every λ [1]_.

    Of a wide table only the columns are looked at whose weights in the first layer are largest.

    References
    ----------
    .. [1] J. Friedman, "Greedy Function Approximation: A Gradient Boosting Machine", Annals of
       Statistics 29 (2001), section 8.2.
    """
    columns = _heaviest(table, folds, chosen)
    moved = {}
    for column in columns:
        values = _values(table, column, FEW)
        found = _mean(table, folds, column, values, [chosen])[0]  # [S, g, C]
        with np.errstate(all="ignore"):
            moved[column] = np.ptp(found.mean(axis=0), axis=0)  # [C]
    ranked = sorted(
        (c for c in columns if np.isfinite(moved[c]).all() and moved[c].max() > 0),
        key=lambda c: -float(moved[c].max()),
    )
    found_all = []
    for column in ranked[:SHOWN]:
        values = _values(table, column, GRID)
        each = _mean(table, folds, column, values, list(range(lambdas)))
        of = None if table.target.task == "regression" else int(moved[column].argmax())
        name = table.layout.columns[column].name
        found_all.append(Dependent(name, _shown(values), of, each[..., of or 0]))
    return tuple(found_all)


def _mean(
    table: Table, folds: Sequence[Fold], column: int, values: Any, places: list[int]
) -> Array:
    """Mean predictions [places, S, g, C] with one column put to each of its values."""
    named = table.layout.columns[column]
    made = Layout((named,)).features(pd.DataFrame({named.name: values}))  # [g, features of it]
    where = features_of(table.layout, column)
    total: Any = 0.0
    for fold in folds:
        rows = rows_of(fold, len(folds))
        x = np.repeat(table.x[rows][None], len(values), axis=0)
        x[:, :, where] = made[:, None]
        scaled = fold.scaled(x.reshape(-1, x.shape[2]))
        found = []
        for place in places:
            out = fold.outputs(place, scaled)
            each = _predictions(table, out)
            found.append(each.reshape(len(out), len(values), len(rows), -1).mean(axis=2))
        total = total + np.stack(found)
    return np.asarray(total / len(folds))


def rows_of(fold: Fold, folds: int) -> NDArray[np.int64]:
    """The rows of a fold that are averaged over: none that its networks were trained on."""
    return fold.test[evenly(len(fold.test), -(-ROWS // folds))]


def _predictions(table: Table, out: Array) -> Array:
    """Predictions [S, N, C] in the target's unit, or probabilities."""
    target = table.target
    if target.task == "regression":
        return out * target.scale + target.mean
    return probabilities(target.task, out)


def features_of(layout: Layout, column: int) -> list[int]:
    """The places of the features that one column makes, in the order in which it makes them."""
    parts = [Layout((c,)) for c in layout.columns]
    before, mine = parts[:column], parts[column]
    first = sum(part.numbers for part in before)
    second = layout.numbers + sum(len(part.names) - part.numbers for part in before)
    indicators = len(mine.names) - mine.numbers
    return [*range(first, first + mine.numbers), *range(second, second + indicators)]


def _heaviest(table: Table, folds: Sequence[Fold], chosen: int) -> list[int]:
    """The columns with the largest weights in the first layer, all of them if they are few."""
    count = len(table.layout.columns)
    if count <= LOOKED_AT:
        return list(range(count))
    networks: list[Layers] = [network for fold in folds for network in fold.networks[chosen]]
    squares = np.mean([np.square(coefs[0]).sum(axis=1) for coefs, _ in networks], axis=0)
    weight = [float(squares[features_of(table.layout, c)].sum()) for c in range(count)]
    return sorted(range(count), key=lambda c: -weight[c])[:LOOKED_AT]


def _values(table: Table, column: int, most: int) -> Any:
    """Values that a column is put to: levels, dates, or numbers between its outer percentiles."""
    named: Column = table.layout.columns[column]
    if named.kind == "category":
        return np.array(named.levels[:GRID], dtype=object)
    known = table.x[:, features_of(table.layout, column)[0]]
    known = known[np.isfinite(known)]
    distinct = np.unique(known)
    if len(distinct) > most:
        low, high = np.quantile(known, (0.02, 0.98))
        distinct = np.linspace(low, high, most) if high > low else distinct[[0, -1]]
    if named.kind == "date":
        return (distinct * 86_400).astype("datetime64[s]")
    return distinct


def _shown(values: Any) -> Any:
    if values.dtype == object:
        return tuple(values.tolist())
    if np.issubdtype(values.dtype, np.datetime64):
        days = values.astype("datetime64[D]")
        same = len(np.unique(days)) < len(days)
        return tuple(np.datetime_as_string(values if same else days).tolist())
    return values
