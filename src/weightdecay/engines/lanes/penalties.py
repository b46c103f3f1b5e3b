"""The penalties of the lanes engine: Ω, its slopes and its proximal map, and where they enter.

All are of u = w − w0, with w0 the point around which Ω is measured. But for the norm of a tensor
they are sums over entries, so that one function of an entry serves each coupling.
"""

from weightdecay.decay import L1, L2, ElasticNet, Lp, Norm, Penalty
from weightdecay.engines.lanes.functions import exp, log
from weightdecay.engines.lanes.vector import compiled, fma, load, splat, sqrt, store, where_positive

SQUARED, ABSOLUTE, ELASTIC, POWER, NORM = range(5)
IN_LOSS, ON_STEP, CAUTIOUS, BY_PROX = range(4)


def code(penalty: Penalty) -> tuple[int, float] | None:
    """Return the number of a penalty and its constant, or None for one that lanes does not have."""
    if type(penalty) is ElasticNet:
        return ELASTIC, float(penalty.l1_ratio)
    if type(penalty) is Lp:
        return POWER, float(penalty.p)
    found = {L2: SQUARED, L1: ABSOLUTE, Norm: NORM}.get(type(penalty))
    return None if found is None else (found, 0.0)


@compiled
def signed(size, u):
    """size·sign(u), 0 at u = 0."""
    return where_positive(u, size, where_positive(-u, -size, splat(u, 0.0)))


@compiled
def absolute(u):
    return where_positive(u, u, -u)


@compiled
def power(size, p):
    """size**p for size > 0."""
    return exp(splat(size, p) * log(size))


@compiled
def slope(which, constant, u):
    """∂Ω(u) of an entry; 0 where u is 0."""
    if which == SQUARED:
        return u
    if which == ABSOLUTE:
        return signed(splat(u, 1.0), u)
    if which == ELASTIC:
        return signed(splat(u, constant), u) + (1.0 - constant) * u
    return signed(power(absolute(u), constant - 1.0), u)


@compiled
def of_entry(which, constant, u):
    """Ω(u) of an entry."""
    if which == SQUARED:
        return 0.5 * (u * u)
    if which == ABSOLUTE:
        return absolute(u)
    if which == ELASTIC:
        return constant * absolute(u) + (0.5 * (1.0 - constant)) * (u * u)
    size = absolute(u)
    return where_positive(size, power(size, constant) * (1.0 / constant), splat(u, 0.0))


@compiled
def prox(which, constant, amount, u):
    """The proximal map of amount·Ω at u."""
    if which == SQUARED:
        return u / (amount + 1.0)
    if which == POWER:
        size = absolute(u)
        kept = size * size
        moved = u * kept / fma(amount, power(size, constant), kept)
        return where_positive(kept, moved, splat(u, 0.0))
    far = absolute(u) - (constant * amount if which == ELASTIC else amount)
    soft = where_positive(far, signed(far, u), splat(u, 0.0))
    return soft / fma(splat(u, 1.0 - constant), amount, splat(u, 1.0)) if which == ELASTIC else soft


@compiled
def away(block, i):
    """U = w − w0 in row i."""
    w = load(block.weights, i)
    return w - load(block.anchor, i) if block.anchor.shape[0] else w


@compiled
def norm(block, start, stop):
    """‖u‖ of the tensor in rows start … stop."""
    total = splat(load(block.weights, start), 0.0)
    for i in range(start, stop):
        u = away(block, i)
        total = fma(u, u, total)
    return sqrt(total)


@compiled
def per_norm(block, start, stop):
    """1/‖u‖, 0 where u is 0."""
    size = norm(block, start, stop)
    return where_positive(size, splat(size, 1.0) / size, splat(size, 0.0))


@compiled
def start_gradient(rule, network, block, factor):
    """Put factor·λ·∂Ω(u) into the gradient: 0 where nothing decays."""
    tensors, gradient = network.tensors, block.gradient
    for t in range(network.factor.shape[0]):
        start, stop = tensors[t], tensors[t + 1]
        amount = (factor * network.factor[t]) * load(block.weight_decay, 0)
        if rule.coupling != IN_LOSS or network.factor[t] == 0:
            for i in range(start, stop):
                store(gradient, i, splat(amount, 0.0))
        elif rule.penalty == SQUARED and block.anchor.shape[0] == 0:
            for i in range(start, stop):
                store(gradient, i, amount * load(block.weights, i))
        elif rule.penalty == NORM:
            amount = amount * per_norm(block, start, stop)
            for i in range(start, stop):
                store(gradient, i, amount * away(block, i))
        else:
            for i in range(start, stop):
                store(gradient, i, amount * slope(rule.penalty, rule.constant, away(block, i)))


@compiled
def shrink(rule, network, block, factor):
    """W ← w − a·∂Ω(u), a = factor·λ."""
    tensors, weights = network.tensors, block.weights
    for t in range(network.factor.shape[0]):
        if network.factor[t] == 0:
            continue
        start, stop = tensors[t], tensors[t + 1]
        amount = (factor * network.factor[t]) * load(block.weight_decay, 0)
        if rule.penalty == NORM:
            amount = amount * per_norm(block, start, stop)
            for i in range(start, stop):
                store(weights, i, fma(-amount, away(block, i), load(weights, i)))
        else:
            for i in range(start, stop):
                d = slope(rule.penalty, rule.constant, away(block, i))
                store(weights, i, fma(-amount, d, load(weights, i)))


@compiled
def remember(block):
    """Keep the weights as they are before a step."""
    for i in range(block.weights.shape[0]):
        store(block.before, i, load(block.weights, i))


@compiled
def shrink_cautiously(rule, network, block, factor):
    """W ← w − a·∂Ω(u) of the weights before the step, where the step did not oppose that."""
    tensors, weights = network.tensors, block.weights
    for t in range(network.factor.shape[0]):
        if network.factor[t] == 0:
            continue
        amount = (factor * network.factor[t]) * load(block.weight_decay, 0)
        for i in range(tensors[t], tensors[t + 1]):
            v, w = load(block.before, i), load(weights, i)
            u = v - load(block.anchor, i) if block.anchor.shape[0] else v
            d = slope(rule.penalty, rule.constant, u)
            opposed = (w - v) * d
            store(weights, i, where_positive(opposed, w, fma(-amount, d, w)))


@compiled
def project(rule, network, block, factor):
    """W ← w0 + the proximal map of a·Ω at u; members without decay stay as they are."""
    tensors, weights = network.tensors, block.weights
    for t in range(network.factor.shape[0]):
        if network.factor[t] == 0:
            continue
        start, stop = tensors[t], tensors[t + 1]
        amount = (factor * network.factor[t]) * load(block.weight_decay, 0)
        if rule.penalty == NORM:
            size = norm(block, start, stop)
            left = where_positive(size - amount, (size - amount) / size, splat(size, 0.0))
            for i in range(start, stop):
                w, u = load(weights, i), away(block, i)
                store(weights, i, where_positive(amount, fma(left, u, w - u), w))
        else:
            for i in range(start, stop):
                w, u = load(weights, i), away(block, i)
                moved = (w - u) + prox(rule.penalty, rule.constant, amount, u)
                store(weights, i, where_positive(amount, moved, w))


@compiled
def value(rule, network, block, out):
    """Put Ω into row 0 of `out`, each tensor times its factor of λ."""
    total = splat(load(block.weights, 0), 0.0)
    for t in range(network.factor.shape[0]):
        if network.factor[t] == 0:
            continue
        start, stop = network.tensors[t], network.tensors[t + 1]
        if rule.penalty == NORM:
            part = norm(block, start, stop)
        else:
            part = splat(total, 0.0)
            for i in range(start, stop):
                part = part + of_entry(rule.penalty, rule.constant, away(block, i))
        total = fma(splat(total, network.factor[t]), part, total)
    store(out, 0, total)
