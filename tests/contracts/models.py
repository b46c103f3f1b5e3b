"""Models for the contract of the vmap engine, in float64, each with rows that fit it."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


class Residual(nn.Module):
    """Two convolutions with batch norm around a shortcut, and a linear head."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 3, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(3)
        self.second = nn.Conv2d(3, 3, 3, padding=1)
        self.head = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm(self.first(x))
        h = torch.relu(h + self.second(torch.relu(h)))
        return self.head(h.mean((-1, -2)))


class Bag(nn.Module):
    """Embeddings of three tokens, averaged."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.embedding(x).mean(-2).tanh())


class Attention(nn.Module):
    """Layer norm and multi-head attention, then a head."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4)
        # No bias: that of the keys has no effect, so its gradient is rounding alone.
        self.attention = nn.MultiheadAttention(4, 2, bias=False, batch_first=True)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm(x)
        h, _ = self.attention(h, h, h, need_weights=False)
        return self.head((x + h).mean(1))


class Tied(nn.Module):
    """An embedding that is also the output layer, and a frozen layer between."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.middle = nn.Linear(4, 4).requires_grad_(False)
        self.out = nn.Linear(4, 7, bias=False)
        self.out.weight = self.embedding.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.out(torch.tanh(self.middle(self.embedding(x).mean(-2))))


class Functional(nn.Module):
    """Dropout without a module, twice, and on channels."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = nn.functional.dropout2d(self.first(x).tanh(), 0.3, self.training)
        h = nn.functional.max_pool2d(h, 2)[..., :2, :2].flatten(1)
        return self.head(nn.functional.dropout(h, 0.5, self.training))


@dataclass(frozen=True)
class Case:
    """A model, its rows x [14, ...], targets and loss."""

    make: Callable[[], nn.Module]
    x: Tensor
    y: Tensor
    loss: str


def _numbers(*shape: int) -> Tensor:
    return torch.randn(14, *shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)


_TOKENS = torch.randint(0, 7, (14, 3), generator=torch.Generator().manual_seed(3))
_CLASSES = torch.arange(14) % 3


def _mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))


def _cnn() -> nn.Module:
    return nn.Sequential(
        # No bias: its gradient before a batch norm is rounding alone, which Adam would blow up.
        nn.Conv2d(1, 3, 3, bias=False),
        nn.BatchNorm2d(3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(12, 3),
    )


def _dropout() -> nn.Module:
    return nn.Sequential(
        nn.Linear(3, 6), nn.ReLU(), nn.Dropout(0.4), nn.Linear(6, 6), nn.Dropout(), nn.Linear(6, 2)
    )


MODELS = {
    "mlp": Case(_mlp, _numbers(3), _numbers(2), "mse"),
    "huber": Case(_mlp, _numbers(3), 3 * _numbers(2), "huber"),
    "binary": Case(_mlp, _numbers(3), (_numbers(2) > 0).double(), "binary_cross_entropy"),
    "cnn with batch norm": Case(_cnn, _numbers(1, 6, 6), _CLASSES, "cross_entropy"),
    "residual cnn": Case(Residual, _numbers(1, 5, 5), _CLASSES, "cross_entropy"),
    "embedding": Case(Bag, _TOKENS, _CLASSES, "cross_entropy"),
    "attention": Case(Attention, _numbers(5, 4), _CLASSES, "cross_entropy"),
    "tied and frozen": Case(Tied, _TOKENS, _TOKENS[:, 0], "cross_entropy"),
    "dropout": Case(_dropout, _numbers(3), _numbers(2), "mse"),
    "functional dropout": Case(Functional, _numbers(1, 7, 7), _CLASSES, "cross_entropy"),
}
