"""The chapter and its control: what the demo says of them."""

import numpy as np
import pytest
import xarray as xr

from weightdecay.reference.d2l import demo
from weightdecay.reference.d2l._demo import remains, verdicts


@pytest.fixture(scope="module")
def small():
    return demo(2, (0.0, 0.3, 3.0, 10.0), draws=12)


def test_decay_helps_the_random_start_by_orders_of_magnitude(small):
    said = small.summary["verdict"]["normal"]
    assert said["label"] == "helps"
    assert said["effect"] / said["baseline"] < -0.999
    assert said["weight_decay"] == 10


def test_a_start_from_zero_does_as_well_without_any_decay(small):
    said = small.summary["verdict"]["zero_against_book"]
    assert said["interval"][1] < said["margin"]
    assert said["judged_on"] == 12
    losses = small.summary["study"]["zero"]["validation_loss"]
    assert max(losses) / min(losses) < 1.25


def test_the_chapter_s_lambda_is_always_there():
    assert demo(1, (0.0, 0.1), draws=2).summary["study"]["weight_decay"] == [0.0, 0.1, 3.0]


def test_means_are_over_draws_with_seeds_averaged_inside(small):
    study, results = small.summary["study"], small.results
    assert (study["seeds"], study["draws"]) == (2, 12)
    for start in ("normal", "zero"):
        by_draw = results.null_space.sel(start=start).mean("seed")
        np.testing.assert_allclose(study[start]["null_space"], by_draw.mean("draw"))
        low, high = np.array(study[start]["validation_loss_interval"]).T
        assert (low < study[start]["validation_loss"]).all()
        assert (high > study[start]["validation_loss"]).all()


def test_progress_comes_to_its_end():
    told = []
    demo(1, (0.0,), lambda part, done, total: told.append((part, done, total)), draws=2)
    assert {part for part, _, _ in told} == {"d2l"}
    (total,) = {total for _, _, total in told}
    assert sum(done for _, done, _ in told) == total == 2 * 2 * 1 * 2 * 100


def test_remains_is_the_product_of_the_steps():
    assert remains([0.0]).tolist() == [1.0]
    product = 1.0
    for _ in range(2000):
        product *= 1 - 0.003 * 0.3
    assert float(remains([0.3])[0]) == pytest.approx(product)


def synthetic(effect, draws=40):
    """Results in which λ = 1 changes the loss from either start by about `effect`."""
    noise = np.random.default_rng(3)
    base = 10 + noise.normal(0, 1, (2, 1, 1, draws))
    change = np.array([0.0, effect, 5.0])[None, :, None, None]
    seeds = noise.normal(0, 0.1, (2, 3, 4, draws))
    loss = (base + change + seeds)[..., None]
    return xr.Dataset(
        {"validation_loss": (("start", "weight_decay", "seed", "draw", "epoch"), loss)},
        coords={
            "start": ["normal", "zero"],
            "weight_decay": [0.0, 1.0, 3.0],
            "draw": range(draws),
        },
    )


@pytest.mark.parametrize(("effect", "label"), [(-3, "helps"), (3, "hurts"), (0, "no_difference")])
def test_verdict(effect, label):
    said = verdicts(synthetic(effect))
    for start in ("normal", "zero"):
        assert said[start]["label"] == label
        assert said[start]["weight_decay"] == 1
        low, high = said[start]["interval"]
        assert low <= effect <= high


def test_choosing_never_sees_the_judges():
    results = synthetic(-3)
    other = results.copy(deep=True)
    other.validation_loss[:, 1, :, 1::2] += 500
    assert verdicts(other)["normal"]["weight_decay"] == 1
    assert verdicts(other)["normal"]["label"] == "hurts"


def test_a_judged_run_that_diverged_leaves_nothing_to_be_told():
    results = synthetic(-3)
    results.validation_loss[0, 1, 0, 1] = np.nan
    said = verdicts(results)
    assert (said["normal"]["label"], said["normal"]["failed"]) == ("cannot_tell", 1)
    assert said["zero"]["label"] == "helps"
