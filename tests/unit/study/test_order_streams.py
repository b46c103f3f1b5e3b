"""The order in which members meet their rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from weightdecay.study import Order

quick = settings(deadline=None, derandomize=True, max_examples=40)
ROWS = np.array([4, 9, 2, 7, 30, 11, 5, 8])


def order(*keys, rows=ROWS, shuffle=True):
    return Order([rows] * len(keys), keys, shuffle)


@quick
@given(cuts=st.lists(st.integers(0, 4), min_size=1, max_size=8), shuffle=st.booleans())
def test_cutting_epochs_into_calls_changes_nothing(cuts, shuffle):
    asked = order((3, 1), shuffle=shuffle)
    take = asked.stream(0)
    pieces = np.concatenate([take(epochs) for epochs in cuts])
    np.testing.assert_array_equal(pieces, asked.stream(0)(sum(cuts)))


@quick
@given(after=st.integers(0, 6), shuffle=st.booleans())
def test_a_stream_may_begin_later(after, shuffle):
    asked = order((3, 1), shuffle=shuffle)
    whole = asked.stream(0)(after + 3)
    np.testing.assert_array_equal(asked.stream(0, after)(3), whole[after:])


@quick
@given(
    seed=st.integers(0, 2**32), fold=st.integers(0, 20), company=st.lists(st.integers(0, 99)),
    place=st.integers(0, 3),
)  # fmt: skip
def test_company_changes_nothing(seed, fold, company, place):
    keys = [(other, 0) for other in company]
    at = min(place, len(keys))
    keys.insert(at, (seed, fold))
    np.testing.assert_array_equal(order(*keys).stream(at)(3), order((seed, fold)).stream(0)(3))


@quick
@given(rows=st.lists(st.integers(0, 1000), min_size=1, unique=True), seed=st.integers(0, 10**6))
def test_every_epoch_takes_every_row_once(rows, seed):
    drawn = order((seed, 0), rows=np.array(rows)).stream(0)(4)
    np.testing.assert_array_equal(np.sort(drawn, axis=1), np.tile(np.sort(rows), (4, 1)))


def test_every_seed_fold_and_epoch_has_an_order_of_its_own():
    keys = [(seed, fold) for seed in range(20) for fold in range(5)]
    drawn = order(*keys, rows=np.arange(30))
    epochs = {tuple(epoch) for k in range(len(keys)) for epoch in drawn.stream(k)(3)}
    assert len(epochs) == 3 * len(keys)


def test_every_place_is_equally_likely():
    drawn = order((0, 0)).stream(0)(4000)
    for column in (0, 3, 7):
        counts = np.unique(drawn[:, column], return_counts=True)[1]
        assert len(counts) == len(ROWS)
        assert stats.chisquare(counts).pvalue > 1e-3


def test_streams_of_one_member_do_not_disturb_each_other():
    shuffled = order((1, 0))
    first, second = shuffled.stream(0), shuffled.stream(0)
    one = [first(1), first(2)]
    np.testing.assert_array_equal(np.concatenate(one), np.concatenate([second(2), second(1)]))


def test_members_keep_their_order_in_a_part():
    whole = Order([ROWS, ROWS[:5], ROWS[2:]], [(0, 0), (7, 1), (7, 2)], shuffle=True)
    part = whole.only([2, 1])
    for k, member in enumerate((2, 1)):
        np.testing.assert_array_equal(part.stream(k)(3), whole.stream(member)(3))


def test_without_shuffling_rows_stay_as_they_stand():
    np.testing.assert_array_equal(order((5, 0), shuffle=False).stream(0)(3), np.tile(ROWS, (3, 1)))


@pytest.mark.parametrize("shuffle", [True, False])
def test_the_members_own_rows_are_left_alone(shuffle):
    rows = ROWS.copy()
    order((0, 0), rows=rows, shuffle=shuffle).stream(0)(5)
    np.testing.assert_array_equal(rows, ROWS)
