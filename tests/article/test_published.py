"""The article's experiment as published."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from weightdecay.reference import article
from weightdecay.reference.article import _experiment as experiment
from weightdecay.reference.article import _published
from weightdecay.reference.article._published import relative_error


def plainly(seed: int, weight_decay: float, epochs: int) -> nn.Module:
    """The protocol, written out in plain torch: the last parameter's norm, row by row."""
    torch.manual_seed(seed)
    model = experiment.network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    x, y = experiment.training_data()
    for _ in range(epochs):
        for row, target in zip(x, y, strict=True):
            optimizer.zero_grad()
            last = list(model.parameters())[-1]
            loss = nn.functional.mse_loss(model(row), target) + weight_decay * last.norm()
            loss.backward()
            optimizer.step()
    return model


@torch.no_grad()
def over_the_grid(model: nn.Module) -> np.ndarray:
    return torch.cat([model(point) for point in experiment.grid()]).double().numpy()


@pytest.mark.slow
def test_the_printed_figures_to_the_last_digit() -> None:
    """109.8086 and 181.8709 are what the article's script prints on torch 2.13.0, CPU, seed 25.

    On most processors: on a few, plain torch itself ends elsewhere after 30,000 steps.
    """
    if not torch.__version__.startswith("2.13.0"):
        pytest.skip(f"the figures are of torch 2.13.0, this is {torch.__version__}")
    without, penalized = article.published(25)
    # What the article did not look at says the opposite.
    assert penalized.mse > without.mse
    assert penalized.train_mse < without.train_mse
    assert penalized.weight_norm > without.weight_norm
    assert penalized.penalized == ("8.bias",)
    assert penalized.norms["8.bias"] < 1e-3
    assert without.penalty == 0
    printed = (f"{without.relative_error:.4f}", f"{penalized.relative_error:.4f}")
    if printed != ("181.8709", "109.8086"):
        model = plainly(25, 0.0, experiment.RECIPE.epochs)
        np.testing.assert_array_equal(without.prediction, over_the_grid(model))
        pytest.skip(f"on this processor plain torch, too, gives {' and '.join(printed)}")


@pytest.mark.parametrize("seed", [0, 25])
@pytest.mark.parametrize("weight_decay", [0.0, 1e8])
def test_bit_for_bit_what_plain_torch_does(
    seed: int, weight_decay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment, "RECIPE", replace(experiment.RECIPE, epochs=30))
    found = _published.train(seed, weight_decay, lambda done: None)
    model = plainly(seed, weight_decay, 30)
    for name, parameter in model.named_parameters():
        assert found.norms[name] == float(parameter.detach().norm())
    np.testing.assert_array_equal(found.prediction, over_the_grid(model))


def test_relative_error_is_the_articles_measure() -> None:
    grid = experiment.grid()
    prediction = grid.square() + 1
    x = np.arange(1000) / 100
    expected = np.sum(1 / (x**2 + 1) ** 2)
    assert relative_error(prediction) == pytest.approx(expected, rel=1e-5)
    assert not np.isfinite(relative_error(torch.zeros_like(grid)))


def test_the_data_are_the_articles() -> None:
    x, y = experiment.training_data()
    assert x.flatten().tolist() == list(range(1, 11))
    assert y.sum().item() == pytest.approx(394.11)
    assert sum(p.numel() for p in experiment.network().parameters()) == 147
