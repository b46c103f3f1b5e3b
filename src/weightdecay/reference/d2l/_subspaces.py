"""What the training rows say something about, and what they do not."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def lengths(weights: ArrayLike, rows: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how long the parts of `weights` are in the row space and in the null space of `rows`.

    The gradient of a linear network's loss is a sum of the rows that it was fed, so training moves
    the weights in the row space alone. In the null space the data say nothing.

    Parameters
    ----------
    weights : array [..., P]
    rows : array [N, P]

    Returns
    -------
    row_space, null_space : array [...] float64
        L2 norms; their squares add up to that of the weights.
    """
    whole, span = np.asarray(weights, np.float64), np.asarray(rows, np.float64)
    _, sizes, directions = np.linalg.svd(span, full_matrices=False)
    # The usual limit of what rounding makes of a singular value of 0.
    limit = sizes.max() * max(span.shape) * np.finfo(np.float64).eps
    basis = directions[sizes > limit]
    inside = whole @ basis.T
    outside = whole - inside @ basis
    return np.linalg.norm(inside, axis=-1), np.linalg.norm(outside, axis=-1)
