"""Gradient descent that arrives: step, momentum and number of steps from the curvature."""

import math

from weightdecay.study import Recipe


def descent(low: float, high: float, rows: int) -> Recipe:
    r"""Return full-batch SGD that solves a problem of curvature `low` to `high`.

    Heavy-ball momentum with the step :math:`4/(\sqrt{h}+\sqrt{l})^2` and the momentum
    :math:`((\sqrt{h}-\sqrt{l})/(\sqrt{h}+\sqrt{l}))^2`, the best for a quadratic function [1]_.

    Parameters
    ----------
    low, high : float
        Smallest and largest eigenvalue of the objective's Hessian, or bounds of them.
    rows : int
        Number of training rows, all in one batch.

    References
    ----------
    .. [1] B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
       Computational Mathematics and Mathematical Physics 4 (1964).
    """
    small, large = math.sqrt(low), math.sqrt(high)
    ratio = (large - small) / (large + small)
    return Recipe(
        lr=4 / (large + small) ** 2,
        # ratio^t is the error that is left; 1e-16 and then half as many steps again.
        epochs=math.ceil(1.5 * 16 * math.log(10) / -math.log(ratio)),
        batch_size=rows,
        optimizer="sgd",
        shuffle=False,
        options={"momentum": ratio**2},
    )
