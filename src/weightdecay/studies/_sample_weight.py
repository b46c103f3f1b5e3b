"""How much each row counts: a column of a table, or what a function returns as a third value."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from weightdecay.errors import InputError
from weightdecay.language import phrase, shown
from weightdecay.tables import Source
from weightdecay.tables._columns import as_numbers
from weightdecay.tables._table import Table


def of_column(name: str, source: Source, table: Table) -> NDArray[np.float64]:
    """Return the weights [N] of the rows of `table`, which are those of `source` with a target.

    Raises
    ------
    InputError
        If one is missing, negative or no finite number, or all are 0.
    """
    cells = source.frame[name][table.known]
    weights = as_numbers(cells)
    where = {"place": source.place, "name": shown(name)}
    if bad := np.flatnonzero(~(weights >= 0)).tolist():
        cell = cells.iloc[bad[0]]
        where["row"] = str(np.flatnonzero(table.known)[bad[0]] + 1)
        if cells.isna().iloc[bad[0]]:
            raise InputError(phrase("study.error.no_weight", **where))
        raise InputError(phrase("study.error.weight", **where, cell=shown(cell, 40)))
    if not weights.any():
        raise InputError(phrase("study.error.weights_zero", **where))
    return np.asarray(weights, dtype=np.float64)


def of_function(returned: Any, rows: int, source: str) -> NDArray[np.float64] | None:
    """Return the weights [N] that a function returned beside N rows; None if it has none.

    Raises
    ------
    InputError
        If they are no array [N] of finite numbers of 0 or more, or all 0.
    """
    if returned is None:
        return None
    try:
        weights = np.asarray(returned, dtype=np.float64)
    except (TypeError, ValueError):
        weights = np.empty(0)
    good = np.isfinite(weights) & (weights >= 0)
    if weights.shape != (rows,) or not good.all() or not weights.any():
        said: dict[str, Any] = {"source": shown(source), "rows": rows}
        if weights.shape == (rows,) and not good.all():
            row = int(np.argmin(good))
            raise InputError(
                phrase("study.error.weight_in_row", **said, row=row, value=weights[row])
            )
        raise InputError(phrase("study.error.weights", **said))
    return weights
