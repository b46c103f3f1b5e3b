"""A linear network with a proximal L1 is the lasso, zeros included."""

import numpy as np

from weightdecay._run import run
from weightdecay.decay import L1, Coupling, Decay
from weightdecay.reference._linear import linear, problem, relative, standardised
from weightdecay.reference._reference import Outcome, at_most
from weightdecay.study import Recipe, Study

TOLERANCE = 1e-6
MOMENTUM = 0.9


def lasso(factor: float = 2.0, on: Coupling = "prox", dampening: float = MOMENTUM) -> Outcome:
    """Compare trained coefficients with scikit-learn's ``lasso_path``.

    Parameters
    ----------
    factor : float, default 2.0
        λ/alpha. ``nn.MSELoss`` has no ½, and the lasso's loss is RSS/(2N).
    on : Coupling, default "prox"
        Where the penalty enters.
    dampening : float, default MOMENTUM
        Of the momentum.
    """
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import lasso_path

    x, y = load_diabetes(return_X_y=True)
    x, y = standardised(x), y - y.mean()
    rows, columns = x.shape
    greatest = np.abs(x.T @ y).max() / rows
    # On either side of the least alpha that leaves nothing, and further down.
    alphas = greatest * np.array([0.01, 0.03, 0.1, 0.3, 0.7, 0.999, 1.001])
    study = Study(
        problem=problem(x, y[:, None]),
        network=linear(columns, bias=False),
        # Dampened, momentum is a mean of gradients. Undampened it is their sum, and a proximal step
        # of ηλ beside 1/(1 − momentum) times the gradient solves the lasso of another λ.
        recipe=Recipe(
            lr=3 / np.linalg.eigvalsh(2 * x.T @ x / rows)[-1],
            epochs=800,
            batch_size=rows,
            optimizer="sgd",
            shuffle=False,
            options={"momentum": MOMENTUM, "dampening": dampening},
        ),
        decay=Decay(penalty=L1(), on=on),
        weight_decay=(0.0, *(factor * alphas)),
        seeds=(0,),
        record=2,
    )
    _, trained = run(study)
    found = trained.weights["0.weight"].numpy()[1:, 0]  # [L − 1, P]
    _, known, _ = lasso_path(x, y, alphas=alphas[::-1], tol=1e-12, max_iter=1_000_000)
    known = known.T[::-1]
    return Outcome(
        "lasso",
        (
            at_most("coefficients", relative(found[:-1], known[:-1]), TOLERANCE),
            at_most("zeros", int(((found == 0) != (known == 0)).sum()), 0),
            at_most("all_zero", int(np.count_nonzero(found[-1])), 0),
        ),
    )
