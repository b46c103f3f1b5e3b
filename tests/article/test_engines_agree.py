"""Over the whole article protocol, lanes and torch give the same distribution over seeds.

Torch is vmap here, compiled, for loop takes tens of times as long; that these agree step by step
is in tests/contracts.
"""

import numpy as np
import pytest
from compilers import needs_a_compiler
from scipy import stats

from weightdecay.engines import lanes, vmap
from weightdecay.reference.article import _meant
from weightdecay.study import Trained

PATH = (0.0, 3e-3)
SEEDS = 16


def _losses(trained: Trained) -> np.ndarray:
    """Training and test loss after the last epoch [K, 2]."""
    return np.stack([trained.train_loss[:, -1], trained.test_loss[:, -1]], axis=-1)


@pytest.mark.slow
@needs_a_compiler
@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")  # as its compiler is imported
def test_distributions_over_seeds() -> None:
    population = _meant.plan(PATH, SEEDS, record=2).plan()
    oracle = _losses(vmap.train(population, compile=True))
    found = _losses(lanes.train(population))
    # 30,000 steps in float32 amplify the rounding, so a member's path may part from its twin's,
    # but a dead network is dead in both, and the living ones are spread alike.
    _, y = _meant.experiment.training_data()
    silent = float(y.square().mean())
    dead = np.isclose(found[:, 0], silent, rtol=1e-6)
    np.testing.assert_array_equal(dead, np.isclose(oracle[:, 0], silent, rtol=1e-6))
    assert 0 < dead.sum() < len(dead)
    for part in np.split(np.arange(len(population)), len(PATH)):
        alive = part[~dead[part]]
        for column in range(2):
            a, b = found[alive, column], oracle[alive, column]
            assert stats.ks_2samp(a, b).pvalue > 0.1
            assert stats.spearmanr(a, b).statistic > 0.7  # the seeds are the same
            assert abs(np.median(a) / np.median(b) - 1) < 0.1
