"""Which weights a normalisation follows, in the graph, and where there is none, in order."""

import pytest
import torch
from torch import nn

from weightdecay.decay import normalized


class Residual(nn.Module):
    """Pre-norm: only what the norm alone sees is scale-free."""

    def __init__(self):
        super().__init__()
        self.first, self.norm, self.second = nn.Linear(4, 4), nn.LayerNorm(4), nn.Linear(4, 4)

    def forward(self, x):
        h = self.first(x)
        return h + self.second(self.norm(h))


class Branching(nn.Module):
    """Not to be traced: it looks at its data."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.out = nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Linear(2, 1)

    def forward(self, x):
        if x.sum() > 0:
            x = -x
        return self.out(self.norm(self.conv(x)).mean((2, 3)))


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        h = nn.functional.layer_norm(torch.relu(self.a(x)).view(-1, 4), (4,))
        return self.b(h)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1)), ("0.weight",)),
        (nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.BatchNorm2d(2)), ("0.weight",)),
        (nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.LayerNorm(3)), ()),
        (nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 3), nn.RMSNorm(3)), ("1.weight",)),
        (Residual(), ()),
        (Branching(), ("conv.weight",)),
        (Functional(), ("a.weight",)),
        (nn.Tanh(), ()),
        # Nearly the identity where its input is small: AlexNet's first layers have a scale.
        (nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.LocalResponseNorm(5)), ()),
    ],
)
def test_finds(model, names):
    assert normalized(model) == names


def test_scale_of_what_it_finds_changes_nothing():
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(4, 8, bias=False), nn.ReLU(), nn.LayerNorm(8, eps=0.0), nn.Linear(8, 2)
    ).double()
    x = torch.randn(5, 4, dtype=torch.float64)
    before = model(x)
    for name in normalized(model):
        model.get_parameter(name).data.mul_(7.0)
    torch.testing.assert_close(model(x), before)


def test_used_twice_and_normalised_once_is_not_found():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.shared, self.norm = nn.Linear(4, 4), nn.LayerNorm(4)

        def forward(self, x):
            return self.shared(self.norm(self.shared(x)))

    assert normalized(Twice()) == ()
