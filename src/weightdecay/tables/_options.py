"""What the user asks for, and what is taken where nothing is asked."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from weightdecay.study import Recipe

#: Tables with more rows than this are judged on one hold-out, not on folds.
LARGE = 20_000
#: Tables with more rows than this have fewer folds: they need fewer, and an epoch costs more.
MEDIUM = 1_000
#: Gradient steps of one training where the number of epochs is not given.
STEPS = 600


@dataclass(frozen=True)
class Options:
    """What the user asks for.

    Parameters
    ----------
    target : str, optional
        Needed unless the table is embedded.
    task : {"regression", "classification"}, optional
        Guessed if not given.
    drop : tuple of str
        Columns to leave out.
    group : str, optional
        The column whose equal values mark rows that belong together.
    seeds : int, default 3
        S.
    folds : int, optional
        5 if not given, 3 for more than 1,000 rows and one hold-out for more than 20,000; fewer
        where a class is rare.
    hidden : tuple of int, default (64, 64)
    epochs, batch_size : int, optional
        By the number of rows if not given.
    lr : float, default 5e-3
    rule : {"min", "1se"}, default "min"
    """

    target: str | None = None
    task: str | None = None
    drop: tuple[str, ...] = ()
    group: str | None = None
    seeds: int = 3
    folds: int | None = None
    hidden: tuple[int, ...] = (64, 64)
    epochs: int | None = None
    batch_size: int | None = None
    lr: float = 5e-3
    rule: Literal["min", "1se"] = "min"


def recipe_for(rows: int, options: Options) -> Recipe:
    """Return the recipe for `rows` training rows: 32 steps an epoch, of batches of 32 to 512."""
    batch = options.batch_size or int(np.clip(2 ** round(np.log2(rows / 32)), 32, 512))
    steps = -(-rows // batch)
    epochs = options.epochs or max(8, min(100, STEPS // steps))
    return Recipe(lr=options.lr, epochs=epochs, batch_size=batch)
