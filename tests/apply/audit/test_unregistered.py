"""What stands in plain lists and dicts: missed parameters are found, mere references are not."""

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

import weightdecay as wd


def found(model: nn.Module) -> set[str]:
    return {n for f in wd.audit(model).findings if f.code == "unregistered" for n in f.parameters}


@pytest.mark.parametrize(
    "held",
    [
        [nn.Linear(3, 3)],
        (nn.Linear(3, 3), "and more"),
        {"a": nn.Linear(3, 3)},
        [nn.Parameter(torch.ones(2))],
        [nn.LazyLinear(3)],
    ],
    ids=["list", "tuple", "dict", "parameter", "lazy"],
)
def test_is_found_wherever_it_stands(held: object) -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Sequential(nn.Linear(3, 3)))
    model.extra = held
    model[1]._extra = held
    assert found(model) == {"extra", "1._extra"}


def test_half_of_a_list_is_enough() -> None:
    model = nn.Sequential(nn.Linear(3, 3))
    model.layers = [model[0], nn.Linear(3, 3)]
    assert found(model) == {"layers"}


def test_what_is_registered_elsewhere_may_stand_in_a_list() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Sequential(nn.Linear(3, 3)))
    model.order = [model[1], model[0]]
    model.by_name = {"first": model[0].weight}
    model[1].parent = [model]  # a cycle
    model.myself = (model,)
    assert found(model) == set()


def test_what_has_nothing_to_train_may_too() -> None:
    model = nn.Sequential(nn.Linear(3, 3))
    model.teacher = [nn.Linear(3, 3).requires_grad_(False)]
    model.activations = [nn.ReLU(), torch.relu]
    model.numbers = {"sizes": [1, 2], "tensor": torch.ones(2)}
    assert found(model) == set()


TORCHS_OWN = {
    "recurrent": lambda: nn.LSTM(2, 3, num_layers=2, bidirectional=True),
    "recurrent, with weights of its own no longer": lambda: parametrizations.weight_norm(
        nn.LSTM(2, 3), "weight_hh_l0"
    ),
    "attention": lambda: nn.MultiheadAttention(4, 2, add_bias_kv=True),
    "transformer": lambda: nn.Transformer(4, 2, 1, 1, 8),
    "adaptive": lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 10, [3, 6]),
    "lists": lambda: nn.ParameterList([torch.ones(2), torch.ones(2)]),
    "dicts": lambda: nn.ParameterDict({"a": torch.ones(2)}),
    "several parametrisations": lambda: parametrizations.spectral_norm(
        parametrizations.orthogonal(nn.Linear(3, 3))
    ),
    "traced": lambda: torch.fx.symbolic_trace(nn.Sequential(nn.Linear(3, 3), nn.ReLU())),
    "scripted": lambda: torch.jit.script(nn.Sequential(nn.Linear(3, 3), nn.ReLU())),
    "swapped": lambda: torch.optim.swa_utils.AveragedModel(nn.Linear(3, 3)),
}


@pytest.mark.filterwarnings("ignore")  # scripting is on its way out
@pytest.mark.parametrize("name", TORCHS_OWN)
def test_modules_of_torchs_hide_nothing(name: str) -> None:
    assert found(TORCHS_OWN[name]()) == set()
