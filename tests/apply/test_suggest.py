"""A λ from a time-scale, and its transfer."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import weightdecay as wd
from weightdecay.errors import InputError

TRAINING = {"rows": 50_000, "batch_size": 500, "epochs": 100.0, "lr": 1e-3}
trainings = st.fixed_dictionaries(
    {
        "rows": st.integers(1000, 10**9),
        "batch_size": st.integers(1, 1000),
        "epochs": st.floats(1, 1000),
        "lr": st.floats(1e-6, 1),
    }
)


@given(training=trainings)
def test_the_range_is_from_the_whole_training_to_one_epoch(training):
    advice = wd.suggest(**training)
    assert advice.low <= advice.weight_decay <= advice.high
    assert advice.within
    known = {name: training[name] for name in ("rows", "batch_size", "lr")}
    epochs = [
        wd.convert(value, "adamw", "ema-epochs", **known)
        for value in (advice.low, advice.weight_decay, advice.high)
    ]
    assert epochs == pytest.approx([training["epochs"], advice.timescale, 1])


@given(training=trainings, epochs=st.floats(0.001, 0.999))
def test_less_than_an_epoch_is_averaged_over_whole(training, epochs):
    advice = wd.suggest(**{**training, "epochs": epochs})
    assert advice.timescale == epochs
    assert advice.low == advice.high == pytest.approx(advice.weight_decay)
    assert not advice.within  # not over an epoch


@given(training=trainings, timescale=st.floats(0.01, 1000))
def test_within_is_from_an_epoch_to_the_whole_training(training, timescale):
    by_timescale = wd.suggest(**training, timescale=timescale)
    by_weight_decay = wd.suggest(**training, weight_decay=by_timescale.weight_decay)
    assume(all(not math.isclose(timescale, end) for end in (1, training["epochs"])))
    assert by_timescale.within == by_weight_decay.within == (1 <= timescale <= training["epochs"])
    assert by_timescale.low <= by_timescale.high


@given(training=trainings, epochs=st.floats(0.001, 1000))
def test_both_ends_are_within(training, epochs):
    training = {**training, "epochs": epochs}
    advice = wd.suggest(**training)
    for weight_decay in (advice.low, advice.high):
        assert wd.suggest(**training, weight_decay=weight_decay).within == (epochs >= 1)


@given(training=trainings, other=trainings)
def test_transfer_keeps_the_time_scale_in_epochs(training, other):
    there = wd.suggest(**training).transfer(**other)
    known = {name: other[name] for name in ("rows", "batch_size", "lr")}
    epochs = wd.convert(there.weight_decay, "adamw", "ema-epochs", **known)
    assert epochs == pytest.approx(math.sqrt(training["epochs"]))
    back = there.transfer(**training)
    assert back.weight_decay == pytest.approx(wd.suggest(**training).weight_decay)


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        ({"batch_size": 1000}, 2),
        ({"rows": 500_000}, 0.1),
        ({"lr": 5e-4}, 2),
        ({"epochs": 400.0}, 1),
        ({"width": 4}, 4),
    ],
)
def test_what_a_change_does(change, factor):
    known = wd.suggest(**TRAINING, weight_decay=0.05)
    there = known.transfer(**change)
    assert known.weight_decay == 0.05
    assert there.weight_decay == pytest.approx(factor * 0.05)


def test_wider_networks_under_mup_have_the_smaller_learning_rate():
    assert wd.suggest(**TRAINING).transfer(width=8).lr == 1e-3 / 8


def test_says_where_the_rule_of_thumb_does_not_hold():
    assert not wd.suggest(**TRAINING, weight_decay=1e-4).within  # averages over 10,000 epochs
    assert not wd.suggest(**TRAINING, timescale=0.1).within
    assert not wd.suggest(**TRAINING).transfer(epochs=5).within  # 10 epochs of average
    assert wd.suggest(**TRAINING, timescale=100).within


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rows": 0}, "rows"),
        ({"rows": 10.5}, "rows"),
        ({"batch_size": -1}, "batch_size"),
        ({"epochs": 0}, "epochs"),
        ({"lr": math.nan}, "lr"),
        ({"lr": True}, "lr"),
        ({"rows": "1"}, "rows: '1'"),
        ({"batch_size": None}, "batch_size: None"),
        ({"epochs": [1]}, "epochs"),
        ({"timescale": "2"}, "timescale: '2'"),
        ({"timescale": 0}, "timescale"),
        ({"weight_decay": 0}, "weight_decay"),
        ({"weight_decay": 0.1, "timescale": 2}, "timescale"),
    ],
)
def test_bad_input_is_named(change, named):
    with pytest.raises(InputError, match=f"^{named}"):
        wd.suggest(**{**TRAINING, **change})


@pytest.mark.parametrize("change", [{"width": 0}, {"width": 2, "lr": 0.1}])
def test_bad_transfers_are_named(change):
    with pytest.raises(InputError, match=r"^width"):
        wd.suggest(**TRAINING).transfer(**change)
