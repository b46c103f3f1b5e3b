"""One step of torch's optimizers on a block of members."""

import math

from weightdecay.engines.lanes.functions import reciprocal, root
from weightdecay.engines.lanes.vector import compiled, fma, load, splat, sqrt, store, where_positive

SGD, ADAM = range(2)


#: Added to every g², so that no second moment is 0, where an estimate of 1/√v has no value. Its own
#: root is 1e-15, far under Adam's ε.
_TINY = 1e-30


@compiled
def clip(block, largest):
    """``torch.nn.utils.clip_grad_norm_``, of each member by itself."""
    gradient = block.gradient
    total = splat(load(gradient, 0), 0.0)
    for i in range(gradient.shape[0]):
        g = load(gradient, i)
        total = fma(g, g, total)
    scale = splat(total, largest) / (sqrt(total) + 1e-6)
    one = splat(total, 1.0)
    scale = where_positive(scale - one, one, scale)
    for i in range(gradient.shape[0]):
        store(gradient, i, scale * load(gradient, i))


@compiled
def sgd(block, lr, momentum, nesterov):
    """w ← w − η·b with b ← μ·b + g, or with Nesterov's g + μ·b in place of b."""
    weights, first, gradient = block.weights, block.first, block.gradient
    rate = splat(load(weights, 0), -lr)
    mu = splat(rate, momentum)
    for i in range(weights.shape[0]):
        g = load(gradient, i)
        b = fma(mu, load(first, i), g)
        store(first, i, b)
        direction = fma(mu, b, g) if nesterov else b
        store(weights, i, fma(rate, direction, load(weights, i)))


@compiled
def adam(block, lr, beta1, beta2, eps):
    """Kingma and Ba, algorithm 1, with the corrections and ε where torch has them.

    The moments are kept as m/(1 − β₁) and v/(1 − β₂), which saves the products with 1 − β.
    """
    weights, first, second, gradient = block.weights, block.first, block.second, block.gradient
    block.powers[0, 0] *= beta1
    block.powers[1, 0] *= beta2
    like = load(weights, 0)
    rate = splat(like, -lr * (1 - beta1) / (1 - block.powers[0, 0]))
    per_root = splat(like, math.sqrt((1 - beta2) / (1 - block.powers[1, 0])))
    epsilon, tiny = splat(like, eps), splat(like, _TINY)
    beta1s, beta2s = splat(like, beta1), splat(like, beta2)
    for i in range(weights.shape[0]):
        g = load(gradient, i)
        m = fma(load(first, i), beta1s, g)
        v = fma(load(second, i), beta2s, fma(g, g, tiny))
        store(first, i, m)
        store(second, i, v)
        scale = reciprocal(fma(root(v), per_root, epsilon))
        store(weights, i, fma(m * rate, scale, load(weights, i)))
