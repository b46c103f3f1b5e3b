"""Elementary functions on vectors of lanes: polynomials, no table, no branch.

They are right to a few units in the last place of their type.
"""

import math

import numpy as np
from numba.extending import overload
from scipy.special import erfcx

from weightdecay.engines.lanes.vector import (
    compiled,
    exponent,
    fma,
    mantissa,
    near_reciprocal,
    near_reciprocal_sqrt,
    power_of_two,
    splat,
    sqrt,
    where_positive,
)


def exp_parts(x):
    """Return p, s with exp(x) = s·(1 + p), s a power of two, |p| < ½."""


@overload(exp_parts)
def _exp_parts(x):
    # x = n·ln 2 + r, ln 2 in two parts so that n·(first part) is exact; exp(r) − 1 by its series.
    if x.double:
        magic, low, high = 1.5 * 2**52, -708.0, 709.0
        ln2, rest, terms = 0.693145751953125, 1.42860682030941723212e-6, 13
    else:
        magic, low, high = 1.5 * 2**23, -87.0, 88.0
        ln2, rest, terms = 0.693359375, -2.12194440e-4, 7
    first = 1 / math.factorial(terms)
    others = tuple(1 / math.factorial(k) for k in range(terms - 1, 1, -1))
    per_ln2 = 1 / math.log(2)

    def impl(x):
        x = where_positive(low - x, splat(x, low), x)
        x = where_positive(x - high, splat(x, high), x)
        shifted = fma(x, splat(x, per_ln2), splat(x, magic))
        n = shifted - magic
        r = fma(n, splat(x, -rest), fma(n, splat(x, -ln2), x))
        p = splat(x, first)
        for term in others:
            p = fma(p, r, splat(x, term))
        return fma(p * r, r, r), power_of_two(shifted)

    return impl


@compiled
def exp(x):
    p, s = exp_parts(x)
    return fma(p, s, s)


@compiled
def expm1(x):
    p, s = exp_parts(x)
    return fma(p, s, s - 1.0)


def reciprocal(x):
    """1/x for x > 0."""


@overload(reciprocal)
def _reciprocal(x):
    if x.double:
        return lambda x: 1.0 / x

    def impl(x):
        y = near_reciprocal(x)
        return fma(y, fma(-x, y, splat(x, 1.0)), y)

    return impl


def root(x):
    """√x for x > 0."""


@overload(root)
def _root(x):
    if x.double:
        return lambda x: sqrt(x)

    def impl(x):
        y = near_reciprocal_sqrt(x)
        s = x * y
        return fma(s, fma(-s, 0.5 * y, splat(x, 0.5)), s)

    return impl


def log1p(t):
    """log(1 + t) for 0 ≤ t ≤ 1."""


@overload(log1p)
def _log1p(t):
    # 2·artanh(s) with s = t/(2 + t) ≤ 1/3, by its series in s².
    powers = range(35 if t.double else 15, 0, -2)
    first = 2 / powers[0]
    others = tuple(2 / k for k in powers[1:])

    def impl(t):
        s = t * reciprocal(t + 2.0)
        square = s * s
        sum_ = splat(t, first)
        for term in others:
            sum_ = fma(sum_, square, splat(t, term))
        return sum_ * s

    return impl


def log(x):
    """log(x) for normal x > 0; −∞ is not given for 0."""


@overload(log)
def _log(x):
    # log(2ⁿ·m) = n·ln 2 + log(1 + (m − 1)), 1 ≤ m < 2; ln 2 in two parts as in exp.
    ln2, rest = (
        (0.693145751953125, 1.42860682030941723212e-6)
        if x.double
        else (0.693359375, -2.12194440e-4)
    )

    def impl(x):
        n = exponent(x)
        return fma(n, splat(x, ln2), fma(n, splat(x, rest), log1p(mantissa(x) - 1.0)))

    return impl


def normal_tail(z):
    """Return Φ(−z) and φ(z) of the standard normal distribution, for z ≥ 0."""


@overload(normal_tail)
def _normal_tail(z):
    # Φ(−z) = ½ exp(−z²/2) erfcx(z/√2). Seen from u = (z − 3)/(z + 3) in [−1, 1], erfcx is smooth: a
    # Chebyshev series of it converges to the last bit.
    def seen_from(u):
        with np.errstate(divide="ignore"):
            return 0.5 * erfcx(3 * (1 + u) / (1 - u) / math.sqrt(2))

    terms = 40 if z.double else 16
    series = np.polynomial.chebyshev.chebinterpolate(seen_from, terms)
    descending = tuple(float(c) for c in series[:0:-1])
    constant = float(series[0])
    density = 1 / math.sqrt(2 * math.pi)

    def impl(z):
        u = (z - 3.0) * reciprocal(z + 3.0)
        twice = u + u
        ahead = splat(z, 0.0)
        here = splat(z, 0.0)
        for c in descending:
            ahead, here = here, fma(twice, here, c - ahead)
        scaled = fma(u, here, constant - ahead)
        bell = exp(-0.5 * (z * z))
        return scaled * bell, bell * density

    return impl
