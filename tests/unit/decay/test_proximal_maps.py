"""A proximal map is the minimum that its definition says."""

import pytest
import torch

from weightdecay.decay import L1, L2, Decay, Norm
from weightdecay.errors import InputError

PENALTIES = [L1(), L2(), Norm()]


@pytest.mark.parametrize("amount", [0.0, 0.1, 0.7, 3.0])
@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_is_the_minimum_of_its_objective(penalty, amount: float) -> None:
    w = torch.tensor([1.5, -0.4, 0.05, -2.0], dtype=torch.float64)

    def objective(u: torch.Tensor) -> float:
        return float(0.5 * (u - w).square().sum() + amount * penalty.value(u))

    found = penalty.prox(w, amount)
    best = objective(found)
    generator = torch.Generator().manual_seed(1)
    # The objective is convex, so what is best nearby is best.
    for scale in (1e-4, 1e-2, 1.0):
        for away in scale * torch.randn(300, 4, generator=generator, dtype=torch.float64):
            assert objective(found + away) >= best


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_optimality(penalty) -> None:
    """(w − u)/a is a subgradient of Ω at u; where u is not 0 it is the gradient."""
    w = torch.tensor([1.5, -0.4, -2.0], dtype=torch.float64)
    u = penalty.prox(w, 0.3)
    assert (u != 0).all()
    torch.testing.assert_close((w - u) / 0.3, penalty.gradient(u))


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_is_nonexpansive(penalty) -> None:
    a, b = torch.randn(2, 50, 6, generator=torch.Generator().manual_seed(0))
    for u, v in zip(a, b, strict=True):
        moved = penalty.prox(u, 0.5) - penalty.prox(v, 0.5)
        assert moved.norm() <= (u - v).norm() + 1e-6


@pytest.mark.parametrize("penalty", [L1(), Norm()], ids=repr)
def test_makes_exact_zeros(penalty) -> None:
    w = torch.tensor([0.2, -0.1])
    assert (penalty.prox(w, 0.5) == 0).all()
    assert (penalty.prox(torch.zeros(2), 0.5) == 0).all()


def test_a_penalty_without_one_is_refused() -> None:
    class Quartic:
        def value(self, w):
            return w.pow(4).sum()

        def gradient(self, w):
            return 4 * w.pow(3)

    assert Decay(0.1, Quartic(), on="step")
    with pytest.raises(InputError, match="prox"):
        Decay(0.1, Quartic(), on="prox")
