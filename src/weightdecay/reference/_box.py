"""Adam with decay on the step ends on the walls of a box, as AdamW does."""

import numpy as np

from weightdecay._run import run
from weightdecay.decay import L2, Coupling, Decay
from weightdecay.reference._linear import linear, problem
from weightdecay.reference._reference import Outcome, at_most
from weightdecay.study import Recipe, Study

TOLERANCE = 1e-3


def box(on: Coupling = "step") -> Outcome:
    r"""Measure ‖w‖_∞·λ, and how far w is from the best point of the box.

    If it converges at all, full-batch AdamW does so to a KKT point of
    :math:`\min L(w)` subject to :math:`\|w\|_\infty \le 1/λ` [1]_.

    Parameters
    ----------
    on : Coupling, default "step"
        Where the decay enters.

    References
    ----------
    .. [1] S. Xie, Z. Li, "Implicit Bias of AdamW: ℓ∞ Norm Constrained Optimization", ICML 2024,
       arXiv 2404.04454.
    """
    from scipy.optimize import lsq_linear

    rows, columns = 40, 6
    draw = np.random.default_rng(0)
    x = draw.normal(size=(rows, columns))
    y = x @ np.array([9.0, -8.0, 7.0, -10.0, 0.5, -0.3]) + draw.normal(size=rows)
    weight_decay = np.array([0.25, 0.5, 1.0])
    study = Study(
        problem=problem(x, y[:, None]),
        network=linear(columns, bias=False),
        recipe=Recipe(lr=0.0005, epochs=100000, batch_size=rows, optimizer="adam", shuffle=False),
        decay=Decay(penalty=L2(), on=on),
        weight_decay=(0.0, *weight_decay),
        seeds=(0,),
        record=2,
    )
    _, trained = run(study)
    found = trained.weights["0.weight"].numpy()[1:, 0]  # [L − 1, P]
    walls = 1 / weight_decay
    best = np.array([lsq_linear(x, y, (-wall, wall), tol=1e-12).x for wall in walls])
    return Outcome(
        "box",
        (
            at_most("norm", np.abs(np.abs(found).max(axis=1) / walls - 1).max(), TOLERANCE),
            at_most("best_point", (np.abs(found - best).max(axis=1) / walls).max(), TOLERANCE),
        ),
    )
