"""Which engine takes what, and what the others say."""

from dataclasses import dataclass, replace

import pytest
import torch
from torch import Tensor, nn

from weightdecay import engines
from weightdecay.decay import L2, Decay
from weightdecay.errors import InputError
from weightdecay.study import Problem, Recipe, Study


def population(layers: list[nn.Module] | nn.Module, **recipe):
    x = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    network = nn.Sequential(*layers) if isinstance(layers, list) else layers
    return Study(
        problem=Problem.with_truth(x, x[:, :1], x, x[:, :1]),
        network=lambda: network,
        recipe=Recipe(epochs=2, **recipe),
        decay=Decay(),
        weight_decay=(0.0, 0.1),
        seeds=(0,),
    ).plan()


class Own(nn.Sequential):
    """A Sequential that calls its children in its own way."""

    def forward(self, x: Tensor) -> Tensor:
        return self[1](self[0](x)) + x[:, :1]


@dataclass(frozen=True)
class Half(L2):
    """A penalty of the user's own."""

    def value(self, w: Tensor) -> Tensor:
        return super().value(w) / 2


def shared() -> list[nn.Module]:
    layer = nn.Linear(3, 3)
    return [layer, nn.Tanh(), layer, nn.Linear(3, 1)]


def frozen() -> list[nn.Module]:
    layer = nn.Linear(3, 1)
    layer.weight.requires_grad_(False)
    return [layer]


def test_auto_takes_lanes_where_it_can() -> None:
    name, reason = engines.choose(population([nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)]))
    assert name == "lanes"
    assert reason


@pytest.mark.parametrize(
    ("this", "named"),
    [
        (population([nn.Linear(3, 1), nn.Dropout()]), "1 (Dropout)"),
        (population([nn.Linear(3, 4), nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 1))]), "1.0"),
        (population([nn.Linear(3, 1), nn.GELU(approximate="tanh")]), "1 (GELU)"),
        (population([nn.ReLU(), nn.Linear(3, 1)]), "0 (ReLU)"),
        (population([nn.Linear(3, 1), nn.ReLU(), nn.Tanh()]), "2 (Tanh)"),
        (population(Own(nn.Linear(3, 3), nn.Linear(3, 1))), "Own"),
        (population(shared()), "share"),
        (population(frozen()), "0.weight is frozen"),
        (population([nn.Linear(3, 1)], options={"amsgrad": True}), "'amsgrad'"),
        (replace(population([nn.Linear(3, 1)]), decay=Decay(penalty=Half())), "Half"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_lanes_refuses_goes_to_vmap_and_is_named(this, named: str) -> None:
    name, reason = engines.choose(this)
    assert name == "vmap"
    assert named in reason
    with pytest.raises(InputError, match="engine='auto'") as error:
        engines.choose(this, "lanes")
    assert named in str(error.value)


def test_auto_trains_what_lanes_refuses() -> None:
    trained = engines.train(population([nn.Linear(3, 1), nn.Dropout()]))
    assert trained.train_loss.shape == (2, 3)


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(InputError, match="'cuda' is none of"):
        engines.choose(population([nn.Linear(3, 1)]), "cuda")


def test_a_network_with_nothing_to_train_or_decay_is_refused_before_any_training() -> None:
    with pytest.raises(InputError, match="no parameter to train"):
        population([nn.ReLU()])
    with pytest.raises(InputError, match="select='weights' finds no parameter"):
        population([nn.BatchNorm1d(3)])


@pytest.mark.parametrize(("units", "engine"), [(52_000, "lanes"), (53_000, "vmap")])
def test_a_large_network_goes_to_vmap(units: int, engine: str):
    name, reason = engines.choose(population([nn.Linear(3, units), nn.Linear(units, 1)]))
    assert name == engine
    assert engine == "lanes" or "265,001 numbers" in reason


def test_a_large_network_that_vmap_does_not_take_stays_with_lanes(monkeypatch):
    monkeypatch.setattr(engines.vmap, "refusal", lambda population, compile=False: "it")
    assert engines.choose(population([nn.Linear(3, 53_000), nn.Linear(53_000, 1)]))[0] == "lanes"
