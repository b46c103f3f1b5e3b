"""Kinds of decay, each at the λ that it chose: pair by pair, and against none."""

import doctest
from itertools import combinations

import numpy as np
import pytest

from weightdecay.select import (
    by_folds,
    by_rows,
    by_seeds,
    compare_by_folds,
    compare_by_rows,
    compare_by_seeds,
)

SEEDS, FOLDS, INNER, ROWS = 10, 4, 3, 40
FOLD = np.repeat(np.arange(FOLDS), ROWS // FOLDS)
WAYS = ["rows", "folds", "seeds"]


class Drawn:
    """Kinds with errors in which rows and seeds have effects, and λ = 0 is the same for all.

    Parameters
    ----------
    lengths : sequence of C ints
        L of each kind: their paths may have different lengths.
    effects : sequence of C floats
        Of any λ > 0 of each kind on the mean error.
    """

    def __init__(self, seed, lengths=(3, 4), effects=None):
        draw = np.random.default_rng(seed)
        effects = effects or [0.0] * len(lengths)

        def noise(*shape):
            common, none = draw.normal(size=(2, 1, *shape))
            return [
                5 + common + 0.3 * np.concatenate([none, effect / 0.3 + own])
                for effect, own in (
                    (effect, draw.normal(size=(length - 1, *shape)))
                    for length, effect in zip(lengths, effects, strict=True)
                )
            ]

        self.rows = noise(SEEDS, ROWS)
        self.inner = noise(SEEDS, FOLDS, INNER)
        self.folds = [e.reshape(len(e), SEEDS, FOLDS, -1).mean(axis=3) for e in self.rows]
        self.seeds = [e.mean(axis=2) for e in self.rows]

    def pairs(self, way, places=None, rule="min", **how):
        """What is said of every two of the kinds at `places`."""
        places = range(len(self.rows)) if places is None else places
        rows, inner, folds, seeds = (
            [part[k] for k in places] for part in (self.rows, self.inner, self.folds, self.seeds)
        )
        if way == "rows":
            return compare_by_rows(rows, inner, FOLD, np.arange(ROWS), rule, **how)
        if way == "folds":
            return compare_by_folds(folds, inner, rule, overlap=1 / 3, **how)
        return compare_by_seeds(seeds, rule, **how)

    def alone(self, way, k, rule="min", **how):
        """The verdict on one kind against none."""
        if way == "rows":
            return by_rows(self.rows[k], self.inner[k], FOLD, np.arange(ROWS), rule, **how).verdict
        if way == "folds":
            return by_folds(self.folds[k], self.inner[k], rule, overlap=1 / 3, **how).verdict
        return by_seeds(self.seeds[k], rule, **how).verdict


@pytest.mark.parametrize("rule", ["min", "1se"])
@pytest.mark.parametrize("way", WAYS)
def test_one_kind_has_the_verdict_of_its_path(way, rule):
    for seed in range(5):
        drawn = Drawn(seed)
        (pairing,) = drawn.pairs(way, [1], rule)
        assert (pairing.first, pairing.second) == (0, 1)
        assert pairing.verdict == drawn.alone(way, 1, rule)


@pytest.mark.parametrize("way", WAYS)
def test_against_none_each_has_its_own_verdict_at_the_level_of_all(way):
    drawn = Drawn(0, (3, 4, 2))
    found = drawn.pairs(way)
    assert [(p.first, p.second) for p in found] == list(combinations(range(4), 2))
    for kind in range(3):
        alone = drawn.alone(way, kind, level=1 - 0.05 / 6)
        assert found[kind].verdict == alone
        narrow = drawn.alone(way, kind).effect
        assert alone.effect.low < narrow.low < narrow.high < alone.effect.high


@pytest.mark.parametrize("way", WAYS)
def test_two_identical_kinds_differ_by_nothing_at_all(way):
    found = {(p.first, p.second): p.verdict for p in Drawn(0).pairs(way, [0, 0])}
    # A few folds or seeds that agree, even on 0, may do so by chance.
    few = way != "rows"
    assert found[1, 2].effect.estimate == 0.0
    assert found[1, 2].label == ("cannot_tell" if few else "no_difference")
    assert few or found[1, 2].effect == (0.0, 0.0, 0.0)
    assert found[0, 1] == found[0, 2]


@pytest.mark.parametrize("rule", ["min", "1se"])
@pytest.mark.parametrize("way", WAYS)
def test_the_order_of_kinds_does_not_matter(way, rule):
    drawn = Drawn(1, (3, 4, 2))
    order = [2, 0, 1]
    here = {(p.first, p.second): p.verdict for p in drawn.pairs(way, rule=rule)}
    for pairing in drawn.pairs(way, order, rule):
        a, b = (k and order[k - 1] + 1 for k in (pairing.first, pairing.second))
        there = pairing.verdict
        if a < b:
            assert there == here[a, b]
        else:
            low, high = here[b, a].effect.low, here[b, a].effect.high
            assert (there.effect.low, there.effect.high) == pytest.approx((-high, -low))


@pytest.mark.parametrize("way", WAYS)
def test_what_helps_is_found_and_that_it_is_the_better_of_two(way):
    drawn = Drawn(0, (3, 3), (-1.5, 0.0))
    labels = [p.verdict.label for p in drawn.pairs(way)]
    assert labels[0] == "helps"
    assert labels[2] == "hurts"


@pytest.mark.parametrize("way", WAYS)
def test_together_they_find_a_difference_where_there_is_none_in_one_case_of_twenty(way):
    cases = 150
    wrong = sum(
        any(p.verdict.label in ("helps", "hurts") for p in Drawn(seed, (3, 4, 3)).pairs(way))
        for seed in range(cases)
    )
    assert wrong / cases < 0.05 + 2 * np.sqrt(0.05 * 0.95 / cases)


def test_single_intervals_would_find_one_more_often():
    cases = 150
    wrong = sum(
        any(
            p.verdict.label in ("helps", "hurts")
            for p in Drawn(seed, (3, 4, 3)).pairs("seeds", level=1 - 6 * 0.05)
        )
        for seed in range(cases)
    )
    assert wrong / cases > 0.1


@pytest.mark.parametrize("way", WAYS)
def test_a_kind_that_failed_everywhere_leaves_the_others_as_they_are(way):
    drawn = Drawn(0, (3, 3, 3))
    before = {(p.first, p.second): p.verdict for p in drawn.pairs(way)}
    for part in (drawn.rows, drawn.inner, drawn.folds, drawn.seeds):
        part[1][1:] = np.inf
    for pairing in drawn.pairs(way):
        if 2 in (pairing.first, pairing.second):
            assert pairing.verdict.label == "cannot_tell"
            assert pairing.verdict.failed > 0
        else:
            assert pairing.verdict == before[pairing.first, pairing.second]


@pytest.mark.parametrize("way", WAYS)
def test_without_a_kind_there_is_nothing_to_compare(way):
    with pytest.raises(ValueError, match="there is no kind"):
        Drawn(0).pairs(way, [])


@pytest.mark.parametrize(
    ("errors", "inner", "said"),
    [
        ((2, 4), (2, 1, 2, 2), "errors"),
        ((1, 1, 4), (1, 1, 2, 2), "errors"),
        ((2, 1, 4), (2, 2, 2, 2), "inner"),
        ((2, 1, 3), (2, 1, 2, 2), "fold|inner"),
    ],
)
def test_refuses_shapes_that_do_not_fit(errors, inner, said):
    tables = [np.ones(errors)], [np.ones(inner)]
    with pytest.raises(ValueError, match=said):
        compare_by_rows(*tables, [0, 0, 1, 1], range(4))
    with pytest.raises(ValueError, match=said):
        compare_by_folds(*tables, overlap=0.5)


def test_refuses_seeds_of_a_path_that_is_none():
    with pytest.raises(ValueError, match="errors"):
        compare_by_seeds([np.ones((1, 4))])


def test_the_example_of_the_docstring_runs():
    import weightdecay.select._side_by_side as module

    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
