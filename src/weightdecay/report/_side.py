"""One of several paths that stand side by side on a page."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from weightdecay.report.page._data import Kind, Text
from weightdecay.report.page._numbers import numbers
from weightdecay.report.page._text import text


class Side(NamedTuple):
    """A path: its λs [L], their errors with intervals [L, 3], and the place that was chosen."""

    weight_decay: Sequence[float]
    curve: NDArray[np.float64]
    chosen: int | None

    def row(self, name: Text, zero: Text | None = None) -> Kind:
        """The path at its choice; `zero` is the remark if that is λ = 0."""
        note = zero if self.chosen == 0 else None
        if self.chosen is None:
            note = text("report.grid.failed")
        elif self.chosen in (1, len(self.weight_decay) - 1):
            note = text("report.grid.edge")
        # Where runs failed at every λ, any of them has an error that is no number.
        return self._at(name, self.chosen or 0, note)

    def without(self, name: Text) -> Kind:
        """The path at λ = 0."""
        return self._at(name, 0, None)

    def _at(self, name: Text, place: int, note: Text | None) -> Kind:
        error, low, high = numbers(self.curve[place])
        return Kind(
            name=name, choice=self.weight_decay[place], error=error, low=low, high=high, note=note
        )
