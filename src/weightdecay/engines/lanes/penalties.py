"""The penalties of the lanes engine: λ·∂Ω(w) into the gradient or off the weights, and λ·Ω(w)."""

from weightdecay.decay import L1, L2, Norm, Penalty
from weightdecay.engines.lanes.vector import compiled, fma, load, splat, sqrt, store, where_positive

SQUARED, ABSOLUTE, NORM = range(3)


def code(penalty: Penalty) -> int | None:
    """Return the number of a penalty, or None for one that lanes does not have."""
    return {L2: SQUARED, L1: ABSOLUTE, Norm: NORM}.get(type(penalty))


@compiled
def square_sum(weights, start, stop):
    total = splat(load(weights, start), 0.0)
    for i in range(start, stop):
        w = load(weights, i)
        total = fma(w, w, total)
    return total


@compiled
def slope(which, coefficient, weights, start, stop):
    """The a of λ·∂Ω(w) = a·w on the tensor in rows start … stop: λ for L2, λ/‖w‖ for the norm."""
    if which == SQUARED:
        return coefficient
    norm = sqrt(square_sum(weights, start, stop))
    return where_positive(norm, coefficient / norm, splat(norm, 0.0))


@compiled
def signed(size, w):
    """size·sign(w), 0 at w = 0."""
    return where_positive(w, size, where_positive(-w, -size, splat(w, 0.0)))


@compiled
def start_gradient(which, network, block):
    """Put λ·∂Ω(w) into the gradient: 0 where nothing decays."""
    tensors, decayed = network.tensors, network.decayed
    weights, gradient = block.weights, block.gradient
    coefficient = load(block.weight_decay, 0)
    zero = splat(coefficient, 0.0)
    for t in range(decayed.shape[0]):
        start, stop = tensors[t], tensors[t + 1]
        if not decayed[t]:
            for i in range(start, stop):
                store(gradient, i, zero)
        elif which == ABSOLUTE:
            for i in range(start, stop):
                store(gradient, i, signed(coefficient, load(weights, i)))
        else:
            a = slope(which, coefficient, weights, start, stop)
            for i in range(start, stop):
                store(gradient, i, a * load(weights, i))


@compiled
def clear_gradient(block):
    gradient = block.gradient
    zero = splat(load(gradient, 0), 0.0)
    for i in range(gradient.shape[0]):
        store(gradient, i, zero)


@compiled
def decay(which, lr, network, block):
    """w ← w − η·λ·∂Ω(w)."""
    tensors, decayed, weights = network.tensors, network.decayed, block.weights
    amount = lr * load(block.weight_decay, 0)
    for t in range(decayed.shape[0]):
        start, stop = tensors[t], tensors[t + 1]
        if not decayed[t]:
            continue
        if which == ABSOLUTE:
            for i in range(start, stop):
                w = load(weights, i)
                store(weights, i, w - signed(amount, w))
        else:
            a = slope(which, amount, weights, start, stop)
            for i in range(start, stop):
                w = load(weights, i)
                store(weights, i, fma(-a, w, w))


@compiled
def value(which, network, block, out):
    """Put λ·Ω(w) into row 0 of `out`."""
    total = splat(load(block.weights, 0), 0.0)
    for t in range(network.decayed.shape[0]):
        if network.decayed[t]:
            start, stop = network.tensors[t], network.tensors[t + 1]
            if which == ABSOLUTE:
                for i in range(start, stop):
                    w = load(block.weights, i)
                    total = total + where_positive(w, w, -w)
            elif which == SQUARED:
                total = fma(splat(total, 0.5), square_sum(block.weights, start, stop), total)
            else:
                total = total + sqrt(square_sum(block.weights, start, stop))
    store(out, 0, load(block.weight_decay, 0) * total)
