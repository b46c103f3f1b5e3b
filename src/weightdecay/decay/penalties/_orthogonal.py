"""How far the rows or columns of a weight are from orthonormal ones."""

from dataclasses import dataclass

import torch
from torch import Tensor

from weightdecay.decay.penalties._penalty import squares


@dataclass(frozen=True)
class Orthogonal:
    r"""Half the squared distance of the Gram matrix from identity, per tensor.

    .. math:: \Omega(W) = \tfrac12 \|W W^T - I\|_F^2 \quad\text{or}\quad
              \tfrac12 \|W^T W - I\|_F^2

    whichever Gram matrix is smaller [1]_: the two values differ by a constant, half the difference
    of the sides, since the rows of a tall matrix cannot be orthonormal. A convolution is taken as
    [out, rest]; a tensor with one axis has no penalty.

    Parameters
    ----------
    off_diagonal : bool, default False
        Only the entries of W·Wᵀ off the diagonal, so that the norms of the rows, which are the
        output units, are free [2]_.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> wd.Orthogonal().value(2 * torch.eye(2))  # W·Wᵀ is 4·I, so ½·(3² + 3²)
    tensor(9.)

    References
    ----------
    .. [1] A. Brock, T. Lim, J. M. Ritchie and N. Weston, "Neural Photo Editing with Introspective
       Adversarial Networks", ICLR 2017, arXiv 1609.07093 (there without the square).
    .. [2] A. Brock, J. Donahue and K. Simonyan, "Large Scale GAN Training for High Fidelity Natural
       Image Synthesis", ICLR 2019, arXiv 1809.11096, equation 3.
    """

    off_diagonal: bool = False

    def _excess(self, w: Tensor) -> tuple[Tensor, Tensor]:
        """W as a matrix [m, n] or its transpose, and its Gram matrix less identity."""
        matrix = w.flatten(1)
        if matrix.shape[0] > matrix.shape[1] and not self.off_diagonal:
            matrix = matrix.mH
        gram = matrix @ matrix.mH
        diagonal = torch.eye(len(gram), dtype=gram.dtype, device=gram.device)
        return matrix, gram * (1 - diagonal) if self.off_diagonal else gram - diagonal

    def value(self, w: Tensor) -> Tensor:
        if w.ndim < 2:
            return 0.0 * w.abs().sum()
        return 0.5 * squares(self._excess(w)[1]).sum()

    def gradient(self, w: Tensor) -> Tensor:
        if w.ndim < 2:
            return torch.zeros_like(w)
        matrix, excess = self._excess(w)
        slope = 2 * excess @ matrix
        return (slope if slope.shape == w.flatten(1).shape else slope.mH).reshape(w.shape)
