"""The group lasso over rows, columns or whole tensors."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from weightdecay.errors import InputError


@dataclass(frozen=True)
class GroupLasso:
    r"""The norms of groups of weights, :math:`\Omega(w) = \sum_G \sqrt{|G|}\, \|w_G\|`.

    Its proximal step makes whole groups exactly 0 [1]_: units, inputs or layers that can be cut
    out.

    Parameters
    ----------
    groups : {"rows", "columns", "tensor"}, default "rows"
        A row is what belongs to one output unit, ``w[i]``; a column to one input, ``w[:, j]``; of a
        convolution, to one channel. In a tensor with one axis each entry is a row, and a column.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> w = torch.tensor([[3.0, 4.0], [0.1, 0.1]])
    >>> wd.GroupLasso("rows").prox(w, 0.5)  # the second unit is cut out
    tensor([[2.5757, 3.4343],
            [0.0000, 0.0000]])

    References
    ----------
    .. [1] M. Yuan and Y. Lin, "Model Selection and Estimation in Regression with Grouped
       Variables", JRSS B 68 (2006), section 2.
    """

    groups: Literal["rows", "columns", "tensor"] = "rows"

    def __post_init__(self) -> None:
        if self.groups not in ("rows", "columns", "tensor"):
            raise InputError(
                f"penalty: groups={self.groups!r} of GroupLasso is none of 'rows', 'columns', "
                "'tensor'"
            )

    def _norms(self, w: Tensor) -> tuple[Tensor, float]:
        """Norms of the groups, shaped to divide `w`, and sqrt(|G|)."""
        apart = {"rows": 0, "columns": min(1, w.ndim - 1), "tensor": None}[self.groups]
        inside = tuple(axis for axis in range(w.ndim) if axis != apart)
        # An entry by itself has its absolute value as norm: no axis would mean all of them.
        norms = torch.linalg.vector_norm(w, dim=inside, keepdim=True) if inside else w.abs()
        return norms, (w.numel() / max(norms.numel(), 1)) ** 0.5

    def value(self, w: Tensor) -> Tensor:
        norms, weight = self._norms(w)
        return weight * norms.sum()

    def gradient(self, w: Tensor) -> Tensor:
        norms, weight = self._norms(w)
        return torch.where(norms > 0, weight * w / norms, torch.zeros_like(w))

    def prox(self, w: Tensor, amount: Tensor | float) -> Tensor:
        norms, weight = self._norms(w)
        threshold = amount * weight
        return torch.where(norms > threshold, w * (1 - threshold / norms), torch.zeros_like(w))
