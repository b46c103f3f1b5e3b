"""Writing into 16-bit weights without losing what is smaller than their spacing."""

from collections.abc import Sequence

import torch
from torch import Tensor

LOW_PRECISION = (torch.bfloat16, torch.float16)


def write_rounded(weights: Sequence[Tensor], exact: Sequence[Tensor], seed: int) -> None:
    """Write float32 `exact` into 16-bit `weights`, rounded up or down at random.

    bfloat16 has 8 significant bits, so that w·(1 − ηλ) is w itself wherever ηλ is under about 2⁻⁹.
    Here the probabilities are those that make the mean exact [1]_; what 16 bits can hold stays.

    Parameters
    ----------
    weights : sequence of Tensor
        All of one dtype and device.
    exact : sequence of Tensor
        Of the same shapes.
    seed : int
        Of the random bits: the same seed gives the same bits, so that a resumed run does.

    References
    ----------
    .. [1] S. Gupta et al., "Deep Learning with Limited Numerical Precision", ICML 2015,
       arXiv 1502.02551, section 3.
    """
    generator = torch.Generator(weights[0].device).manual_seed(seed)
    for w, x in zip(weights, exact, strict=True):
        w.copy_(_rounded(x, w.dtype, generator))


def _rounded(x: Tensor, dtype: torch.dtype, generator: torch.Generator) -> Tensor:
    kind = torch.finfo(dtype)
    _, exponent = torch.frexp(x)  # |x| in [½, 1)·2^exponent
    spacing = torch.ldexp(torch.full_like(x, kind.eps), exponent - 1)
    spacing = spacing.clamp(min=kind.smallest_normal * kind.eps)
    below = (x / spacing).floor()
    up = torch.rand(x.shape, generator=generator, device=x.device) < x / spacing - below
    return ((below + up) * spacing).to(dtype)
