"""The chapter's claim, held against a start from zero."""

import numpy as np
from numpy.typing import NDArray

from weightdecay.reference._reference import Check, Outcome, at_most
from weightdecay.reference.d2l._experiment import WEIGHT_DECAY, Network, network, plan
from weightdecay.reference.d2l._study import study

DRAWS = 8


def d2l(normal: Network | None = None, zero: Network | None = None) -> Outcome:
    """Run the first edition's protocol from both starts, over draws of the data and of the start.

    Parameters
    ----------
    normal : callable, optional
        Makes the network of the book, weights N(0, 1) and bias 0.
    zero : callable, optional
        Makes the network of the control, all 0.
    """
    norm, loss = _medians(normal or network(1.0), seeds=8)  # [2]: λ = 0, λ = 3
    _, control = _medians(zero or network(0.0), seeds=1)
    return Outcome(
        "d2l",
        (
            Check("norm_without", float(norm[0]), 11.6, 15.1),
            Check("norm_with", float(norm[1]), 0.035, 0.044),
            at_most("decay_helps", loss[1] / loss[0], 1e-3),
            at_most("zero_start", control[0] / loss[1], 1.05),
            at_most("decay_from_zero", abs(control[1] / control[0] - 1), 0.2),
        ),
    )


def _medians(start: Network, seeds: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Median ‖w‖ and median loss on judging rows, each [2], over seeds and draws of the data."""
    found = study(plan(start, (0.0, WEIGHT_DECAY), seeds, DRAWS))
    others = ("seed", "draw")
    norm = found.weight_norm.sel(parameter="weight").median(others)
    loss = found.validation_loss.isel(epoch=-1).median(others)
    return norm.to_numpy(), loss.to_numpy()
