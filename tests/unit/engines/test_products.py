"""Products of matrices of lanes against NumPy's, in whatever tiles and strides."""

import numpy as np
import pytest
from numba import njit

from weightdecay.engines.lanes.layout import aligned
from weightdecay.engines.lanes.products import TILE, Matrix, add_product


@njit
def add(into, left, right, rows, columns, depth, turned):
    if turned:  # A and B with their axes exchanged in memory
        add_product(
            Matrix(into, 2, columns, 1),
            Matrix(left, 0, 1, rows),
            Matrix(right, 1, 1, columns),
            rows,
            columns,
            depth,
        )
    else:
        add_product(
            Matrix(into, 2, columns, 1),
            Matrix(left, 0, depth, 1),
            Matrix(right, 1, depth, 1),
            rows,
            columns,
            depth,
        )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("rows", "columns", "depth"),
    [(1, 1, 1), (3, 2, 5), (TILE, TILE, 3), (2 * TILE + 1, TILE + 2, 7), (1, 9, 4), (9, 1, 4)],
)
def test_c_plus_a_times_b(rows: int, columns: int, depth: int, turned: bool, dtype) -> None:
    width = 64 // np.dtype(dtype).itemsize
    draw = np.random.default_rng(0)
    c, a, b = (
        aligned((n, width), np.dtype(dtype))
        for n in (rows * columns + 2, rows * depth, columns * depth + 1)
    )
    for part in (c, a, b):
        part[:] = draw.normal(size=part.shape)
    order = (1, 0) if turned else (0, 1)
    A = a.reshape(*np.array([rows, depth])[list(order)], width)
    B = b[1:].reshape(*np.array([columns, depth])[list(order)], width)
    if turned:
        A, B = A.transpose(1, 0, 2), B.transpose(1, 0, 2)
    expected = c.copy()
    expected[2:] += np.einsum("mkw,nkw->mnw", A, B).reshape(-1, width)
    add(c, a, b, rows, columns, depth, turned)
    np.testing.assert_allclose(c, expected, rtol=0, atol=20 * np.finfo(dtype).eps)
