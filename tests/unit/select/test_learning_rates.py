"""Learning rate and λ chosen together, and what decay is held against at its own best rate."""

from itertools import pairwise

import numpy as np
import pytest

from weightdecay.select import by_folds, by_rows, by_seeds, choose, judge
from weightdecay.select._choice import choose_without

RATES, LAMBDAS, SEEDS, FOLDS, INNER, ROWS = 3, 4, 5, 4, 3, 40
LR = np.repeat([0.001, 0.01, 0.1], LAMBDAS)
FOLD = np.repeat(np.arange(FOLDS), ROWS // FOLDS)
RULES = ["min", "1se"]


class Drawn:
    """Errors in which rows, seeds and, if asked for, learning rates and λs have effects."""

    def __init__(self, seed, of_rate=(0.0, 0.0, 0.0), of_decay=0.0):
        draw = np.random.default_rng(seed)
        decay = of_decay * (np.tile(np.arange(LAMBDAS), RATES) > 0)
        level = 5 + np.repeat(of_rate, LAMBDAS) + decay

        def noise(*shape):
            return draw.normal(size=(1, *shape)) + 0.3 * draw.normal(size=(len(LR), *shape))

        self.rows = level[:, None, None] + noise(SEEDS, ROWS)
        self.inner = level[:, None, None, None] + 0.3 * noise(SEEDS, FOLDS, INNER)
        self.folds = self.rows.reshape(len(LR), SEEDS, FOLDS, -1).mean(axis=3)
        self.seeds = self.rows.mean(axis=2)

    def judged(self, places=slice(None), lr=LR, rule="min"):
        """What each of the three says of the pairs at `places`."""
        rows, inner, folds, seeds = (
            part[places] for part in (self.rows, self.inner, self.folds, self.seeds)
        )
        rates = None if lr is None else lr[places]
        return [
            by_rows(rows, inner, FOLD, np.arange(ROWS), rule, lr=rates).verdict,
            by_folds(folds, inner, rule, overlap=1 / 3, lr=rates).verdict,
            by_seeds(seeds, rule, lr=rates).verdict,
        ]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(5))
def test_with_one_learning_rate_it_is_the_verdict_of_a_path(seed, rule):
    drawn = Drawn(seed)
    one = slice(LAMBDAS, 2 * LAMBDAS)
    assert drawn.judged(one, rule=rule) == drawn.judged(one, lr=None, rule=rule)
    assert choose(drawn.seeds[one], rule, LR[one]) == choose(drawn.seeds[one], rule)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_learning_rates_does_not_matter(seed, rule):
    drawn = Drawn(seed, (0.0, 0.1, 0.2), -0.2)
    turned = np.roll(np.arange(len(LR)), LAMBDAS)
    assert drawn.judged(turned, rule=rule) == drawn.judged(rule=rule)
    chosen = choose(drawn.seeds, rule, LR)
    assert turned[choose(drawn.seeds[turned], rule, LR[turned])] == chosen


@pytest.mark.parametrize("worse", [(0, 3, 3), (3, 0, 3), (3, 3, 0)])
def test_what_is_due_to_the_learning_rate_is_not_put_down_to_decay(worse):
    drawn = Drawn(0, worse)
    for verdict in drawn.judged():
        assert verdict.label in ("no_difference", "cannot_tell")
        assert verdict.baseline == pytest.approx(5, abs=0.6)
    # Held against λ = 0 at another learning rate, the same errors would look like an effect.
    other = LAMBDAS * int(np.argmax(worse))
    naive = judge(drawn.seeds[other], drawn.seeds[choose(drawn.seeds, lr=LR)])
    assert naive.label == "helps"


@pytest.mark.parametrize(("of_decay", "label"), [(-1.0, "helps"), (1.0, "hurts")])
def test_what_is_due_to_decay_is_found_at_any_learning_rate(of_decay, label):
    for verdict in Drawn(1, (0.5, 0.0, 2.0), of_decay).judged():
        assert verdict.label == label
        assert verdict.effect.estimate == pytest.approx(of_decay, abs=0.3)


def test_it_seldom_finds_what_is_not_there():
    tries = 200
    found = np.array(
        [
            [
                verdict.label in ("helps", "hurts")
                for verdict in Drawn(seed, (0, 0.05, 0.2)).judged()
            ]
            for seed in range(tries)
        ]
    )
    # 5 %, and three standard errors of that.
    assert (found.mean(axis=0) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / tries)).all()


def test_each_side_gets_its_own_learning_rate():
    # Without decay the second is better, with it the first.
    errors = np.array([[5.0], [1.0], [3.0], [4.0]]).repeat(6, axis=1)
    errors += 0.01 * np.arange(6)
    lr = [0.1, 0.1, 0.2, 0.2]
    chosen, verdict = by_seeds(errors, lr=lr)
    assert chosen == 1
    assert verdict.baseline == pytest.approx(3.03)
    assert verdict.effect.estimate == pytest.approx(-2)


def test_1se_goes_to_larger_lambdas_of_the_best_learning_rate_alone():
    means = np.array([5.0, 4.0, 4.2, 6.0, 5.0, 4.1, 4.1, 4.1])
    spread = np.array([-0.5, 0.5, 0.0, 0.0])
    lr = np.repeat([0.1, 0.01], 4)
    errors = means[:, None] + spread
    assert choose(errors, "min", lr) == 1
    assert choose(errors, "1se", lr) == 2
    assert choose(errors, "1se") == 7


def test_a_learning_rate_at_which_runs_fail_is_not_chosen():
    drawn = Drawn(2, (0.0, 0.0, -3.0))
    drawn.inner[LR == 0.1, 0, :, 0] = np.inf
    drawn.seeds[LR == 0.1, 0] = np.nan
    assert drawn.judged() == drawn.judged(LR < 0.1)
    assert LR[choose(drawn.seeds, lr=LR)] < 0.1


def test_where_none_trains_without_decay_nothing_is_told():
    drawn = Drawn(3)
    first = np.flatnonzero(np.diff(LR, prepend=0))
    drawn.rows[first, 0] = drawn.folds[first, 0] = drawn.seeds[first, 1] = np.nan
    drawn.inner[first, 0] = np.nan
    for verdict in drawn.judged():
        assert verdict.label == "cannot_tell"
        assert verdict.failed > 0


def test_without_decay_the_one_with_the_fewest_failures_stands_where_each_has_some():
    errors = np.ones((4, 5))
    errors[0, :3] = errors[2, :2] = np.nan
    assert choose_without(errors, [1, 1, 2, 2]) == 2


@pytest.mark.parametrize("lr", [[0.1], np.ones((12, 1)), np.ones(13)])
def test_of_another_shape_they_are_refused(lr):
    drawn = Drawn(0)
    with pytest.raises(ValueError, match="lr"):
        choose(drawn.seeds, lr=lr)
    with pytest.raises(ValueError, match="lr"):
        by_rows(drawn.rows, drawn.inner, FOLD, np.arange(ROWS), lr=lr)


def test_a_better_learning_rate_without_decay_only_lessens_what_decay_does():
    effects = []
    for gain in (0.0, 0.5, 1.0):
        errors = np.array([[5.0], [3.0], [5.0 - gain], [9.0]]).repeat(4, axis=1)
        effects.append(by_seeds(errors, lr=[1, 1, 2, 2]).verdict.effect.estimate)
    assert all(a < b for a, b in pairwise(effects))
