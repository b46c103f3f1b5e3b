"""Paths of several kinds of decay side by side: which helps, and whether any two differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import numpy as np

from weightdecay._path import Path, units, weights_tested
from weightdecay._several import Several, check_alike, curve, side
from weightdecay.errors import InputError
from weightdecay.select import (
    Pairing,
    Verdict,
    compare_by_folds,
    compare_by_rows,
    compare_by_seeds,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from weightdecay.report.page import Page


@dataclass(frozen=True, repr=False)
class Comparison(Several):
    """What paths of several kinds of decay showed.

    Parameters
    ----------
    names : tuple of C str
        Of the kinds.
    paths : tuple of C Path
        One for each, on the same seeds and folds; ``results.attrs["kind"]`` says its name. Each has
        its own λs, in the convention of its decay.
    rule : {"min", "1se"}
    pairs : tuple of Pairing
        Every two held against each other, each kind at the λ > 0 that it chose on rows or seeds
        that took no part in judging. Number 0 is training without decay, λ = 0 of the first path,
        which is the same network for all; number k is ``names[k - 1]``. In the order (0, 1),
        (0, 2) … (1, 2) …; the intervals hold together with 95 %, see
        :func:`weightdecay.select.compare_all`.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> x = torch.linspace(-1, 1, 24)[:, None]
    >>> found = wd.compare(
    ...     lambda: torch.nn.Linear(1, 1), x, x.square(),
    ...     decays={"L2": wd.Decay(), "AdamW": wd.presets.adamw()},
    ...     recipe=wd.Recipe(epochs=3), weight_decay=(0, 0.1), seeds=2, folds=3, inner_folds=2,
    ... )
    >>> found.names, [path.weight_decay for path in found.paths]
    (('L2', 'AdamW'), [(0.0, 0.1), (0.0, 0.1)])
    """

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    rule: str
    pairs: tuple[Pairing, ...]

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.names)}>"

    @classmethod
    def of(cls, names: Sequence[str], paths: Sequence[Path]) -> "Comparison":
        """Return the comparison of paths that were found on the same seeds and folds.

        Raises
        ------
        InputError
            If they were not.
        """
        check_alike(paths)
        marked = (
            replace(path, results=path.results.assign_attrs(kind=name, kinds=list(names)))
            for name, path in zip(names, paths, strict=True)
        )
        return cls(tuple(names), tuple(marked), paths[0].rule, _pairs(paths))

    @property
    def choice(self) -> tuple[str, float]:
        """The kind of the smallest mean error at any λ > 0, and the λ that `rule` picks of it.

        That λ is 0 where none above 0 does better. Units are those of
        :attr:`weightdecay.Path.choice`.
        """
        return self.names[self._best], self.chosen.choice

    @property
    def chosen(self) -> Path:
        """The path of the chosen kind."""
        return self.paths[self._best]

    @property
    def verdict(self) -> Verdict:
        """Of the chosen kind against no decay, from :attr:`pairs`.

        Its interval holds together with the others, so it allows for the choice of the kind.
        """
        return self.pairs[self._best].verdict

    def to_dataframe(self) -> "pd.DataFrame":
        """One row for every kind, λ, seed and fold, see :meth:`Path.to_dataframe`."""
        import pandas as pd

        tables = [path.to_dataframe() for path in self.paths]
        for name, table in zip(self.names, tables, strict=True):
            table.insert(0, "kind", name)
        return pd.concat(tables, ignore_index=True)

    def plot(self, ax: "Axes | None" = None, language: str = "en") -> "Axes":
        """Draw error against λ with intervals, a line for each kind, the choice marked.

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
            Line(name, path.weight_decay, curve(path))
            for name, path in zip(self.names, self.paths, strict=True)
        ]
        unit = "fold" if results.sizes["fold"] > 1 else "seed"
        metric, title = results.attrs["metric"], words("kinds.title")
        return draw_lines(ax, lines, self._best, self.choice[1], unit, metric, title, words)

    def page(self) -> "Page":
        """Return what :meth:`report` shows, as plain data; its JSON is ``report.json``."""
        from weightdecay.report import kinds_page

        shown = replace(self.chosen, verdict=self.verdict).page()
        sides = list(map(side, self.paths))
        sizes = self.chosen.results.sizes
        return kinds_page(shown, self.names, sides, self._best, self.pairs, sizes)

    def save(self, folder: str | File) -> None:
        """Write the paths as ``path-1.safetensors`` … into `folder`, which is there."""
        for number, path in enumerate(self.paths, 1):
            path.save(_file(folder, number))

    @classmethod
    def load(cls, folder: str | File) -> "Comparison":
        """Read what :meth:`save` wrote.

        Raises
        ------
        InputError
            If one of the files is not there, or is no path of a comparison, or of another one.
        """
        names = _about(_file(folder, 1))[0]
        paths = []
        for number, name in enumerate(names, 1):
            file = _file(folder, number)
            theirs, path = _about(file)
            if theirs != names or path.results.attrs.get("kind") != name:
                raise InputError(f"{file}: a path of another comparison; save this one anew")
            paths.append(path)
        try:
            return cls.of(names, paths)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise InputError(f"{folder}: its paths are not of the same seeds and folds") from error

    @property
    def _best(self) -> int:
        """Place of the kind of the smallest mean error; the first where a run failed at each λ."""
        least = []
        for path in self.paths:
            means = units(path.errors)[1:].mean(axis=1)
            least.append(np.where(np.isfinite(means), means, np.inf).min())
        return int(np.argmin(least))


def checked_names(names: Any) -> list[str]:
    """Return names of kinds that can be shown and told apart.

    Raises
    ------
    InputError
        If there is none, one cannot be shown, or one is "none".
    """
    listed = list(names)
    if not listed:
        raise InputError("decays: it is empty; name one kind of decay at least")
    for name in listed:
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            raise InputError(f"decays: {name!r} is no name; give a text that can be shown")
        if name == "none":
            raise InputError("decays: 'none' is what training without decay is called; rename it")
    return listed


def _pairs(paths: Sequence[Path]) -> tuple[Pairing, ...]:
    """Every two of the paths held against each other, as each was judged alone."""
    first = paths[0]
    results, rule = first.results, first.rule

    def each(name: str) -> list[Any]:
        return [path.results[name].to_numpy() for path in paths]

    if "inner_error" not in results:
        return compare_by_seeds([errors[:, :, 0] for errors in each("error")], rule)  # type: ignore[arg-type]
    inner = each("inner_error")
    if "row_error" not in results:
        overlap = first.verdict.overlap
        return compare_by_folds(each("error"), inner, rule, overlap=overlap)  # type: ignore[arg-type]
    return compare_by_rows(
        each("row_error"),
        inner,
        results.tested_fold.to_numpy(),
        results.tested_unit.to_numpy(),
        rule,  # type: ignore[arg-type]
        kind=results.attrs["unit"],
        weight=weights_tested(results),
    )


def _file(folder: str | File, number: int) -> File:
    return File(folder) / f"path-{number}.safetensors"


def _about(file: File) -> tuple[list[str], Path]:
    """The names of all kinds that are compared, and the path of one of them."""
    path = Path.load(file)
    names = path.results.attrs.get("kinds")
    if not isinstance(names, list):
        raise InputError(f"{file}: a path of no comparison; read it with weightdecay.Path.load")
    try:
        return checked_names(names), path
    except InputError as error:
        raise InputError(f"{file}: {error}") from None
