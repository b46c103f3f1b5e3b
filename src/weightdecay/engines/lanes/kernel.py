"""Training steps of a block of members, in machine code."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from weightdecay.engines.lanes import optimizers, penalties
from weightdecay.engines.lanes.activations import activate
from weightdecay.engines.lanes.vector import (
    all_finite,
    compiled,
    flush_denormals,
    fma,
    load,
    restore_denormals,
    splat,
    store,
)


class Rule(NamedTuple):
    """Recipe and decay, in numbers."""

    optimizer: int
    lr: float
    momentum: float  # or β₁
    beta2: float
    eps: float
    nesterov: bool
    batch_size: int
    penalty: int
    on_step: bool


@compiled
def gather(table, order, e, r, into):
    """Row order[e, r, k] of `table` [N, n] into lane k of `into` [n, W]."""
    for k in range(order.shape[2]):
        row = order[e, r, k]
        for j in range(table.shape[1]):
            into[j, k] = table[row, j]


@compiled
def forward(network, block):
    """From the inputs in the first rows of `value` to all units; returns the outputs' first row."""
    sizes, has_bias, activation, constant, _, _ = network
    weights, value, slope = block.weights, block.value, block.slope
    w = 0
    source = 0
    for m in range(activation.shape[0]):
        inputs, outputs = sizes[m], sizes[m + 1]
        sink = source + inputs
        bias = w + inputs * outputs
        for i in range(outputs):
            z = splat(load(weights, 0), 0.0)
            if has_bias[m]:
                z = load(weights, bias + i)
            for j in range(inputs):
                z = fma(load(weights, w + j), load(value, source + j), z)
            w += inputs
            store(value, sink + i, z)
        if has_bias[m]:
            w += outputs
        activate(activation[m], constant[m], value, slope, sink, sink + outputs)
        source = sink
    return source


@compiled
def backward(network, block, sink):
    """Add the gradient of the loss, from ∂loss/∂(outputs) in `delta` at `sink`."""
    sizes, has_bias, activation, _, _, _ = network
    weights, gradient = block.weights, block.gradient
    value, slope, delta = block.value, block.slope, block.delta
    w = weights.shape[0]
    for m in range(activation.shape[0] - 1, -1, -1):
        inputs, outputs = sizes[m], sizes[m + 1]
        source = sink - inputs
        if has_bias[m]:
            w -= outputs
        bias = w
        w -= inputs * outputs
        for i in range(outputs):
            d = load(delta, sink + i) * load(slope, sink + i)
            store(delta, sink + i, d)
            if has_bias[m]:
                store(gradient, bias + i, load(gradient, bias + i) + d)
        if m > 0:
            for j in range(inputs):
                back = load(delta, sink) * load(weights, w + j)
                for i in range(1, outputs):
                    weight = load(weights, w + i * inputs + j)
                    back = fma(load(delta, sink + i), weight, back)
                store(delta, source + j, back)
        at = w
        for i in range(outputs):
            d = load(delta, sink + i)
            for j in range(inputs):
                g = fma(d, load(value, source + j), load(gradient, at))
                store(gradient, at, g)
                at += 1
        sink = source


@compiled
def keep_diverged(block, loss, epoch):
    """Save the weights of members whose loss has just ceased to be finite; their lanes run idle."""
    store(block.target, 0, loss)
    for k in range(block.target.shape[1]):
        if block.diverged[0, k] == 0 and not np.isfinite(block.target[0, k]):
            block.diverged[0, k] = epoch
            for i in range(block.weights.shape[0]):
                block.kept[i, k] = block.weights[i, k]


@compiled
def step(network, rule, block, x, y, order, e, start, stop, epoch):
    """Take one step of all members on the rows order[e, start:stop]."""
    if rule.on_step:
        penalties.clear_gradient(block)
    else:
        penalties.start_gradient(rule.penalty, network, block)
    value, target, delta = block.value, block.target, block.delta
    loss = splat(load(block.weights, 0), 0.0)
    scale = 2.0 / ((stop - start) * y.shape[1])
    for r in range(start, stop):
        gather(x, order, e, r, value)
        gather(y, order, e, r, target)
        sink = forward(network, block)
        for i in range(y.shape[1]):
            error = load(value, sink + i) - load(target, i)
            loss = fma(error, error, loss)
            store(delta, sink + i, scale * error)
        backward(network, block, sink)
    if not all_finite(loss):
        keep_diverged(block, loss, epoch)
    if rule.on_step:
        penalties.decay(rule.penalty, rule.lr, network, block)
    if rule.optimizer == optimizers.ADAM:
        optimizers.adam(block, rule.lr, rule.momentum, rule.beta2, rule.eps)
    else:
        optimizers.sgd(block, rule.lr, rule.momentum, rule.nesterov)


@compiled
def mean_square(network, block, x, y, rows, out):
    """Mean squared error of each member over its rows [1, n, W], into row 0 of `out`; 0 of none."""
    total = splat(load(block.weights, 0), 0.0)
    for r in range(rows.shape[1]):
        gather(x, rows, 0, r, block.value)
        gather(y, rows, 0, r, block.target)
        sink = forward(network, block)
        for i in range(y.shape[1]):
            error = load(block.value, sink + i) - load(block.target, i)
            total = fma(error, error, total)
    store(out, 0, total * (1.0 / max(rows.shape[1] * y.shape[1], 1)))


def compile_for(fingerprint: int) -> tuple[Any, Any]:
    """Compile the two entries.

    Numba's cache on disk watches the file of a compiled function, not the files of those it calls.
    It does watch the values that a function closes over: so each entry closes over `fingerprint`, a
    number made from the sources of this folder, and old machine code is never used for new sources.
    """

    @njit(nogil=True, cache=True, _nrt=False)
    def train(network, rule, block, x, y, order, first_epoch):
        """Train for the epochs of `order` [E, n, W]; the first of them is number `first_epoch`."""
        fingerprint  # noqa: B018
        before = flush_denormals(load(block.weights, 0))
        for e in range(order.shape[0]):
            for start in range(0, order.shape[1], rule.batch_size):
                stop = min(start + rule.batch_size, order.shape[1])
                step(network, rule, block, x, y, order, e, start, stop, first_epoch + e)
        restore_denormals(load(block.weights, 0), before)

    @njit(nogil=True, cache=True, _nrt=False)
    def measure(network, rule, block, x, y, train_rows, test_rows, out):
        """Training loss, test loss and penalty into the rows of `out` [3, W]."""
        fingerprint  # noqa: B018
        mean_square(network, block, x, y, train_rows, out[0:1])
        mean_square(network, block, x, y, test_rows, out[1:2])
        penalties.value(rule.penalty, network, block, out[2:3])

    return train, measure
