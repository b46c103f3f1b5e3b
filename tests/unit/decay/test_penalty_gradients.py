"""A penalty's gradient is that of its value, and a subgradient where the value has a kink."""

import cmath

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weightdecay.decay import (
    CPR,
    L1,
    L2,
    ElasticNet,
    GlobalNorm,
    GroupLasso,
    Lp,
    MaxNorm,
    Norm,
    Orthogonal,
    Spectral,
)

quick = settings(deadline=None, derandomize=True, max_examples=50)
CONVEX = [
    *(L2(), L1(), Norm(), GlobalNorm(), ElasticNet(), ElasticNet(0.9), Lp(1.5), Lp(3.0)),
    *(GroupLasso("rows"), GroupLasso("columns"), GroupLasso("tensor"), Spectral()),
]
PENALTIES = [*CONVEX, Lp(0.5), Orthogonal(), Orthogonal(off_diagonal=True)]
every_penalty = pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
# Quarters, so that zeros occur and nothing is so small that its square is no number.
entries = st.integers(-40, 40).map(lambda k: k / 4)


@st.composite
def tensors(draw, count=1, entries=entries):
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    size = torch.Size(shape).numel()
    flat = st.lists(entries, min_size=size, max_size=size)
    made = [torch.tensor(draw(flat), dtype=torch.float64).reshape(shape) for _ in range(count)]
    return made if count > 1 else made[0]


@every_penalty
@quick
@given(w=tensors(entries=entries.filter(bool)))
def test_equals_autograd_away_from_kinks(penalty, w):
    leaf = w.clone().requires_grad_()
    penalty.value(leaf).backward()
    scale = leaf.grad.abs().max().item()  # products of matrices cancel
    torch.testing.assert_close(penalty.gradient(w), leaf.grad, rtol=1e-12, atol=1e-13 * scale)


@pytest.mark.parametrize("penalty", [*PENALTIES, MaxNorm(1.0), CPR(2.0), Spectral(50)], ids=repr)
@quick
@given(parts=tensors(count=2, entries=entries.filter(bool)), turn=st.floats(0, 6))
def test_complex_weights_have_a_real_value_and_its_gradient(penalty, parts, turn):
    w = torch.complex(*parts)
    leaf = w.clone().requires_grad_()
    value = penalty.value(leaf)
    value.backward()
    scale = leaf.grad.abs().max().item()
    torch.testing.assert_close(penalty.gradient(w), leaf.grad, rtol=1e-9, atol=1e-9 * scale)
    # A phase that all entries share leaves every length as it is.
    turned = penalty.value(w * cmath.exp(1j * turn))
    torch.testing.assert_close(turned, value.detach(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("penalty", CONVEX, ids=repr)
@quick
@given(pair=tensors(count=2))
def test_lies_below_the_convex_value_everywhere(penalty, pair):
    w, v = pair
    tangent = penalty.value(w) + (penalty.gradient(w) * (v - w)).sum()
    assert tangent <= penalty.value(v) + 1e-9


@pytest.mark.parametrize(
    ("penalty", "degree"),
    [
        *((L2(), 2), (L1(), 1), (Norm(), 1), (GlobalNorm(), 1), (Lp(0.5), 0.5), (Lp(3.0), 3)),
        *((GroupLasso("rows"), 1), (GroupLasso("columns"), 1), (Spectral(), 2)),
    ],
    ids=repr,
)
@quick
@given(w=tensors())
def test_euler_identity_of_homogeneous_functions(penalty, degree, w):
    torch.testing.assert_close((w * penalty.gradient(w)).sum(), degree * penalty.value(w))


@every_penalty
@quick
@given(w=tensors())
def test_is_odd(penalty, w):
    assert torch.equal(penalty.gradient(-w), -penalty.gradient(w))


@every_penalty
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 4)])
def test_is_zero_at_zero(penalty, shape):
    zero = torch.zeros(shape, requires_grad=True)
    penalty.value(zero).backward()
    assert torch.equal(penalty.gradient(zero.detach()), torch.zeros(shape))
    assert torch.equal(zero.grad, torch.zeros(shape))


@every_penalty
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_keeps_shape_and_dtype(penalty, dtype):
    if penalty == Spectral() and dtype == torch.bfloat16:
        pytest.skip("torch has no singular value decomposition of bfloat16")
    w = torch.ones(2, 3, dtype=dtype)
    gradient = penalty.gradient(w)
    assert gradient.shape == w.shape
    assert gradient.dtype == dtype


def test_examples():
    w = torch.tensor([3.0, 0.0, -4.0])
    assert L2().gradient(w).tolist() == [3.0, 0.0, -4.0]
    assert L1().gradient(w).tolist() == [1.0, 0.0, -1.0]
    torch.testing.assert_close(Norm().gradient(w), torch.tensor([0.6, 0.0, -0.8]))


@every_penalty
def test_leaves_the_weights_alone(penalty):
    w = torch.tensor([[1.0, -2.0], [0.0, 3.0]])
    penalty.value(w)
    penalty.gradient(w)
    assert w.tolist() == [[1.0, -2.0], [0.0, 3.0]]
