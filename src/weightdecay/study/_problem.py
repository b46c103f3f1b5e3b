"""The data of a study and how it is split."""

from dataclasses import dataclass

import torch
from torch import Tensor

from weightdecay.errors import InputError
from weightdecay.study._losses import Loss, mean_loss


@dataclass(frozen=True)
class Problem:
    """Rows, and which of them train and which judge.

    Parameters
    ----------
    x : Tensor [N, ...]
        Inputs.
    y : Tensor [N, ...]
        Targets; on judging rows the truth, where it is known.
    splits : tuple of F pairs (train, test) of Tensor [n] int64
        For each fold the rows that train and the rows that judge.
    loss : str or callable, default "mse"
        What is minimised, see :func:`weightdecay.study.mean_loss`.

    Raises
    ------
    InputError
        If x and y differ in length, a number is not finite, or a fold has no training row or a row
        that is not there.
    """

    x: Tensor
    y: Tensor
    splits: tuple[tuple[Tensor, Tensor], ...]
    loss: str | Loss = "mse"

    def __post_init__(self) -> None:
        mean_loss(self.loss)
        if len(self.x) != len(self.y):
            raise InputError(f"data: x has {len(self.x)} rows and y has {len(self.y)}")
        for name, values in (("x", self.x), ("y", self.y)):
            if bad := (~torch.isfinite(values)).nonzero().tolist():
                row, *column = bad[0]
                where = f"row {row}" + (f", column {', '.join(map(str, column))}" if column else "")
                raise InputError(f"data: {name} is {values[tuple(bad[0])]} in {where}")
        if not self.splits:
            raise InputError("data: there is no fold")
        for fold, (train, test) in enumerate(self.splits):
            if not len(train):
                raise InputError(f"data: fold {fold} has no training row")
            for rows in (train, test):
                if bad := rows[(rows < 0) | (rows >= len(self.x))].tolist():
                    raise InputError(f"data: fold {fold} has row {bad[0]} of {len(self.x)}")

    @classmethod
    def with_truth(cls, x: Tensor, y: Tensor, x_truth: Tensor, y_truth: Tensor) -> "Problem":
        """Train on all rows of `x` [n, P], `y` [n, Q]; judge against the known truth elsewhere."""
        for name, a, b in (("x and y", x, y), ("x_truth and y_truth", x_truth, y_truth)):
            if len(a) != len(b):
                raise InputError(f"data: {name} have {len(a)} and {len(b)} rows")
        rows = torch.arange(len(x) + len(x_truth))
        return cls(
            torch.cat([x, x_truth]),
            torch.cat([y, y_truth]),
            splits=((rows[: len(x)], rows[len(x) :]),),
        )
