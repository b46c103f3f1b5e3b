"""The p-norm to its p-th power."""

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from weightdecay.errors import InputError


@dataclass(frozen=True)
class Lp:
    r"""The bridge penalty, :math:`\Omega(w) = \frac1p \sum |w|^p`.

    For p < 1 its slope is infinite at 0, and its gradient, which is 0 there, nearly so beside
    it: use ``on="prox"``, which is stable for every p. What stands for the proximal map is the
    decoupled update of [1]_, the minimum of the quadratic that touches Ω at w:

    .. math:: w \leftarrow w \,/\, (1 + a\, |w|^{p-2})

    With p = 2 it is the exact proximal map w/(1 + a). For p < 2 it leaves 0 at 0, and shrinks what
    comes near faster and faster.

    Parameters
    ----------
    p : float, default 1.0
        Above 0.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> wd.Lp(p=4.0).value(torch.tensor([1.0, -2.0]))  # (1 + 16) / 4
    tensor(4.2500)

    References
    ----------
    .. [1] N. J. Outmezguine and N. Levi, "Decoupled Weight Decay for Any p Norm", 2024,
       arXiv 2404.10824.
    """

    p: float = 1.0
    elementwise: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if isinstance(self.p, bool) or not (math.isfinite(self.p) and self.p > 0):
            raise InputError(f"penalty: p={self.p!r} of Lp is not a finite number above 0")

    def value(self, w: Tensor) -> Tensor:
        # Where w is 0 its slope is 0 by definition; abs().pow() would make it infinite for p < 1.
        size = torch.where(w == 0, 1.0, w.abs()).pow(self.p)
        return torch.where(w == 0, 0.0, size).sum() / self.p

    def gradient(self, w: Tensor) -> Tensor:
        return torch.where(w == 0, 0.0, w.sgn() * w.abs().pow(self.p - 1))

    def prox(self, w: Tensor, amount: Tensor | float) -> Tensor:
        # The same, without infinities: |w|²/(|w|² + a·|w|^p).
        size = w.abs()
        kept = size.square()
        return torch.where(kept > 0, w * kept / (kept + amount * size.pow(self.p)), 0.0)
