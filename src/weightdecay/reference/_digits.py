"""Handwritten digits with wrong labels: a problem where decay itself helps."""

import numpy as np
import torch
from torch import nn

from weightdecay._run import predict, run
from weightdecay.decay import L2, Decay
from weightdecay.reference._reference import Check, Outcome
from weightdecay.select import by_seeds
from weightdecay.study import Problem, Recipe, Study

FLIPPED = 0.4
TRAINING = 600
SEEDS = 12
PATH = (0.0, 0.003, 0.01, 0.03, 0.1)


def digits(path: tuple[float, ...] = PATH) -> Outcome:
    """Choose λ on the even seeds, judge it on the odd ones, by the share of digits misread.

    That decay suppresses noise on the targets is theory for linear networks [1]_; here the network
    is not linear, and that it helps is what is measured.

    Parameters
    ----------
    path : tuple of L floats, default PATH
        λ, ascending from 0: torch's ``weight_decay``, in the loss.

    References
    ----------
    .. [1] A. Krogh, J. Hertz, "A Simple Weight Decay Can Improve Generalization", NIPS 1991.
    """
    problem = _problem()
    study = Study(
        problem=problem,
        network=_network,
        recipe=Recipe(lr=0.003, epochs=60, batch_size=100),
        decay=Decay(penalty=L2()),
        weight_decay=path,
        seeds=tuple(range(SEEDS)),
        record=2,
    )
    _, trained = run(study)
    ((_, judging),) = problem.splits
    read = predict(_network(), trained, problem.x[judging]).argmax(-1)  # [K, N]
    misread = (read != problem.y[judging]).double().mean(-1).numpy().reshape(len(path), SEEDS)
    misread[(trained.diverged > 0).reshape(misread.shape)] = np.nan
    _, verdict = by_seeds(misread)
    # Below 0 the verdict is "helps"; the limit is the share that nobody would care about.
    effect = verdict.effect.high / verdict.baseline
    return Outcome("digits", (Check("effect", effect, -1.0, -verdict.margin / verdict.baseline),))


def _network() -> nn.Module:
    """Two convolutions and a linear layer on pictures of 8 × 8."""
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)),
        nn.Conv2d(1, 8, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(256, 10),
    )


def _problem() -> Problem:
    """Train on 600 digits, 40 % of them with another digit's label; judge on all others."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    draw = np.random.default_rng(0)
    order = draw.permutation(len(images))
    training, judging = order[:TRAINING], order[TRAINING:]
    flipped = draw.permutation(training)[: round(FLIPPED * TRAINING)]
    labels[flipped] = (labels[flipped] + draw.integers(1, 10, len(flipped))) % 10
    splits = ((torch.from_numpy(training), torch.from_numpy(judging)),)
    x = torch.from_numpy(images / 16).float()
    return Problem(x, torch.from_numpy(labels), splits, "cross_entropy")
