"""The lanes engine's own functions against torch's in float64."""

import math

import numpy as np
import pytest
import torch
from numba import njit
from torch import nn

from weightdecay.engines.lanes import activations, functions
from weightdecay.engines.lanes.layout import aligned
from weightdecay.engines.lanes.vector import load, store

WIDTH = {np.float32: 16, np.float64: 8}


def on_lanes(function, x: np.ndarray, outputs: int = 1) -> list[np.ndarray]:
    """Values of a function of one vector, for x of any length."""
    width = WIDTH[x.dtype.type]
    rows = -(-len(x) // width)
    table = aligned((rows, width), x.dtype)
    table[:] = np.resize(x, rows * width).reshape(rows, width)
    out = [aligned((rows, width), x.dtype) for _ in range(2)]

    if outputs == 1:

        @njit
        def run(table, first, second):
            for i in range(table.shape[0]):
                store(first, i, function(load(table, i)))

    else:

        @njit
        def run(table, first, second):
            for i in range(table.shape[0]):
                a, b = function(load(table, i))
                store(first, i, a)
                store(second, i, b)

    run(table, *out)
    return [part.ravel()[: len(x)] for part in out[:outputs]]


@pytest.fixture(params=[np.float32, np.float64], ids=["float32", "float64"])
def dtype(request):
    return request.param


def wide(dtype, low: float, high: float) -> np.ndarray:
    return np.linspace(low, high, 20_001).astype(dtype)


def assert_few_ulps(found: np.ndarray, expected: np.ndarray, ulps: float) -> None:
    spacing = np.finfo(found.dtype).eps * np.abs(expected)
    worst = np.max(np.abs(found.astype(np.float64) - expected) / np.maximum(spacing, 1e-300))
    assert worst <= ulps, f"{worst:.1f} units in the last place"


CASES = {
    "exp": (functions.exp, np.exp, -80, 80, 4),
    "expm1": (functions.expm1, np.expm1, -30, 30, 8),
    "log": (functions.log, np.log, 1e-30, 1e30, 4),
    "log1p": (functions.log1p, np.log1p, 0, 1, 4),
    "reciprocal": (functions.reciprocal, lambda x: 1 / x, 1e-3, 1e3, 2),
    "root": (functions.root, np.sqrt, 1e-6, 1e6, 2),
}


@pytest.mark.parametrize("name", CASES)
def test_to_a_few_units_in_the_last_place(name: str, dtype) -> None:
    function, oracle, low, high, ulps = CASES[name]
    x = wide(dtype, low, high)
    (found,) = on_lanes(function, x)
    assert_few_ulps(found, oracle(x.astype(np.float64)), ulps)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_exp_of_what_is_no_number(value: float, dtype) -> None:
    (found,) = on_lanes(functions.exp, np.full(16, value, dtype))
    if math.isnan(value):
        assert np.isnan(found).all()
    elif value > 0:
        assert (found > 1e37).all()
    else:
        assert (found < 1e-37).all()


def test_log_near_1_and_of_what_is_no_number(dtype) -> None:
    near = (1 + np.linspace(0, 1e-3, 64)).astype(dtype)
    (found,) = on_lanes(functions.log, near)
    np.testing.assert_allclose(found, np.log(near), rtol=4 * np.finfo(dtype).eps, atol=0)
    (lost,) = on_lanes(functions.log, np.full(16, np.nan, dtype))
    assert np.isnan(lost).all()


MODULES = {
    "identity": nn.Identity(),
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(0.2),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "softplus": nn.Softplus(threshold=5),
    "gelu": nn.GELU(),
    "silu": nn.SiLU(),
}


@pytest.mark.parametrize("name", MODULES)
def test_activations_and_their_slopes(name: str, dtype) -> None:
    module = MODULES[name]
    found = activations.code(module)
    assert found is not None
    constant = found[1]
    function = getattr(activations, name)

    @njit
    def both(x):
        return function(x, constant)

    x = wide(dtype, -25, 25)  # with 0, where ReLU has its kink
    value, slope = on_lanes(both, x, outputs=2)
    z = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    expected = module(z)
    (expected_slope,) = torch.autograd.grad(expected.sum(), z)
    tolerance = 40 * np.finfo(dtype).eps
    for got, oracle in ((value, expected), (slope, expected_slope)):
        oracle = oracle.detach().numpy()
        np.testing.assert_allclose(got, oracle, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", MODULES)
def test_a_nan_stays_one(name: str, dtype) -> None:
    function, constant = getattr(activations, name), 0.2

    @njit
    def value(x):
        return function(x, constant)[0]

    (found,) = on_lanes(value, np.full(16, np.nan, dtype))
    assert np.isnan(found).all()
