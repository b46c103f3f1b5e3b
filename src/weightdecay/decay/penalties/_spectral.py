"""The largest singular value of a weight."""

from dataclasses import dataclass

import torch
from torch import Tensor

from weightdecay.decay.penalties._penalty import squares
from weightdecay.errors import InputError


@dataclass(frozen=True)
class Spectral:
    r"""Half the squared largest singular value, :math:`\Omega(W) = \tfrac12 \sigma_1(W)^2`.

    Its gradient is :math:`\sigma_1 u_1 v_1^T` [1]_: only the direction that a layer stretches most
    is shrunk. A convolution is taken as [out, rest]; a tensor with one axis as one row. Ω is that
    of one tensor, and summed over tensors.

    Parameters
    ----------
    iterations : int, optional
        Of the power method, from a fixed start that depends on nothing but the shape; without it,
        the singular value decomposition is exact. Too few underestimate σ₁.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> wd.Spectral().value(torch.diag(torch.tensor([3.0, 1.0])))
    tensor(4.5000)

    References
    ----------
    .. [1] Y. Yoshida and T. Miyato, "Spectral Norm Regularization for Improving the
       Generalizability of Deep Learning", 2017, arXiv 1705.10941.
    """

    iterations: int | None = None

    def __post_init__(self) -> None:
        known = self.iterations
        if known is not None and (isinstance(known, bool) or known < 1):
            raise InputError(f"penalty: iterations={known!r} of Spectral is not 1 or more")

    def _matrix(self, w: Tensor) -> Tensor:
        return w.flatten(1) if w.ndim > 1 else w.reshape(1, -1)

    @torch.no_grad()
    def _direction(self, matrix: Tensor) -> Tensor:
        """v [n], the first right singular vector or an estimate."""
        if self.iterations is None:
            first: Tensor = torch.linalg.svd(matrix, full_matrices=False).Vh[0].conj()
            return first
        # Neither random nor along any pattern that weights are likely to have.
        v = torch.arange(1, matrix.shape[1] + 1, device=matrix.device).to(matrix.dtype).sin()
        for _ in range(self.iterations):
            v = torch.nn.functional.normalize(matrix.mH @ (matrix @ v), dim=0)
        return v

    def value(self, w: Tensor) -> Tensor:
        matrix = self._matrix(w)
        # σ₁² = ‖W·v‖², and its gradient by W, with v held, is 2·W·v·vᵀ = 2·σ₁·u·vᵀ.
        return 0.5 * squares(matrix @ self._direction(matrix.detach())).sum()

    def gradient(self, w: Tensor) -> Tensor:
        matrix = self._matrix(w)
        v = self._direction(matrix)
        return torch.outer(matrix @ v, v.conj()).reshape(w.shape)
