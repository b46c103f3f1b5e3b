"""Values of the group, orthogonal and spectral penalties, and what they refuse."""

import math

import pytest
import torch

from weightdecay import InputError
from weightdecay.decay import (
    CPR,
    ElasticNet,
    FixedNorm,
    GlobalNorm,
    GroupLasso,
    Lp,
    MaxNorm,
    Orthogonal,
    Spectral,
)

W = torch.tensor([[3.0, 4.0], [0.0, 0.0], [5.0, 12.0]], dtype=torch.float64)


def test_groups():
    assert GroupLasso("rows").value(W).item() == pytest.approx(math.sqrt(2) * (5 + 0 + 13))
    columns = math.sqrt(3) * (math.sqrt(34) + math.sqrt(160))
    assert GroupLasso("columns").value(W).item() == pytest.approx(columns)
    assert GroupLasso("tensor").value(W).item() == pytest.approx(math.sqrt(6 * 194))


def test_rows_of_a_convolution_are_its_output_channels():
    kernel = torch.arange(24.0).reshape(2, 3, 2, 2)
    expected = math.sqrt(12) * (kernel[0].norm() + kernel[1].norm())
    torch.testing.assert_close(GroupLasso("rows").value(kernel), expected)


@pytest.mark.parametrize("groups", ["rows", "columns"])
def test_entries_of_a_vector_are_groups(groups):
    w = torch.tensor([1.0, -2.0])
    assert GroupLasso(groups).value(w) == 3
    assert GroupLasso(groups).prox(w, 1.5).tolist() == [0, -0.5]


def test_the_global_norm_is_one_norm():
    parts = [torch.tensor([3.0]), torch.tensor([[4.0]])]
    assert GlobalNorm().value_of_all(parts) == 5
    assert [g.item() for g in GlobalNorm().gradients(parts)] == pytest.approx([0.6, 0.8])


def test_orthonormal_rows_have_no_penalty():
    draw = torch.Generator().manual_seed(0)
    q = torch.linalg.qr(torch.randn(5, 3, generator=draw, dtype=torch.float64)).Q
    for w in (q, q.T):
        assert Orthogonal().value(w) == pytest.approx(0, abs=1e-25)
    assert Orthogonal().value(2 * q) == pytest.approx(0.5 * 3 * 9)
    scaled = q.T * torch.tensor([[1.0], [2.0], [3.0]], dtype=torch.float64)
    assert Orthogonal(off_diagonal=True).value(scaled) == pytest.approx(0, abs=1e-25)


@pytest.mark.parametrize("tall", [False, True])
def test_either_gram_matrix_has_the_same_slope(tall):
    w = W if tall else W.T
    leaf = w.clone().requires_grad_()
    (0.5 * (leaf.T @ leaf - torch.eye(w.shape[1])).square().sum()).backward()
    torch.testing.assert_close(Orthogonal().gradient(w), leaf.grad)


def test_spectral_is_the_largest_singular_value():
    values = torch.linalg.svdvals(W)
    assert Spectral().value(W).item() == pytest.approx(0.5 * values[0].item() ** 2)
    assert torch.linalg.matrix_rank(Spectral().gradient(W)) == 1


def test_power_iteration_converges_to_it_from_below():
    draw = torch.Generator().manual_seed(2)
    w = torch.randn(20, 30, generator=draw, dtype=torch.float64)
    found = [Spectral(n).value(w).item() for n in (1, 5, 20, 200)]
    assert found == sorted(found)
    assert found[-1] == pytest.approx(Spectral().value(w).item(), rel=1e-9)
    torch.testing.assert_close(Spectral(400).gradient(w), Spectral().gradient(w))


@pytest.mark.parametrize("penalty", [Orthogonal(), Spectral(), Spectral(3), GroupLasso("columns")])
def test_a_vector_is_taken_too(penalty):
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    penalty.value(w).backward()
    torch.testing.assert_close(penalty.gradient(w.detach()), w.grad)


def test_entries_of_a_vector_are_rows():
    w = torch.tensor([0.9, -0.9, 1.5])
    assert MaxNorm(1.0).project([w], [w])[0].tolist() == pytest.approx([0.9, -0.9, 1.0])
    assert MaxNorm(1.0).value(w).item() == pytest.approx(0.5)


def test_constraints_tell_how_far_outside():
    assert MaxNorm(5.0).value(W).item() == pytest.approx(8)
    assert FixedNorm(10.0).value(torch.tensor([3.0, 4.0])) == 5
    assert CPR(kappa=100.0).value(W).item() == pytest.approx(94)


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda: ElasticNet(1.1), "l1_ratio=1.1"),
        (lambda: ElasticNet(True), "l1_ratio=True"),
        (lambda: GroupLasso("row"), "groups='row'"),
        (lambda: Lp(0.0), "p=0.0"),
        (lambda: Lp(math.nan), "p=nan"),
        (lambda: Spectral(0), "iterations=0"),
        (lambda: MaxNorm(0.0), "c=0.0"),
        (lambda: FixedNorm(-1.0), "c=-1.0"),
        (lambda: FixedNorm(of="row"), "of='row'"),
        (lambda: CPR(kappa=-1.0), "kappa=-1.0"),
        (lambda: CPR(warm_start=-1), "warm_start=-1"),
        (lambda: CPR(factor=0.0), "factor=0.0"),
        (lambda: CPR(kappa=1.0, warm_start=3), "kappa, or warm_start"),
    ],
)
def test_refuses_in_one_line(make, names):
    with pytest.raises(InputError, match=r"^penalty: ") as refused:
        make()
    assert names in str(refused.value)
    assert "\n" not in str(refused.value)
