"""A table made ready for networks: features, target, groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weightdecay.errors import InputError
from weightdecay.language import shown
from weightdecay.tables._columns import Dropped, as_text
from weightdecay.tables._embedded import TARGET
from weightdecay.tables._layout import Layout, layout_of
from weightdecay.tables._options import Options
from weightdecay.tables._reading import Source
from weightdecay.tables._target import Target, target_of
from weightdecay.tables._wrong import wrong

#: Fewer rows than this are too few to choose anything by.
LEAST_ROWS = 10
#: One to train on, one to choose by, one to judge on.
LEAST_GROUPS = 3


@dataclass(frozen=True)
class Table:
    """What networks are trained on.

    Parameters
    ----------
    name : str
    x : array [N, P]
        Features, NaN where a number is missing.
    y : array [N]
        Standardised, or numbers of classes.
    layout : Layout
    dropped : tuple of Dropped
    target : Target
    groups : array [N] of int, or None
    known : array [rows of the source] of bool
        Which of them have a target, and so are in it.
    imputed : dict of str to int
        By column, how many missing numbers or dates are to be imputed.
    marks : dict of str to tuple of str
        By column, the target's too, text that has been taken for a missing value.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[Any]
    layout: Layout
    dropped: tuple[Dropped, ...]
    target: Target
    groups: NDArray[np.int64] | None
    known: NDArray[np.bool_]
    imputed: dict[str, int]
    marks: dict[str, tuple[str, ...]]

    @property
    def without_target(self) -> int:
        """How many rows were left out since their target is missing."""
        return int((~self.known).sum())


def table_of(source: Source, options: Options) -> Table:
    """Make a table ready.

    Raises
    ------
    InputError
        If a column that an option names is not there, the target is none, rows are too few, or no
        column is left.
    """
    frame, place = source.frame, source.place
    name = options.target or (TARGET if source.embedded else None)
    if name is None:
        raise wrong("no_target", "--target", names=_some(frame.columns))
    asked = {"--target": name, **{f"--drop {n}": n for n in options.drop}}
    if options.group is not None:
        asked["--group"] = options.group
    check_columns(source, asked)
    if name in options.drop or name == options.group:
        raise wrong("target_too", "--target", name=shown(name))
    cells = frame[name]
    there = len(frame) if cells.isna().all() else int(cells.notna().sum())
    if there < LEAST_ROWS:
        raise _too_few(place, there)
    if cells.isna().all():
        raise wrong("target_missing", "--target", place=place, name=shown(name))
    target = target_of(name, cells, options.task, place)
    y, known = target.encode(cells)
    if known.sum() < LEAST_ROWS:
        raise _too_few(place, int(known.sum()))
    frame = frame[known].drop(columns=[name])
    left_out = [Dropped(column, "asked") for column in dict.fromkeys(options.drop)]
    unasked = {*source.index} - {name, options.group, *options.drop}
    left_out += [Dropped(column, "index") for column in source.index if column in unasked]
    groups = None
    if options.group is not None:
        groups = _groups(frame[options.group])
        if options.group not in options.drop:
            left_out.append(Dropped(options.group, "group"))
        if (count := len(np.unique(groups))) < LEAST_GROUPS:
            said: dict[str, Any] = {"name": shown(options.group), "count": count}
            raise wrong("few_groups", "--group", **said)
    layout, dropped = layout_of(frame, left_out)
    if not layout.columns:
        raise wrong("no_column", "DATA", place=place)
    x = layout.features(frame)
    return Table(
        name=source.name,
        x=x,
        y=y[known],
        layout=layout,
        dropped=dropped,
        target=target,
        groups=groups,
        known=known,
        imputed=_imputed(layout, x),
        marks=_marks(source, layout, target),
    )


def check_columns(source: Source, asked: Mapping[str, str]) -> None:
    """Check that every column is there that an option asks for; options may say more after a space.

    Raises
    ------
    InputError
        If one is not.
    """
    names = source.frame.columns
    for option, column in asked.items():
        if column not in names:
            values = {"place": source.place, "name": shown(column), "names": _some(names)}
            raise wrong("column", option.split()[0], **values)


def _groups(cells: Any) -> NDArray[np.int64]:
    """The number of each row's group; a row whose group is missing is one by itself."""
    text = as_text(cells)
    named = [f"= {t}" if t is not None else f"row {k}" for k, t in enumerate(text)]
    return np.unique(named, return_inverse=True)[1].astype(np.int64)


def _imputed(layout: Layout, x: NDArray[np.float64]) -> dict[str, int]:
    lost = dict(zip(layout.names, np.isnan(x).sum(axis=0).tolist(), strict=True))
    columns = [column.name for column in layout.columns if column.kind != "category"]
    return {name: lost[name] for name in columns if lost[name]}


def _marks(source: Source, layout: Layout, target: Target) -> dict[str, tuple[str, ...]]:
    found = {column.name: column.marks for column in layout.columns} | {target.name: target.marks}
    said = {name: (*source.marks.get(name, ()), *marks) for name, marks in found.items()}
    return {name: marks for name, marks in said.items() if marks}


def _too_few(place: str, count: int) -> InputError:
    return wrong("few_rows", "DATA", place=place, count=count, least=LEAST_ROWS)


def _some(names: Any, most: int = 20) -> str:
    listed = [shown(name, 40) for name in names]
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")
