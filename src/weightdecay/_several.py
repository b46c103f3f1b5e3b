"""Paths of λ found on the same seeds and folds, of which one is chosen."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from weightdecay._path import Path, units
from weightdecay.errors import InputError
from weightdecay.select import mean_interval

if TYPE_CHECKING:
    from weightdecay.report import Side
    from weightdecay.report.page import Page


@dataclass(frozen=True)
class Several(ABC):
    """What paths at several learning rates and paths of several kinds of decay have in common."""

    @property
    @abstractmethod
    def chosen(self) -> Path:
        """The path that is chosen."""

    @abstractmethod
    def page(self) -> "Page":
        """Return what :meth:`report` shows, as plain data; its JSON is ``report.json``."""

    def refit(self, *, seed: int = 0) -> nn.Module:
        """Train one network at :attr:`choice`, as :meth:`Path.refit` does."""
        return self.chosen.refit(seed=seed)

    def best_state_dict(self, *, seed: int = 0) -> dict[str, Tensor]:
        """The ``state_dict`` of :meth:`refit`."""
        return self.refit(seed=seed).state_dict()

    def report(self, file: "str | File | None" = None, language: str | None = None) -> str:
        """Return an interactive page: the chosen path, beside the others.

        Parameters
        ----------
        file : str or Path, optional
            Where to write it; nowhere if not given.
        language : {"en", "zh"}, optional
            What it opens in; the locale's if not given.

        Returns
        -------
        str
            The document, as of :meth:`Path.report`.
        """
        from weightdecay.language import preferred
        from weightdecay.report.page import html

        document = html(self.page(), language or preferred())
        if file is not None:
            File(file).write_text(document, encoding="utf-8")
        return document

    def _repr_html_(self) -> str:
        from weightdecay.language import preferred
        from weightdecay.report.page import fragment

        return fragment(self.page(), preferred())


def check_alike(paths: Sequence[Path]) -> None:
    """Check that paths were found on the same seeds and folds, so that their errors are pairs.

    Raises
    ------
    InputError
        If they were not.
    """
    names = ("seed", "tested_fold", "tested_unit")
    first, *others = (
        {name: path.results[name].to_numpy() for name in names if name in path.results}
        for path in paths
    )
    for other in others:
        if other.keys() != first.keys() or not all(
            np.array_equal(values, other[name]) for name, values in first.items()
        ):
            raise InputError("paths: they are not of the same seeds and folds")


def curve(path: Path) -> NDArray[np.float64]:
    """Mean error and its interval over units [L, 3]."""
    return np.array([mean_interval(values) for values in units(path.errors)])


def side(path: Path) -> "Side":
    """What a page shows of a path that stands beside others."""
    from weightdecay.report import Side

    picked = path.picks[("min", "1se").index(path.rule)]
    return Side(path.weight_decay, curve(path), picked)
