"""What users hand over as data, as tensors."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from weightdecay.errors import InputError
from weightdecay.language import phrase

#: Losses whose targets are the numbers of classes.
CLASSES = ("cross_entropy",)


def inputs(X: Any) -> Tensor:
    """Return the inputs as a tensor [N, ...].

    Parameters
    ----------
    X : Tensor, array or table [N, ...]
        A tensor stays what it is. Numbers of any other kind become torch's default floating type.

    Raises
    ------
    InputError
        If they are not numbers.
    """
    if isinstance(X, Tensor):
        return _rows("X", X.detach())
    return _numbers("X", X).to(torch.get_default_dtype())


def targets(y: Any, loss: Any) -> Tensor:
    """Return the targets as a tensor [N, ...]: numbers [N] as a column [N, 1], like outputs.

    Parameters
    ----------
    y : Tensor or array [N, ...]
    loss : str or callable
        Cross-entropy gets whole numbers, the classes, and the other names get floating ones like
        inputs. A callable gets [N] whole numbers, which torch's losses take for classes, if that is
        what `y` holds; of another shape they become floating ones. Only by name are folds
        stratified.

    Raises
    ------
    InputError
        If they are not numbers, or not whole and 0 or more where classes are wanted.
    """
    values = _rows("y", y.detach()) if isinstance(y, Tensor) else _numbers("y", y)
    if loss in CLASSES:
        whole = values.to(torch.int64)
        if bad := (whole != values).nonzero().tolist():
            value = values[tuple(bad[0])].item()
            raise InputError(phrase("data.error.no_class", place=bad[0], value=value))
        if whole.numel() and (lowest := int(whole.min())) < 0:
            raise InputError(phrase("data.error.negative", level=lowest))
        return whole
    if not values.is_floating_point():
        if callable(loss) and values.dim() == 1 and values.dtype != torch.bool:
            return values.to(torch.int64)
        values = values.to(torch.get_default_dtype())
    return values[:, None] if values.dim() == 1 else values


def labels(y: Tensor, loss: Any) -> Tensor | None:
    """Return the class [N] of each row, or None where y [N, ...] holds none."""
    if loss in CLASSES and y.dim() == 1:
        return y
    if loss == "binary_cross_entropy" and y.numel() == len(y) and bool(((y == 0) | (y == 1)).all()):
        return y.flatten().long()
    return None


def from_dataset(dataset: Dataset[Any]) -> tuple[Tensor, Tensor]:
    """Stack the pairs (x, y) of a dataset that has a length."""
    # An array or a table has both as well, and a shape beside: its y was forgotten.
    table = hasattr(dataset, "shape") and not isinstance(dataset, Dataset)
    if table or not (hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__")):
        raise InputError(phrase("data.error.no_dataset", kind=type(dataset).__name__))
    rows = [dataset[i] for i in range(len(dataset))]
    if not rows or not all(isinstance(row, tuple | list) and len(row) == 2 for row in rows):
        raise InputError(phrase("data.error.no_pairs"))
    xs, ys = zip(*rows, strict=True)
    return torch.stack([torch.as_tensor(x) for x in xs]), torch.stack(
        [torch.as_tensor(y) for y in ys]
    )


def _numbers(name: str, values: Any) -> Tensor:
    try:
        table = np.asarray(values)
    except ValueError:
        raise InputError(phrase("data.error.ragged", name=name)) from None
    if table.dtype.kind not in "fiub":
        raise InputError(phrase("data.error.no_numbers", name=name, kind=table.dtype))
    # A copy: theirs may be read-only.
    return _rows(name, torch.from_numpy(np.array(table, order="C")))


def _rows(name: str, values: Tensor) -> Tensor:
    if not values.dim():
        raise InputError(phrase("data.error.no_rows", name=name))
    return values
