"""Paths of λ at several learning rates, a choice of both, and whether decay helps at its best."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from weightdecay._path import Path, units, verdict_of
from weightdecay._several import Several, check_alike, curve, side
from weightdecay.errors import InputError
from weightdecay.select import Verdict, choose, choose_without

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from weightdecay.report.page import Page

#: What a verdict is made of.
JUDGED = ("error", "inner_error", "row_error", "tested_fold", "tested_unit", "tested_weight")


@dataclass(frozen=True, repr=False)
class Grid(Several):
    """What paths of λ at several learning rates showed.

    Parameters
    ----------
    lr : tuple of floats
        Learning rates, ascending.
    paths : tuple of Path
        One for each, on the same seeds and folds; ``results.attrs["lr"]`` says its learning rate,
        and ``["lrs"]`` all of them. Each has its own λs: where they were found from the data they
        may differ.
    rule : {"min", "1se"}
    verdict : Verdict
        Of decay at its best learning rate and λ > 0 against λ = 0 at the learning rate that is best
        without decay, on rows or seeds that took no part in choosing either.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> x = torch.linspace(-1, 1, 24)[:, None]
    >>> found = wd.grid(
    ...     lambda: torch.nn.Linear(1, 1), x, x.square(), lr=[0.01, 0.1],
    ...     recipe=wd.Recipe(epochs=3), weight_decay=(0, 0.1), seeds=2, folds=3, inner_folds=2,
    ... )
    >>> found.lr, [path.weight_decay for path in found.paths]
    ((0.01, 0.1), [(0.0, 0.1), (0.0, 0.1)])
    """

    lr: tuple[float, ...]
    paths: tuple[Path, ...]
    rule: str
    verdict: Verdict

    def __repr__(self) -> str:
        return f"<Grid of {len(self.lr)} learning rates: {self.verdict.label}>"

    @classmethod
    def of(cls, lr: Sequence[float], paths: Sequence[Path]) -> "Grid":
        """Return the grid of paths that were found on the same seeds and folds.

        Raises
        ------
        InputError
            If they were not.
        """
        check_alike(paths)
        first = paths[0]
        judged = [path.results[[name for name in JUDGED if name in path.results]] for path in paths]
        together = xr.concat(
            judged,
            "weight_decay",
            data_vars="minimal",
            coords="minimal",
            join="exact",
            compat="equals",
            combine_attrs="override",
        )
        rates = np.repeat(lr, [len(path.weight_decay) for path in paths]).tolist()
        verdict = verdict_of(together, first.rule, first.verdict.overlap, rates)
        values = list(map(float, lr))
        marked = (
            replace(path, results=path.results.assign_attrs(lr=value, lrs=values))
            for value, path in zip(values, paths, strict=True)
        )
        return cls(tuple(values), tuple(marked), first.rule, verdict)

    @property
    def choice(self) -> tuple[float, float]:
        """Learning rate and λ that `rule` picks from all pairs, λ = 0 among them.

        "min": the pair with the smallest mean error; "1se": at its learning rate, the largest λ
        within one standard error of it. Units are those of :attr:`weightdecay.Path.choice`.
        """
        return self.lr[self._best], self.chosen.choice

    @property
    def chosen(self) -> Path:
        """The path at the chosen learning rate."""
        return self.paths[self._best]

    @property
    def lr_without(self) -> float:
        """The learning rate that is best without decay, from all folds and seeds."""
        rates, errors = self._pairs()
        return rates[choose_without(errors, rates)]

    @property
    def at_edge(self) -> bool:
        """Whether the chosen learning rate is an end of several: beyond it may lie a better."""
        return len(self.lr) > 1 and self._best in (0, len(self.lr) - 1)

    def to_dataframe(self) -> "pd.DataFrame":
        """One row for every learning rate, λ, seed and fold, see :meth:`Path.to_dataframe`."""
        import pandas as pd

        tables = [path.to_dataframe() for path in self.paths]
        for value, table in zip(self.lr, tables, strict=True):
            table.insert(0, "lr", value)
        return pd.concat(tables, ignore_index=True)

    def plot(self, ax: "Axes | None" = None, language: str = "en") -> "Axes":
        """Draw error against λ with intervals, a line for each learning rate, the choice marked.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if not given.
        language : {"en", "zh"}, default "en"
        """
        from weightdecay.language import Words
        from weightdecay.report import Line, draw_lines

        words, results = Words(language), self.chosen.results
        lines = [
            Line(words("grid.line", lr=f"{value:g}"), path.weight_decay, curve(path))
            for value, path in zip(self.lr, self.paths, strict=True)
        ]
        unit = "fold" if results.sizes["fold"] > 1 else "seed"
        metric, title = results.attrs["metric"], words("grid.title")
        return draw_lines(ax, lines, self._best, self.choice[1], unit, metric, title, words)

    def page(self) -> "Page":
        """Return what :meth:`report` shows, as plain data; its JSON is ``report.json``."""
        from weightdecay.report import grid_page

        shown = replace(self.chosen, verdict=self.verdict).page()
        return grid_page(
            shown,
            self.lr,
            list(map(side, self.paths)),
            self._best,
            self.lr.index(self.lr_without),
            self.chosen.results.sizes,
        )

    def save(self, folder: str | File) -> None:
        """Write each path as ``path-LR.safetensors`` into `folder`, which is there."""
        for value, path in zip(self.lr, self.paths, strict=True):
            path.save(File(folder) / f"path-{value!r}.safetensors")

    @classmethod
    def load(cls, folder: str | File) -> "Grid":
        """Read what :meth:`save` wrote.

        Raises
        ------
        InputError
            If there is no such file in `folder`, one of them is no path of a grid, or they are not
            those of one grid: of several that were saved here, or without one of its paths.
        """
        files = sorted(File(folder).glob("path-*.safetensors"))
        if not files:
            raise InputError(f"{folder}: there is no path-LR.safetensors in it, as a grid writes")
        paths: dict[float, Path] = {}
        rates: list[float] = []
        for file in files:
            lr, theirs, path = _about(file)
            if theirs != (rates := rates or theirs):
                raise InputError(
                    f"{file}: of a grid with the learning rates {theirs}, and {files[0].name} is "
                    f"of one with {rates}; remove the files of one of them"
                )
            paths[lr] = path
        if missing := [value for value in rates if value not in paths]:
            raise InputError(f"{folder}: the path at the learning rate {missing[0]} is not there")
        try:
            return cls.of(rates, [paths[value] for value in rates])
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise InputError(f"{folder}: its paths are not of the same seeds and folds") from error

    @property
    def _best(self) -> int:
        """Place of the learning rate of the best pair; the first where a run failed at each."""
        rates, errors = self._pairs()
        if np.isnan(errors.mean(axis=1)).all():
            return 0
        return self.lr.index(rates[choose(errors, lr=rates)])

    def _pairs(self) -> tuple[list[float], NDArray[np.float64]]:
        """The learning rate of each pair, and its errors on units."""
        errors = [units(path.errors) for path in self.paths]
        rates = np.repeat(self.lr, [len(part) for part in errors]).tolist()
        return rates, np.concatenate(errors)


def _about(file: File) -> tuple[float, list[float], Path]:
    """The learning rate of a path, those of all of its grid, and the path."""
    path = Path.load(file)
    lr: Any = path.results.attrs.get("lr")
    rates: Any = path.results.attrs.get("lrs")
    numbers = isinstance(rates, list) and all(isinstance(value, float) for value in rates)
    if not numbers or lr not in rates or rates != sorted(set(rates)):
        raise InputError(f"{file}: a path of no grid; read it with weightdecay.Path.load")
    return float(lr), rates, path
