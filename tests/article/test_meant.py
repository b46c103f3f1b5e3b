"""The article's experiment as meant: a small study, whole."""

from itertools import pairwise

import numpy as np
import pytest
import torch
import xarray as xr

from weightdecay.reference.article import Demo, _meant, demo
from weightdecay.reference.article import _experiment as experiment
from weightdecay.reference.article._demo import verdict

PATH = (0.0, 1e-3, 3e-2)


@pytest.fixture(scope="module")
def small() -> Demo:
    return demo(seed=25, seeds=16, only="meant", weight_decay=PATH)


def test_one_entry_a_lambda(small: Demo) -> None:
    study = small.summary["study"]
    assert study["weight_decay"] == list(PATH)
    assert study["article_lambda"] == [value / 2 for value in PATH]
    for name in ("mse_median", "mse_mean", "train_mse_median", "weight_norm_median"):
        assert len(study[name]) == len(PATH)
    for name in ("dead_fraction", "dead", "flat", "diverged", "revived", "killed"):
        assert len(study[name]) == len(PATH)


def test_dead_networks_are_those_whose_output_never_fires(small: Demo) -> None:
    results = small.results
    assert results is not None
    on_rows = results.prediction.sel(x=np.arange(1, 10), method="nearest")
    np.testing.assert_array_equal(results.dead, (on_rows == 0).all("x"))
    assert 0 < results.dead[0].sum() < 16
    dead = small.summary["study"]["dead"]
    assert dead == results.dead.sum("seed").values.tolist()


def test_alive_is_neither_dead_nor_diverged(small: Demo) -> None:
    results = small.results
    assert results is not None
    np.testing.assert_array_equal(results.alive, ~results.dead & ~results.diverged)


def test_errors_are_those_of_the_predictions(small: Demo) -> None:
    results = small.results
    assert results is not None
    mse = ((results.prediction - results.x**2) ** 2).mean("x")
    np.testing.assert_allclose(results.mse, mse, rtol=1e-4)
    np.testing.assert_allclose(results.test_loss.isel(epoch=-1), mse, rtol=1e-4)
    alive = ~results.dead[1].values
    assert small.summary["study"]["mse_median"][1] == np.median(results.mse[1].values[alive])


def test_the_norm_is_of_the_weights_alone(small: Demo) -> None:
    results = small.results
    assert results is not None
    weights = [name for name in results.parameter.values if name.endswith("weight")]
    assert len(weights) == 5
    squares = (results.parameter_norm.sel(parameter=weights) ** 2).sum("parameter")
    np.testing.assert_allclose(results.weight_norm**2, squares, rtol=1e-6)
    # λ·Ω of torch's convention is λ/2·Σw²: the same from another side.
    penalty = results.penalty.isel(epoch=-1)
    np.testing.assert_allclose(penalty, results.weight_decay / 2 * squares, rtol=1e-4)


def test_larger_lambda_smaller_weights(small: Demo) -> None:
    norms = small.summary["study"]["weight_norm_median"]
    assert all(later < earlier for earlier, later in pairwise(norms))


def test_no_protocol_but_the_articles() -> None:
    plan = _meant.plan(PATH, 3)
    recipe = plan.recipe
    assert (recipe.optimizer, recipe.lr, recipe.epochs) == ("adam", 0.005, 3000)
    assert (recipe.batch_size, recipe.shuffle) == (1, False)
    population = plan.plan()
    torch.manual_seed(2)
    for name, parameter in experiment.network().named_parameters():
        assert torch.equal(population.weights[name][2], parameter)


def test_the_data_decide_the_ends_of_the_path() -> None:
    path = _meant.path(4)
    assert path[0] == 0
    assert len(path) >= 17
    found = demo(seed=0, seeds=4, only="meant", weight_decay=(0.0, path[1], path[-1])).results
    assert found is not None
    # No effect at one end, collapse at the other.
    train, alive = found.train_mse.values, ~found.dead[0].values
    assert np.abs(train[1, alive] / train[0, alive] - 1).min() < 0.05
    assert (found.train_mse[-1] > 1000).all()


def synthetic(effect: float, seeds: int = 40, dead: int = 0) -> xr.Dataset:
    """Results in which λ = 0.1 changes every living network's error by about `effect`."""
    draw = np.random.default_rng(3)
    error = 40 + draw.normal(0, 3, seeds)
    mse = np.stack([error, error + effect + draw.normal(0, 1, seeds), np.full(seeds, 900.0)])
    kept = np.zeros((3, seeds), bool)
    kept[0, :dead] = True
    mse[0, :dead] = 2000
    dims = ("weight_decay", "seed")
    return xr.Dataset(
        {
            "mse": (dims, mse),
            "dead": (dims, kept),
            "diverged": (dims, np.zeros_like(kept)),
            "alive": (dims, ~kept),
        },
        coords={"weight_decay": [0.0, 0.1, 1.0], "seed": range(seeds)},
    )


@pytest.mark.parametrize(("effect", "label"), [(-8, "helps"), (8, "hurts"), (0.0, "no_difference")])
def test_verdict(effect: float, label: str) -> None:
    said = verdict(synthetic(effect))
    assert said["label"] == label
    assert said["weight_decay"] == 0.1
    low, high = said["interval"]
    assert low <= effect <= high
    assert said["chosen_on"] + said["judged_on"] == 40


def test_verdict_leaves_out_what_is_dead_without_decay_but_says_so() -> None:
    said = verdict(synthetic(-8, dead=10))
    assert (said["chosen_on"], said["judged_on"]) == (15, 15)
    assert (said["dead_without_decay"], said["revived"]) == (5, 5)
    assert said["all_seeds"]["effect"] < said["effect"]


def test_verdict_choosing_never_sees_the_judges() -> None:
    """Whatever the judging seeds' errors are, the chosen λ is the same."""
    results = synthetic(-8)
    other = results.copy(deep=True)
    other.mse[1, 1::2] += 500
    assert verdict(results)["weight_decay"] == verdict(other)["weight_decay"]
    assert verdict(other)["label"] == "hurts"


def test_verdict_of_too_few() -> None:
    said = verdict(synthetic(-8, seeds=1))
    assert said["label"] == "cannot_tell"
    assert np.isnan(said["effect"])
