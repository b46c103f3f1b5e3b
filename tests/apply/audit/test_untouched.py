"""An audit changes nothing, and says the same in whatever order the parameters stand."""

import copy
import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import weightdecay as wd


class Net(nn.Module):
    """One that leaves traces in itself, as it is traced or run."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 2))
        self.register_buffer("calls", torch.zeros(()))
        self.last: Any = None

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        self.last = x
        return self.body(x)


def meddling(model: nn.Module) -> Tensor:
    """A penalty that runs the network, draws random numbers, and runs backward on its own."""
    random.random()
    np.random.rand()  # noqa: NPY002
    model.eval()
    model.train()
    model(torch.randn(5, 3)).sum().backward()
    return sum(w.square().sum() for w in model.parameters())  # type: ignore[return-value]


def everything(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    return {
        "weights": {n: (p.detach().clone(), p.data_ptr()) for n, p in model.named_parameters()},
        "buffers": {n: b.clone() for n, b in model.named_buffers()},
        "gradients": {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None},
        "modes": [m.training for m in model.modules()],
        "optimizer": copy.deepcopy(optimizer.state_dict()),
        "torch": torch.get_rng_state(),
        "numpy": np.random.get_state()[1].copy(),  # noqa: NPY002
        "python": random.getstate(),
    }


def assert_same(a: Any, b: Any) -> None:
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert list(a) == list(b)
        for key in a:
            assert_same(a[key], b[key])
    elif isinstance(a, Tensor | np.ndarray):
        assert (a == b).all()
    elif isinstance(a, list | tuple):
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            assert_same(one, other)
    else:
        assert a == b


@pytest.mark.parametrize("penalty", [None, meddling])
def test_bit_for_bit(penalty: Any) -> None:
    torch.manual_seed(1)
    model = Net()
    model.body[2].eval()
    optimizer = torch.optim.Adam(model.parameters(), weight_decay=0.01)
    wd.Decay(0.1, wd.L1(), on="step").attach(optimizer, model)
    loss = model(torch.randn(5, 3)).square().sum()
    loss.backward(retain_graph=True)
    optimizer.step()
    model.last = "mine"
    loss = model(torch.randn(5, 3)).square().sum()
    kept = model.last
    before = everything(model, optimizer)
    wd.audit(model, optimizer, penalty)
    assert_same(everything(model, optimizer), before)
    if penalty is None:  # a penalty of the user's may leave what it likes in the model's attributes
        assert model.last is kept
    loss.backward()  # a graph made before is still good


def test_the_way_on_is_the_same_with_and_without_an_audit() -> None:
    def train(audited: bool) -> dict[str, Tensor]:
        torch.manual_seed(2)
        model = Net()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.randn(5, 3)).square().sum().backward()
            optimizer.step()
            if audited:
                wd.audit(model, optimizer, meddling)
        return model.state_dict()

    assert_same(train(True), train(False))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_parameters_does_not_matter(seed: int) -> None:
    layers = [
        ("a", nn.Linear(3, 3)),
        ("b", nn.LayerNorm(3)),
        ("c", nn.Embedding(3, 3)),
        ("d", nn.Conv1d(3, 3, 1)),
        ("e", nn.Linear(3, 3, bias=False)),
    ]
    layers[4][1].weight = layers[0][1].weight

    def found(order: list[tuple[str, nn.Module]]) -> dict[str, set[str]]:
        model = nn.ModuleDict(dict(order))
        parameters = [p for p in model.parameters() if p.shape != (3, 3, 1)]
        random.Random(seed).shuffle(parameters)
        optimizer = torch.optim.AdamW(parameters)

        def penalty(m: nn.Module) -> Tensor:
            return sum(w.norm() for w in m.parameters() if w.ndim == 1)  # type: ignore[return-value]

        audit = wd.audit(model, optimizer, penalty)
        names = {row.name: {row.name, *row.aliases} for row in audit.rows}
        return {f.code: set().union(*(names[n] for n in f.parameters)) for f in audit.findings}

    expected = found(layers)
    assert {"bias-decayed", "decayed-twice", "penalty-unsquared", "not-in-optimizer"} <= set(
        expected
    )
    shuffled = layers.copy()
    random.Random(seed).shuffle(shuffled)
    assert found(shuffled) == expected
