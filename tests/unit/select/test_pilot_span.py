"""Where a path begins and ends, found from synthetic pilots."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weightdecay.select import span

quick = settings(deadline=None, derandomize=True, max_examples=150)
CONSTANT = 2.0
NAN = np.nan


@st.composite
def pilots(draw):
    """Losses that rise with λ from a good fit to a constant's, with dead and diverged members."""
    L = draw(st.integers(4, 9))
    path = np.array([0.0, *10.0 ** np.arange(-6, L - 7)])
    fit = np.array(draw(st.lists(st.floats(0.05, 1.0), min_size=1, max_size=5)))
    rise = sorted(draw(st.lists(st.floats(0, 1.2), min_size=L - 2, max_size=L - 2)))
    share = np.minimum([0.0, 0.0, *rise], 1.0)[:, None]
    loss = fit * (1 - share) + CONSTANT * share
    dead = np.full((L, draw(st.integers(0, 2))), draw(st.floats(CONSTANT, 3.0)))
    broken = np.full((L, draw(st.integers(0, 2))), NAN)
    broken[: draw(st.integers(0, L))] = 0.5
    return path, np.hstack([loss, dead, broken])


def learns(losses):
    return any(value < 0.99 * CONSTANT for value in losses)


def change(loss, i):
    """Median over the members that learn at λ = 0, those that have diverged left out."""
    pairs = [(a, b) for a, b in zip(loss[0], loss[i], strict=True) if a < 0.99 * CONSTANT]
    return np.median([abs(b / a - 1) for a, b in pairs if b == b])


@quick
@given(pilots())
def test_both_ends_lie_on_the_path(pilot):
    path, loss = pilot
    low, high = span(path, loss, CONSTANT)
    assert low in path
    assert high in path
    assert 0 < low < high


@quick
@given(pilots())
def test_high_is_the_first_at_which_nobody_learns(pilot):
    path, loss = pilot
    high = path.tolist().index(span(path, loss, CONSTANT)[1])
    assert all(learns(loss[i]) for i in range(high))
    assert not learns(loss[high]) or high == len(path) - 1


@quick
@given(pilots())
def test_low_is_the_last_that_changes_nothing(pilot):
    path, loss = pilot
    low, high = (path.tolist().index(end) for end in span(path, loss, CONSTANT))
    if low > 1:
        assert all(change(loss, i) <= 0.05 for i in range(1, low + 1))
    assert low + 1 == high or change(loss, low + 1) > 0.05


@quick
@given(pilots(), st.data())
def test_the_order_of_the_members_does_not_matter(pilot, data):
    path, loss = pilot
    moved = loss[:, data.draw(st.permutations(range(loss.shape[1])))]
    assert span(path, moved, CONSTANT) == span(path, loss, CONSTANT)


@quick
@given(pilots(), st.integers(-10, 10))
def test_the_unit_of_the_loss_does_not_matter(pilot, power):
    path, loss = pilot
    assert span(path, loss * 2.0**power, CONSTANT * 2.0**power) == span(path, loss, CONSTANT)


PATH = [0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0]
EXAMPLES = {
    "as a textbook": ([[0.5], [0.51], [0.52], [0.9], [2.0], [2.0]], (1e-3, 0.1)),
    "one member holds out": (
        [[0.5] * 3, [0.5] * 3, [0.6] * 3, [2, 2, 1.9], [2, 2, 1.5], [2, 2, 2]],
        (1e-4, 1.0),
    ),
    "the dead do not count as learning": (
        [[0.5, 2.0], [0.5, 2.0], [0.6, 2.0], [2.0, 2.0], [2.0, 2.0], [2.0, 2.0]],
        (1e-4, 1e-2),
    ),
    "the dead that come back hold out": (
        [[0.5, 2.0], [0.5, 2.0], [0.6, 2.0], [2.0, 0.7], [2.0, 2.0], [2.0, 2.0]],
        (1e-4, 0.1),
    ),
    "acts from the first": ([[0.5], [0.6], [0.7], [0.8], [0.9], [2.0]], (1e-4, 1.0)),
    "nothing collapses": ([[0.5], [0.5], [0.51], [0.6], [0.7], [0.8]], (1e-3, 1.0)),
    "nobody learns": ([[2.0], [2.0], [2.1], [2.0], [2.0], [2.0]], (1e-4, 1e-4)),
    "a diverged member is no change": (
        [[0.5, 0.5], [0.5, NAN], [0.5, NAN], [0.9, NAN], [2.0, NAN], [2.0, NAN]],
        (1e-3, 0.1),
    ),
    "diverged at the start": (
        [[0.5, NAN], [0.5, 0.5], [0.6, 0.5], [2.0, 2.0], [2.0, 2.0], [2.0, 2.0]],
        (1e-4, 1e-2),
    ),
    "better than without": ([[0.5], [0.5], [0.4], [0.8], [2.0], [2.0]], (1e-4, 0.1)),
}


@pytest.mark.parametrize(("loss", "ends"), EXAMPLES.values(), ids=EXAMPLES)
def test_example(loss, ends):
    assert span(PATH, loss, CONSTANT) == ends
