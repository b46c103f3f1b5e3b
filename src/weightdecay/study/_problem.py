"""The data of a study and how it is split."""

from dataclasses import dataclass

import torch
from torch import Tensor

from weightdecay.errors import InputError
from weightdecay.language import Phrase, phrase
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
    sample_weight : Tensor [N], optional
        How much each row counts, 0 or more; only their ratios matter. A step's loss is the sum of
        weight × loss over its rows, divided by their number and by the mean weight of all the
        member's training rows: so that λ stands beside a weighted mean loss, whatever the batches.

    Raises
    ------
    InputError
        If x and y differ in length, a number is not finite, a fold has no training row or a row
        that is not there, a weight is negative, those of a side of a fold are all 0, or the loss is
        no mean over rows, which weights need.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> x = torch.linspace(-1, 1, 12)[:, None]
    >>> rows = torch.arange(12)
    >>> problem = wd.Problem(x, x.square(), splits=((rows[:9], rows[9:]), (rows[3:], rows[:3])))
    >>> len(problem.splits)
    2
    """

    x: Tensor
    y: Tensor
    splits: tuple[tuple[Tensor, Tensor], ...]
    loss: str | Loss = "mse"
    sample_weight: Tensor | None = None

    def __post_init__(self) -> None:
        mean_loss(self.loss)
        if len(self.x) != len(self.y):
            raise InputError(f"data: x has {len(self.x)} rows and y has {len(self.y)}")
        for name, values in (("x", self.x), ("y", self.y)):
            if bad := (~torch.isfinite(values)).nonzero().tolist():
                raise InputError(_not_finite(name, values, *bad[0]))
        if not self.splits:
            raise InputError("data: there is no fold")
        for fold, (train, test) in enumerate(self.splits):
            if not len(train):
                raise InputError(f"data: fold {fold} has no training row")
            for rows in (train, test):
                if bad := rows[(rows < 0) | (rows >= len(self.x))].tolist():
                    raise InputError(f"data: fold {fold} has row {bad[0]} of {len(self.x)}")
        if self.sample_weight is not None:
            self._check_weights(self.sample_weight)

    def _check_weights(self, weight: Tensor) -> None:
        if weight.shape != (len(self.x),):
            raise InputError(
                f"sample_weight: its shape is {list(weight.shape)}, not [{len(self.x)}]"
            )
        if bad := (~(torch.isfinite(weight) & (weight >= 0))).nonzero().flatten().tolist():
            raise InputError(
                f"sample_weight: {weight[bad[0]]} in row {bad[0]} is not a finite number ≥ 0"
            )
        for fold, sides in enumerate(self.splits):
            training, judging = (not len(rows) or bool(weight[rows].any()) for rows in sides)
            if not training:
                raise InputError(phrase("data.error.no_weight_trains", fold=fold))
            if not judging:
                raise InputError(phrase("data.error.no_weight_judges", fold=fold))

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


def _not_finite(name: str, values: Tensor, row: int, *column: int) -> Phrase:
    said = {"name": name, "value": values[row, *column].item(), "row": row}
    if not column:
        return phrase("data.error.row", **said)
    return phrase("data.error.cell", **said, column=", ".join(map(str, column)))
