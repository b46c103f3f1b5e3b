"""When a member stops before its last epoch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from weightdecay.errors import InputError
from weightdecay.language import phrase
from weightdecay.study._whole import whole

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Stopping:
    """Stop a member once its loss has not fallen for a while, as scikit-learn's networks do.

    Watched is the data loss, without the penalty: of the rows held out, after each epoch and in
    evaluation mode; or, where none are held out, of the training rows, as the epoch's steps met
    them. A member stops when for more than `patience` epochs in a row the loss has not been below
    its best by more than `tol`. With rows held out the weights of the best epoch come back, at the
    last epoch too.

    Parameters
    ----------
    patience : int, default 10
        Epochs; scikit-learn's ``n_iter_no_change``.
    tol : float, default 1e-4
        In the unit of the loss.
    validation_fraction : float, default 0.1
        Share of a member's training rows to hold out, drawn from its (seed, fold) and, where y
        holds classes, class by class; 0 to watch the training loss.

    Raises
    ------
    InputError
        If a number is out of its range.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.Recipe(epochs=500, stopping=wd.Stopping(patience=20)).stopping
    Stopping(patience=20, tol=0.0001, validation_fraction=0.1)

    References
    ----------
    .. [1] L. Prechelt, "Early Stopping, But When?", Neural Networks: Tricks of the Trade (1998),
       of whose criteria this is the third, UP.
    """

    patience: int = 10
    tol: float = 1e-4
    validation_fraction: float = 0.1

    def __post_init__(self) -> None:
        object.__setattr__(self, "patience", whole("patience", self.patience, least=1))
        if not (math.isfinite(self.tol) and self.tol >= 0):
            raise InputError(f"tol: {self.tol} is not a finite number of 0 or more")
        if not 0 <= self.validation_fraction < 1:
            raise InputError(f"validation_fraction: {self.validation_fraction} is not in 0 ≤ … < 1")

    def hold_out(
        self, rows: Rows, key: Sequence[int], labels: Rows | None = None
    ) -> tuple[Rows, Rows]:
        """Cut the training rows [n] of a member into those that train and those that are watched.

        Parameters
        ----------
        rows : array [n] of int64
        key : sequence of int
            The member's (seed, fold).
        labels : array [N] of int64, optional
            The class of every row.

        Raises
        ------
        InputError
            If there are too few rows.
        """
        if not self.validation_fraction:
            return rows, rows[:0]
        if len(rows) < 2:
            raise InputError(phrase("folds.error.one_row"))
        count = math.ceil(self.validation_fraction * len(rows))
        mine = None if labels is None else labels[rows]
        if mine is not None:
            classes, sizes = np.unique(mine, return_counts=True)
            if sizes.min() < 2 or len(classes) > min(count, len(rows) - count):
                mine = None  # a class too rare to be on both sides is left to chance
        # 3: see Order, whose streams are 1 and 2.
        state = int(np.random.SeedSequence([*key, 3]).generate_state(1)[0])
        train, held = train_test_split(
            np.arange(len(rows)), test_size=count, stratify=mine, random_state=state
        )
        return rows[np.sort(train)], rows[np.sort(held)]


class Watch:
    """What has been seen of the losses of k members, and which of them are to stop."""

    def __init__(self, stopping: Stopping, members: int) -> None:
        self.stopping = stopping
        self.best = np.full(members, np.inf)
        self.waiting = np.zeros(members, np.int64)

    def see(
        self, losses: NDArray[np.float64], members: Rows | slice = slice(None)
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Take in the losses [m] of one more epoch, of all members or of some.

        Returns
        -------
        better, stop : array [m] of bool
            Whose loss is the lowest so far, and who has waited long enough.
        """
        best = self.best[members]
        better = losses < best
        falling = losses < best - self.stopping.tol
        self.waiting[members] = np.where(falling, 0, self.waiting[members] + 1)
        self.best[members] = np.where(better, losses, best)
        return better, self.waiting[members] > self.stopping.patience
