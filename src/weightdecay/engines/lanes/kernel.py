"""Training steps of a block of members, in machine code."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from weightdecay.engines.lanes import losses, optimizers, penalties
from weightdecay.engines.lanes.activations import activate
from weightdecay.engines.lanes.products import Matrix, add_product
from weightdecay.engines.lanes.vector import (
    all_finite,
    compiled,
    flush_denormals,
    fma,
    load,
    restore_denormals,
    splat,
    store,
    where_positive,
)


class Rule(NamedTuple):
    """Recipe and decay, in numbers."""

    optimizer: int
    momentum: float  # or β₁
    beta2: float
    eps: float
    nesterov: bool
    batch_size: int
    largest: float  # norm of the gradient; 0 for any
    loss: int
    penalty: int
    constant: float  # the penalty's own
    coupling: int


class Rows(NamedTuple):
    """The study's rows; no `weight` is an array of no rows."""

    x: np.ndarray  # [N, P]
    y: np.ndarray  # [N, Q]
    weight: np.ndarray  # [N, 1]


class Order(NamedTuple):
    """Which rows the lanes meet; lanes that meet the same ones have a column for all of them."""

    rows: np.ndarray  # [E, n, D]
    lanes: np.ndarray  # [D, W] 1 in the lanes that a column is for


@compiled
def gather(table, order, e, r, into, start):
    """Rows order.rows[e, r] of `table` [N, n], each to its lanes, into rows start … of `into`."""
    like = load(order.lanes, 0)
    row = order.rows[e, r, 0]
    for j in range(table.shape[1]):
        store(into, start + j, splat(like, table[row, j]))
    for d in range(1, order.lanes.shape[0]):
        row, mine = order.rows[e, r, d], load(order.lanes, d)
        for j in range(table.shape[1]):
            others = load(into, start + j)
            store(into, start + j, where_positive(mine, splat(like, table[row, j]), others))


@compiled
def meet(rows, block, order, e, start, stop, units):
    """Inputs, targets and weights of the rows start … stop of epoch `e` into the block."""
    for r in range(start, stop):
        gather(rows.x, order, e, r, block.value, (r - start) * units)
        gather(rows.y, order, e, r, block.target, (r - start) * rows.y.shape[1])
        if rows.weight.shape[0]:
            gather(rows.weight, order, e, r, block.weight, r - start)


@compiled
def forward(network, block, count, units):
    """From the inputs of `count` rows to all units; returns the place of the outputs in a row."""
    sizes, has_bias, activation, constant, _, _ = network
    weights, value, slope = block.weights, block.value, block.slope
    w = source = 0
    for m in range(activation.shape[0]):
        inputs, outputs = sizes[m], sizes[m + 1]
        sink = source + inputs
        bias = w + inputs * outputs
        for i in range(outputs):
            z = load(weights, bias + i) if has_bias[m] else splat(load(weights, 0), 0.0)
            for r in range(count):
                store(value, r * units + sink + i, z)
        add_product(
            Matrix(value, sink, units, 1),
            Matrix(value, source, units, 1),
            Matrix(weights, w, inputs, 1),
            count,
            outputs,
            inputs,
        )
        for r in range(count):
            first = r * units + sink
            activate(activation[m], constant[m], value, slope, first, first + outputs)
        w = bias + (outputs if has_bias[m] else 0)
        source = sink
    return source


@compiled
def backward(network, block, sink, count, units):
    """Add the gradient of the loss, from ∂loss/∂(outputs) in `delta` at `sink` of each row."""
    sizes, has_bias, activation, _, _, _ = network
    weights, gradient = block.weights, block.gradient
    value, slope, delta = block.value, block.slope, block.delta
    zero = splat(load(weights, 0), 0.0)
    w = weights.shape[0]
    for m in range(activation.shape[0] - 1, -1, -1):
        inputs, outputs = sizes[m], sizes[m + 1]
        source = sink - inputs
        if has_bias[m]:
            w -= outputs
        bias = w
        w -= inputs * outputs
        for r in range(count):
            for i in range(outputs):
                at = r * units + sink + i
                d = load(delta, at) * load(slope, at)
                store(delta, at, d)
                if has_bias[m]:
                    store(gradient, bias + i, load(gradient, bias + i) + d)
        if m > 0:
            for r in range(count):
                for j in range(inputs):
                    store(delta, r * units + source + j, zero)
            add_product(
                Matrix(delta, source, units, 1),
                Matrix(delta, sink, units, 1),
                Matrix(weights, w, 1, inputs),
                count,
                inputs,
                outputs,
            )
        add_product(
            Matrix(gradient, w, 1, inputs),
            Matrix(value, source, 1, units),
            Matrix(delta, sink, 1, units),
            inputs,
            outputs,
            count,
        )
        sink = source


@compiled
def losses_of(rule, network, rows, block, order, e, start, stop, scale):
    """Take rows start … stop of epoch `e`, no more than there is room for, through the network.

    Returns the place of the outputs in a row, and the sum of the losses, weighted, a vector. Their
    slopes by the outputs, times the vector `scale`, are left in `delta`.
    """
    units, outputs = block.units[0], rows.y.shape[1]
    total = splat(scale, 0.0)
    meet(rows, block, order, e, start, stop, units)
    sink = forward(network, block, stop - start, units)
    for r in range(stop - start):
        counts = splat(scale, 1.0)
        if rows.weight.shape[0]:
            counts = load(block.weight, r)
        at, to = r * units + sink, r * outputs
        loss = losses.of_row(rule.loss, outputs, scale * counts, block, at, to)
        total = fma(loss, counts, total)
    return sink, total


@compiled
def keep_diverged(block, loss, epoch):
    """Save the weights of members whose loss has just ceased to be finite; their lanes run idle."""
    store(block.scratch, 0, loss)
    for k in range(block.scratch.shape[1]):
        if block.finished[0, k] == 0 and not np.isfinite(block.scratch[0, k]):
            block.finished[0, k] = -epoch
            for i in range(block.weights.shape[0]):
                block.kept[i, k] = block.weights[i, k]


@compiled
def step(rule, network, rows, block, order, e, start, stop, rate, amount, epoch):
    """Take one step of all members on rows start … stop of epoch `e`."""
    penalties.start_gradient(rule, network, block, amount)
    terms = (stop - start) * losses.terms(rule.loss, rows.y.shape[1])
    scale = load(block.per_weight, 0) * (1.0 / terms)
    loss = splat(scale, 0.0)
    # A few rows at a time: the layers' weights are then loaded once for all of them.
    room = block.weight.shape[0]
    for begin in range(start, stop, room):
        end = min(begin + room, stop)
        sink, some = losses_of(rule, network, rows, block, order, e, begin, end, scale)
        loss = loss + some
        backward(network, block, sink, end - begin, block.units[0])
    loss = loss * load(block.per_weight, 0)
    store(block.met, 0, load(block.met, 0) + loss)
    if not all_finite(loss):
        keep_diverged(block, loss, epoch)
    if rule.largest > 0:
        optimizers.clip(block, rule.largest)
    if rule.coupling == penalties.ON_STEP:
        penalties.shrink(rule, network, block, amount)
    elif rule.coupling == penalties.CAUTIOUS:
        penalties.remember(block)
    if rule.optimizer == optimizers.ADAM:
        optimizers.adam(block, rate, rule.momentum, rule.beta2, rule.eps)
    else:
        optimizers.sgd(block, rate, rule.momentum, rule.nesterov)
    if rule.coupling == penalties.BY_PROX:
        penalties.project(rule, network, block, amount)
    elif rule.coupling == penalties.CAUTIOUS:
        penalties.shrink_cautiously(rule, network, block, amount)


def compile_for(fingerprint: int) -> tuple[Any, Any, Any]:
    """Compile the three entries.

    Numba's cache on disk watches the file of a compiled function, not the files of those it calls.
    It does watch the values that a function closes over: so each entry closes over `fingerprint`, a
    number made from the sources of this folder, and old machine code is never used for new sources.
    """

    @njit(nogil=True, cache=True, _nrt=False)
    def train(rule, network, rows, block, order, rates, amounts, first_epoch):
        """Train for the E epochs of `order` at `rates` and `amounts` [E, steps].

        The first of them is number `first_epoch`. What is left in `met` is the sum of the losses
        that the last of them met.
        """
        fingerprint  # noqa: B018
        before = flush_denormals(load(block.weights, 0))
        for e in range(order.rows.shape[0]):
            store(block.met, 0, splat(load(block.met, 0), 0.0))
            for s in range(rates.shape[1]):
                start = s * rule.batch_size
                stop = min(start + rule.batch_size, order.rows.shape[1])
                epoch = first_epoch + e
                rate, amount = rates[e, s], amounts[e, s]
                step(rule, network, rows, block, order, e, start, stop, rate, amount, epoch)
        restore_denormals(load(block.weights, 0), before)

    @njit(nogil=True, cache=True, _nrt=False)
    def mean_loss(rule, network, rows, block, order, per_weight, out):
        """Mean loss over the rows of `order`, one epoch, into `out` [1, W]; 0 of none.

        `per_weight` [1, W] is one over the mean weight of those rows.
        """
        fingerprint  # noqa: B018
        n, room = order.rows.shape[1], block.weight.shape[0]
        one = splat(load(block.weights, 0), 1.0)
        total = splat(one, 0.0)
        for begin in range(0, n, room):
            end = min(begin + room, n)
            _, some = losses_of(rule, network, rows, block, order, 0, begin, end, one)
            total = total + some
        terms = max(n * losses.terms(rule.loss, rows.y.shape[1]), 1)
        store(out, 0, total * load(per_weight, 0) * (1.0 / terms))

    @njit(nogil=True, cache=True, _nrt=False)
    def penalty(rule, network, block, out):
        """Ω into `out` [1, W], each tensor times its factor of λ."""
        fingerprint  # noqa: B018
        penalties.value(rule, network, block, out)

    return train, mean_loss, penalty
