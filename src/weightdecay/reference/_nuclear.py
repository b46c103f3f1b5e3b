"""Decay on both factors of a two-layer linear network is a nuclear norm on their product."""

import numpy as np
import torch
from torch import nn

from weightdecay._run import run
from weightdecay.decay import L2, Decay
from weightdecay.reference._linear import problem
from weightdecay.reference._reference import Outcome, at_most
from weightdecay.study import Recipe, Study

TOLERANCE = 1e-6
#: Of the target.
SINGULAR_VALUES = np.array([3.0, 2.0, 1.0, 0.5])
THRESHOLDS = (0.3, 0.8, 1.5, 4.0)


def nuclear(factor: float = 2.0) -> Outcome:
    r"""Compare the singular values of the product with soft-thresholded ones.

    With the identity as design and the target M [n, q],

    .. math::
        \min_{A, B} \tfrac{1}{nq}\|BA - M\|_F^2 + \tfrac{λ}{2}(\|A\|_F^2 + \|B\|_F^2)
        = \min_W \tfrac{1}{nq}\|W - M\|_F^2 + λ\|W\|_*,

    which lowers every singular value by nq·λ/2, down to 0 [1]_.

    Parameters
    ----------
    factor : float, default 2.0
        λ·nq/threshold.

    References
    ----------
    .. [1] N. Srebro, J. Rennie, T. Jaakkola, "Maximum-Margin Matrix Factorization", NIPS 2004,
       lemma 1; J.-F. Cai, E. Candès, Z. Shen, "A Singular Value Thresholding Algorithm for Matrix
       Completion", SIAM J. Optimization 20 (2010), theorem 2.1.
    """
    rows, outputs = 6, len(SINGULAR_VALUES)
    draw = np.random.default_rng(0)
    left, _ = np.linalg.qr(draw.normal(size=(rows, outputs)))
    right, _ = np.linalg.qr(draw.normal(size=(outputs, outputs)))
    target = left * SINGULAR_VALUES @ right
    study = Study(
        problem=problem(np.eye(rows), target),
        network=lambda: nn.Sequential(
            nn.Linear(rows, outputs, bias=False, dtype=torch.float64),
            nn.Linear(outputs, outputs, bias=False, dtype=torch.float64),
        ),
        recipe=Recipe(
            lr=1.0,
            epochs=3000,
            batch_size=rows,
            optimizer="sgd",
            shuffle=False,
            options={"momentum": 0.9},
        ),
        decay=Decay(penalty=L2()),
        weight_decay=(0.0, *(factor * t / (rows * outputs) for t in THRESHOLDS)),
        seeds=(0, 1, 2),
        record=2,
    )
    _, trained = run(study)
    first, second = (trained.weights[f"{layer}.weight"].numpy() for layer in (0, 1))
    found = np.linalg.svd(second @ first, compute_uv=False).reshape(len(THRESHOLDS) + 1, -1, 4)
    known = np.maximum(SINGULAR_VALUES - np.array([0.0, *THRESHOLDS])[:, None], 0)
    distance = np.abs(found - known[:, None]).max() / SINGULAR_VALUES[0]
    return Outcome("nuclear", (at_most("singular_values", distance, TOLERANCE),))
