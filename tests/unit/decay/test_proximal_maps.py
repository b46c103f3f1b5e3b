"""A proximal map is the minimum that its definition says."""

import pytest
import torch

from weightdecay.decay import L1, L2, Decay, ElasticNet, GroupLasso, Lp, Norm
from weightdecay.errors import InputError

PENALTIES = [L1(), L2(), Norm(), ElasticNet(0.3), GroupLasso("tensor"), GroupLasso("rows"), Lp(2.0)]


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


@pytest.mark.parametrize("penalty", [L1(), Norm(), ElasticNet(0.9), GroupLasso()], ids=repr)
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


def residual(penalty, u: torch.Tensor, slope: torch.Tensor, weight_decay: float) -> float:
    """How far −slope is from λ·∂Ω(u): 0 where u minimises, with the subdifferential at 0."""
    at_kink = penalty.gradient(u) == 0
    away = slope + weight_decay * penalty.gradient(u)
    return float(torch.where(at_kink, 0, away).abs().max())


@pytest.mark.parametrize("groups", ["rows", "columns", "tensor"])
@pytest.mark.parametrize("weight_decay", [0.1, 0.5, 3.0])
def test_group_lasso_at_its_solution(groups, weight_decay) -> None:
    """½‖Xw − y‖²/n by proximal descent: zero groups satisfy their inequality, the others 0 = 0."""
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(60, 5, generator=draw, dtype=torch.float64)
    truth = torch.zeros(4, 5, dtype=torch.float64)
    truth[:2, :2] = torch.tensor([[2.0, -1.0], [0.5, 1.5]])
    y = x @ truth.T + 0.1 * torch.randn(60, 4, generator=draw, dtype=torch.float64)
    penalty = GroupLasso(groups)
    w = torch.zeros_like(truth)
    for _ in range(3000):
        slope = (w @ x.T - y.T) @ x / 60
        w = penalty.prox(w - 0.2 * slope, 0.2 * weight_decay)
    slope = (w @ x.T - y.T) @ x / 60
    assert residual(penalty, w, slope, weight_decay) < 1e-10
    inside = {"rows": (1,), "columns": (0,), "tensor": (0, 1)}[groups]
    size = {"rows": 5, "columns": 4, "tensor": 20}[groups]
    zero = w.norm(dim=inside) == 0
    assert (slope.norm(dim=inside)[zero] <= weight_decay * size**0.5 + 1e-10).all()
    if groups != "tensor" and weight_decay == 0.1:
        assert zero.sum() == (2 if groups == "rows" else 3)


def test_elastic_net_at_its_solution_is_scikit_learns() -> None:
    from sklearn.linear_model import ElasticNet as Sklearns

    draw = torch.Generator().manual_seed(1)
    x = torch.randn(80, 10, generator=draw, dtype=torch.float64)
    y = x[:, 0] - 2 * x[:, 1] + 0.3 * torch.randn(80, generator=draw, dtype=torch.float64)
    penalty, weight_decay = ElasticNet(0.7), 0.2
    w = torch.zeros(10, dtype=torch.float64)
    for _ in range(5000):
        w = penalty.prox(w - 0.3 * x.T @ (x @ w - y) / 80, 0.3 * weight_decay)
    theirs = Sklearns(weight_decay, l1_ratio=0.7, fit_intercept=False, tol=1e-12, max_iter=10**6)
    expected = torch.from_numpy(theirs.fit(x.numpy(), y.numpy()).coef_)
    torch.testing.assert_close(w, expected, rtol=1e-6, atol=1e-8)
    assert torch.equal(w == 0, expected == 0)
    assert (w == 0).any()


@pytest.mark.parametrize("p", [0.5, 1.0, 1.5, 3.0])
def test_lp_is_the_minimum_of_the_quadratic_that_touches_it(p) -> None:
    """w/(1 + a·|w|^(p−2)); to first order in a, a step on Ω."""
    w = torch.tensor([1.5, -0.4, 0.05, -2.0, 0.0], dtype=torch.float64)
    penalty = Lp(p)
    expected = w / (1 + 0.3 * w.abs().pow(p - 2))
    torch.testing.assert_close(penalty.prox(w, 0.3), expected.nan_to_num(0.0))
    small = penalty.prox(w, 1e-9)
    torch.testing.assert_close((w - small) / 1e-9, penalty.gradient(w), rtol=1e-5, atol=1e-5)
    assert penalty.prox(w, 0.3)[-1] == 0


def test_lp_at_2_is_the_implicit_step() -> None:
    w = torch.tensor([1.5, -0.4], dtype=torch.float64)
    torch.testing.assert_close(Lp(2.0).prox(w, 0.3), w / 1.3, rtol=1e-15, atol=0)
