"""What each penalty measures."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weightdecay.decay import L1, L2, ElasticNet, Norm, Penalty

quick = settings(deadline=None, derandomize=True, max_examples=50)
entries = st.lists(st.integers(-40, 40).map(lambda k: k / 4), min_size=1, max_size=12)
every_penalty = pytest.mark.parametrize("penalty", [L2(), L1(), Norm()], ids=repr)


@quick
@given(entries)
def test_equal_numpys_norms(values):
    w = torch.tensor(values, dtype=torch.float64)
    assert float(L2().value(w)) == pytest.approx(np.linalg.norm(values) ** 2 / 2)
    assert float(L1().value(w)) == pytest.approx(np.linalg.norm(values, 1))
    assert float(Norm().value(w)) == pytest.approx(np.linalg.norm(values))


@every_penalty
@quick
@given(values=entries)
def test_zero_at_zero_and_positive_elsewhere(penalty, values):
    assert (float(penalty.value(torch.tensor(values))) > 0) == any(values)


@every_penalty
@quick
@given(values=entries, data=st.data())
def test_blind_to_signs_and_places(penalty, values, data):
    moved = data.draw(st.permutations([-v for v in values]))
    one, other = (
        penalty.value(torch.tensor(each, dtype=torch.float64)) for each in (values, moved)
    )
    torch.testing.assert_close(one, other)


@every_penalty
def test_a_scalar_whatever_the_shape(penalty):
    matrix = torch.tensor([[3.0, 0.0], [0.0, -4.0]])
    assert penalty.value(matrix).shape == ()
    assert penalty.value(matrix) == penalty.value(matrix.flatten())


@pytest.mark.parametrize(("penalty", "value"), [(L2(), 12.5), (L1(), 7.0), (Norm(), 5.0)], ids=repr)
def test_examples(penalty, value):
    assert float(penalty.value(torch.tensor([[3.0], [-4.0]]))) == value


def test_l2_is_half_of_the_sum_of_squares_that_keras_penalises():
    w = torch.tensor([1.0, 2.0, -3.0])
    assert 2 * float(L2().value(w)) == float((w**2).sum())


def test_complex_entries_count_by_their_size():
    w = torch.full((4,), 1j)
    assert L2().value(w) == 2
    assert ElasticNet(0.5).value(w) == 3
    soft = ElasticNet(0.5).prox(2 * w, 1.0)  # 2i, shortened by ½, over 1½
    torch.testing.assert_close(soft, w)


def test_norm_summed_over_tensors_is_more_than_the_norm_of_all():
    a, b = torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0])
    assert float(Norm().value(a) + Norm().value(b)) == 7.0
    assert float(Norm().value(torch.cat([a, b]))) == 5.0


@every_penalty
def test_each_is_a_penalty_and_a_value(penalty):
    assert isinstance(penalty, Penalty)
    assert penalty == type(penalty)()
    assert len({penalty, type(penalty)()}) == 1
