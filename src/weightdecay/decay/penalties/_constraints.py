"""Constraints on the weights, restored after every step."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Literal, Protocol, runtime_checkable

import torch
from torch import Tensor

from weightdecay.decay.penalties._penalty import Penalty, squares
from weightdecay.errors import InputError


@runtime_checkable
class Constraint(Penalty, Protocol):
    """A set that the weights must lie in; `value` says how far outside they are."""

    def project(self, weights: Sequence[Tensor], start: Sequence[Tensor]) -> list[Tensor]:
        """The nearest point in the set, given the norms [] of the initial weights."""


@dataclass(frozen=True)
class MaxNorm:
    r"""Every row no longer than c: :math:`w_i \leftarrow w_i \min(1, c / \|w_i\|)`, Keras' MaxNorm.

    A row is what belongs to one output unit: :math:`w_i` = ``weight[i]``, whatever its shape; of a
    vector it is one entry. Ω is the sum over rows of what exceeds c.

    Parameters
    ----------
    c : float, default 2.0
        The largest norm of a row.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> w = torch.tensor([[3.0, 4.0], [0.3, 0.4]])
    >>> wd.MaxNorm(c=1.0).project([w], [w])  # the first row is too long
    [tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])]

    References
    ----------
    .. [1] N. Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from
       Overfitting", JMLR 15 (2014), "Max-norm regularization".
    """

    c: float = 2.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.c) and self.c > 0):
            raise InputError(f"penalty: c={self.c!r} of MaxNorm is not a finite number above 0")

    def _norms(self, w: Tensor) -> Tensor:
        if w.ndim < 2:  # no axis inside a row would mean all of them
            return w.abs()
        norms: Tensor = torch.linalg.vector_norm(w, dim=tuple(range(1, w.ndim)), keepdim=True)
        return norms

    def value(self, w: Tensor) -> Tensor:
        return (self._norms(w) - self.c).clamp(min=0).sum()

    def gradient(self, w: Tensor) -> Tensor:
        norms = self._norms(w)
        return torch.where(norms > self.c, w / norms, torch.zeros_like(w))

    def project(self, weights: Sequence[Tensor], start: Sequence[Tensor]) -> list[Tensor]:
        return [torch.where((n := self._norms(w)) > self.c, w * (self.c / n), w) for w in weights]


@dataclass(frozen=True)
class FixedNorm:
    r"""The norm stays what it is: :math:`w \leftarrow w \cdot c / \|w\|` after each step.

    Parameters
    ----------
    c : float, optional
        The norm; without it, that of the initial weights.
    of : {"tensor", "all"}, default "tensor"
        Whether each tensor has this norm, or all decayed weights together, as in [1]_.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> w = torch.tensor([[3.0, 4.0]])
    >>> wd.FixedNorm(c=1.0).project([w], [w])
    [tensor([[0.6000, 0.8000]])]

    References
    ----------
    .. [1] Z. Liu, E. J. Michaud and M. Tegmark, "Omnigrok: Grokking Beyond Algorithmic Data",
       ICLR 2023, arXiv 2210.01117.
    """

    c: float | None = None
    of: Literal["tensor", "all"] = "tensor"

    def __post_init__(self) -> None:
        if self.c is not None and not (math.isfinite(self.c) and self.c > 0):
            raise InputError(f"penalty: c={self.c!r} of FixedNorm is not a finite number above 0")
        if self.of not in ("tensor", "all"):
            raise InputError(f"penalty: of={self.of!r} of FixedNorm is neither 'tensor' nor 'all'")

    def value(self, w: Tensor) -> Tensor:
        norm: Tensor = torch.linalg.vector_norm(w)
        return (norm - (self.c or 0.0)).abs()

    def gradient(self, w: Tensor) -> Tensor:
        norm = torch.linalg.vector_norm(w)
        return torch.where(norm > 0, (norm - (self.c or 0.0)).sign() * w / norm, 0.0)

    def project(self, weights: Sequence[Tensor], start: Sequence[Tensor]) -> list[Tensor]:
        norms = [torch.linalg.vector_norm(w) for w in weights]
        if self.of == "all":
            norms = [torch.linalg.vector_norm(torch.stack(norms))] * len(norms)
            start = [torch.linalg.vector_norm(torch.stack(list(start)))] * len(start)
        return [
            torch.where(norm > 0, w * ((first if self.c is None else self.c) / norm), w)
            for w, norm, first in zip(weights, norms, start, strict=True)
        ]


@dataclass(frozen=True)
class CPR:
    r"""Σw² of each tensor held under κ by an augmented Lagrangian, with one multiplier a tensor.

    After each step of the optimizer, with μ = λ / (number of entries) and l = 0 at first [1]_,

    .. math::
        l \leftarrow \max(0,\; l + \mu\,(\textstyle\sum w^2 - \kappa)), \qquad
        w \leftarrow w - 2\,l\,w

    Nothing is multiplied by the learning rate. λ is ``kappa_update`` of the package
    ``pytorch-cpr``, where 1 is the default. Ω is what exceeds κ.

    Parameters
    ----------
    kappa : float, optional
        κ, of Σw²; without it, what Σw² is after `warm_start` steps, times `factor`.
    warm_start : int, default 0
        Steps until then, during which nothing is constrained; 0: the initial weights.
    factor : float, default 1.0
        See `kappa`.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.cpr().penalty
    CPR(kappa=None, warm_start=0, factor=1.0)

    References
    ----------
    .. [1] J. K. H. Franke et al., "Improving Deep Learning Optimization through Constrained
       Parameter Regularization", NeurIPS 2024, arXiv 2311.09058, algorithm 1.
    """

    kappa: float | None = None
    warm_start: int = 0
    factor: float = 1.0

    def __post_init__(self) -> None:
        if self.kappa is not None and not (math.isfinite(self.kappa) and self.kappa >= 0):
            raise InputError(f"penalty: kappa={self.kappa!r} of CPR is not a number of 0 or more")
        if not isinstance(self.warm_start, Integral) or self.warm_start < 0:
            raise InputError(f"penalty: warm_start={self.warm_start!r} of CPR is no count of steps")
        object.__setattr__(self, "warm_start", int(self.warm_start))
        if not (math.isfinite(self.factor) and self.factor > 0):
            raise InputError(f"penalty: factor={self.factor!r} of CPR is not a number above 0")
        if self.kappa is not None and (self.warm_start or self.factor != 1):
            raise InputError("penalty: CPR takes kappa, or warm_start and factor, not both")

    def value(self, w: Tensor) -> Tensor:
        return (squares(w).sum() - (self.kappa or 0.0)).clamp(min=0)

    def gradient(self, w: Tensor) -> Tensor:
        outside = squares(w).sum() > (self.kappa or 0.0)
        return torch.where(outside, 2 * w, torch.zeros_like(w))
