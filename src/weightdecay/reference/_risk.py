"""The risk of ridge regression over λ and the number of rows, and networks that reproduce it."""

from functools import partial

import numpy as np

from weightdecay._run import run
from weightdecay.decay import L2, Decay
from weightdecay.reference._descent import descent
from weightdecay.reference._linear import Array, linear, problem, relative
from weightdecay.reference._reference import Check, Outcome, at_most
from weightdecay.study import Study

#: d, s and ‖β‖.
COLUMNS, NOISE, LENGTH = 100, 0.5, 1.0
ROWS = (25, 50, 75, 90, 100, 110, 150, 200, 400)
DRAWS = 10


def risk(noise: float = NOISE, factor: float = 2.0) -> Outcome:
    r"""Check three statements on ridge risk in closed form, and networks against that form.

    x ~ N(0, I_d), y = xᵀβ + N(0, s²), β in any direction alike: the excess risk of the minimiser of
    ‖Xb − y‖² + a‖b‖² is, with γ the eigenvalues of XᵀX,
    :math:`\sum_i (a^2 \|β\|^2/d + s^2 γ_i)/(γ_i + a)^2` [1]_.

    Parameters
    ----------
    noise : float, default NOISE
        s in the statement that the best a is d·s²/‖β‖².
    factor : float, default 2.0
        λ·n/a for the networks, whose ``nn.MSELoss`` has no ½.

    References
    ----------
    .. [1] P. Nakkiran, P. Venkat, S. Kakade, T. Ma, "Optimal Regularization Can Mitigate Double
       Descent", ICLR 2021, arXiv 2003.01897.
    """
    draw = np.random.default_rng(0)
    # Nested rows: the same draws, more and more of them.
    designs = draw.normal(size=(DRAWS, ROWS[-1], COLUMNS))
    spectra: dict[int, Array] = {
        rows: np.square(np.linalg.svd(designs[:, :rows], compute_uv=False)) for rows in ROWS
    }  # [DRAWS, min(n, d)]
    stated = COLUMNS * noise**2 / LENGTH**2
    best = np.array([_best(spectra[rows]) for rows in ROWS])
    unpenalized = [excess(1e-9, spectra[rows]) for rows in ROWS]
    penalized = np.array([excess(stated, spectra[rows]) for rows in ROWS])
    return Outcome(
        "risk",
        (
            at_most("best", np.abs(best / stated - 1).max(), 1e-3),
            Check("peak", ROWS[int(np.argmax(unpenalized))], COLUMNS, COLUMNS),
            Check("falls", float(np.diff(penalized).max()), -np.inf, 0.0),
            at_most(
                "networks", max(_distance(designs[0, :n], factor) for n in (50, 100, 200)), 1e-6
            ),
        ),
    )


def excess(a: float, spectra: Array) -> float:
    """Excess risk for singular values squared [DRAWS, min(n, d)], the mean over draws."""
    signal = LENGTH**2 / COLUMNS
    seen = ((a**2 * signal + NOISE**2 * spectra) / (spectra + a) ** 2).sum(axis=1)
    # In directions that no row has, the estimate is 0.
    return float(seen.mean() + signal * (COLUMNS - spectra.shape[1]))


def _best(spectra: Array) -> float:
    """The a of least risk."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda log: excess(np.exp(log), spectra),
        bounds=(np.log(1e-2), np.log(1e4)),
        method="bounded",
        options={"xatol": 1e-8},
    )
    return float(np.exp(found.x))


def _distance(x: Array, factor: float) -> float:
    """Largest relative distance of trained coefficients from (XᵀX + aI)⁻¹Xᵀy, for x [N, P]."""
    rows, columns = x.shape
    draw = np.random.default_rng(1)
    beta = draw.normal(size=columns)
    y = x @ (LENGTH * beta / np.linalg.norm(beta)) + NOISE * draw.normal(size=rows)
    best = COLUMNS * NOISE**2 / LENGTH**2
    penalties = best * np.array([1 / 4, 1, 4])
    weight_decay = factor * penalties / rows
    gram = x.T @ x
    study = Study(
        problem=problem(x, y[:, None]),
        network=linear(columns, bias=False),
        recipe=descent(
            low=2 * max(np.linalg.eigvalsh(gram)[0], 0) / rows + weight_decay[0],
            high=2 * np.linalg.eigvalsh(gram)[-1] / rows + weight_decay[-1],
            rows=rows,
        ),
        decay=Decay(penalty=L2()),
        weight_decay=(0.0, *weight_decay),
        seeds=(0,),
        record=2,
    )
    _, trained = run(study)
    solve = partial(np.linalg.solve, b=x.T @ y)
    known = np.array([solve(gram + a * np.eye(columns)) for a in penalties])
    return relative(trained.weights["0.weight"].numpy()[1:, 0], known)
