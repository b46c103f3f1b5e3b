"""The elastic net."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from weightdecay.decay.penalties._penalty import squares
from weightdecay.errors import InputError


@dataclass(frozen=True)
class ElasticNet:
    """L1 and L2 together, Ω(w) = a Σ ``|w|`` + (1 − a)/2 Σ w².

    λ is scikit-learn's ``alpha`` where the loss is half the mean squared error [1]_.

    Parameters
    ----------
    l1_ratio : float, default 0.5
        a, from 0 (L2) to 1 (L1): scikit-learn's ``l1_ratio``, glmnet's alpha.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> wd.ElasticNet(l1_ratio=0.5).value(torch.tensor([2.0, -2.0]))  # 0.5·4 + 0.25·8
    tensor(4.)

    References
    ----------
    .. [1] H. Zou and T. Hastie, "Regularization and Variable Selection via the Elastic Net",
       JRSS B 67 (2005); in the form of J. Friedman, T. Hastie and R. Tibshirani,
       "Regularization Paths for Generalized Linear Models via Coordinate Descent",
       J. Stat. Softw. 33 (2010).
    """

    l1_ratio: float = 0.5
    elementwise: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if isinstance(self.l1_ratio, bool) or not 0 <= self.l1_ratio <= 1:
            raise InputError(f"penalty: l1_ratio={self.l1_ratio!r} of ElasticNet is not in [0, 1]")

    def value(self, w: Tensor) -> Tensor:
        return self.l1_ratio * w.abs().sum() + 0.5 * (1 - self.l1_ratio) * squares(w).sum()

    def gradient(self, w: Tensor) -> Tensor:
        return self.l1_ratio * w.sgn() + (1 - self.l1_ratio) * w

    def prox(self, w: Tensor, amount: Tensor | float) -> Tensor:
        soft = w.sgn() * (w.abs() - amount * self.l1_ratio).clamp(min=0)
        return soft / (1 + amount * (1 - self.l1_ratio))
