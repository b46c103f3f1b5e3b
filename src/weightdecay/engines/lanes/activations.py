"""The activations of the lanes engine.

Each takes the pre-activation z and the layer's own constant `a`, and returns value and slope
together, since both want the same exponential: f(z) and f'(z), at the kinks with torch's choice of
slope. A NaN in z is a NaN in f(z).
"""

from torch import nn

from weightdecay.engines.lanes.functions import exp, expm1, log1p, normal_tail, reciprocal
from weightdecay.engines.lanes.vector import compiled, fma, load, splat, store, where_positive

IDENTITY, RELU, LEAKY_RELU, SIGMOID, TANH, SOFTPLUS, GELU, SILU = range(8)

_NUMBERS: dict[type[nn.Module], int] = {
    nn.Identity: IDENTITY,
    nn.ReLU: RELU,
    nn.LeakyReLU: LEAKY_RELU,
    nn.Sigmoid: SIGMOID,
    nn.Tanh: TANH,
    nn.Softplus: SOFTPLUS,
    nn.GELU: GELU,
    nn.SiLU: SILU,
}


def code(module: nn.Module) -> tuple[int, float] | None:
    """Return the number of an activation and its constant, or None for a foreign one."""
    which = _NUMBERS.get(type(module))  # exactly: a subclass may compute something else
    match module:
        case _ if which is None:
            return None
        case nn.LeakyReLU():
            return which, float(module.negative_slope)
        case nn.Softplus():
            return (which, float(module.threshold)) if module.beta == 1 else None
        case nn.GELU():
            return (which, 0.0) if module.approximate == "none" else None
    return which, 0.0


@compiled
def identity(z, a):
    return z, splat(z, 1.0)


@compiled
def relu(z, a):
    return where_positive(-z, splat(z, 0.0), z), where_positive(z, splat(z, 1.0), splat(z, 0.0))


@compiled
def leaky_relu(z, a):
    return where_positive(z, z, a * z), where_positive(z, splat(z, 1.0), splat(z, a))


@compiled
def sigmoid(z, a):
    f = reciprocal(exp(-z) + 1.0)
    return f, fma(-f, f, f)


@compiled
def tanh(z, a):
    shrunk = expm1(-2.0 * where_positive(z, z, -z))
    size = -shrunk * reciprocal(shrunk + 2.0)
    f = where_positive(z, size, -size)
    return f, fma(-f, f, splat(z, 1.0))


@compiled
def softplus(z, a):
    tail = exp(where_positive(z, -z, z))
    f = where_positive(z, z, splat(z, 0.0)) + log1p(tail)
    size = reciprocal(tail + 1.0)
    linear = z - a
    return where_positive(linear, z, f), where_positive(
        linear, splat(z, 1.0), where_positive(z, size, tail * size)
    )


@compiled
def gelu(z, a):
    tail, density = normal_tail(where_positive(z, z, -z))
    below = where_positive(z, 1.0 - tail, tail)
    return z * below, fma(z, density, below)


@compiled
def silu(z, a):
    f = reciprocal(exp(-z) + 1.0)
    return z * f, f * fma(z, 1.0 - f, splat(z, 1.0))


def _sweep(function):
    """Make a loop that turns rows start … stop of `value` from z into f(z), f'(z) into `slope`."""

    @compiled
    def sweep(a, value, slope, start, stop):
        for i in range(start, stop):
            f, df = function(load(value, i), a)
            store(value, i, f)
            store(slope, i, df)

    return sweep


_identity, _relu, _leaky_relu, _sigmoid, _tanh, _softplus, _gelu, _silu = map(
    _sweep, (identity, relu, leaky_relu, sigmoid, tanh, softplus, gelu, silu)
)


@compiled
def activate(which, a, value, slope, start, stop):
    """Apply activation `which` to rows start … stop of `value`, in place; slopes into `slope`."""
    if which == SIGMOID:
        _sigmoid(a, value, slope, start, stop)
    elif which == RELU:
        _relu(a, value, slope, start, stop)
    elif which == TANH:
        _tanh(a, value, slope, start, stop)
    elif which == LEAKY_RELU:
        _leaky_relu(a, value, slope, start, stop)
    elif which == SOFTPLUS:
        _softplus(a, value, slope, start, stop)
    elif which == GELU:
        _gelu(a, value, slope, start, stop)
    elif which == SILU:
        _silu(a, value, slope, start, stop)
    else:
        _identity(a, value, slope, start, stop)
