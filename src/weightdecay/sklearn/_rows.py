"""Rows as scikit-learn's users hand them over, and rows that stand for outputs already known."""

from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from weightdecay.errors import InputError

#: Numbers of a sparse X that are laid out to train on: 1 GiB in float32.
DENSE = 2**28


def dense(X: Any) -> NDArray[Any]:
    """Return X [N, P] with its zeros.

    Raises
    ------
    InputError
        If it is sparse, and too large for that.
    """
    if not scipy.sparse.issparse(X):
        return np.asarray(X)
    if (numbers := X.shape[0] * X.shape[1]) > DENSE:
        gib = numbers * X.dtype.itemsize / 2**30
        raise InputError(
            f"X: with its zeros it takes {gib:.1f} GiB, as {X.shape[0]} × {X.shape[1]} numbers; "
            "fewer columns first, as by TruncatedSVD"
        )
    full: NDArray[Any] = X.toarray()
    return full


@dataclass(frozen=True, eq=False)
class Known:
    """Stands for rows whose outputs are known: what a scorer hands on to `predict`.

    Parameters
    ----------
    outputs : array [K, n, Q]
    """

    outputs: NDArray[np.float64]

    def __len__(self) -> int:
        return int(self.outputs.shape[1])

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise InputError("scoring: it looks at X; a score is made of predictions and y alone")

    __array__ = __getitem__ = __iter__ = _refuse
