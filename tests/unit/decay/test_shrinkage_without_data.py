"""How each penalty alone shrinks a tensor: the closed forms."""

import pytest
import torch

from weightdecay.decay import L1, L2, Norm

LR, LAMBDA, STEPS = 0.1, 0.5, 12
RATE = LR * LAMBDA


def shrunk(penalty, start, steps=STEPS):
    w = torch.tensor(start, dtype=torch.float64)
    for _ in range(steps):
        w = w - RATE * penalty.gradient(w)
    return w


def test_l2_multiplies_by_one_minus_rate():
    found = shrunk(L2(), [3.0, -4.0, 0.5])
    expected = torch.tensor([3.0, -4.0, 0.5], dtype=torch.float64) * (1 - RATE) ** STEPS
    torch.testing.assert_close(found, expected)


def test_l1_takes_the_same_from_every_weight():
    found = shrunk(L1(), [3.0, -4.0, 0.0])
    assert found.tolist() == pytest.approx([3 - STEPS * RATE, -4 + STEPS * RATE, 0.0])


def test_norm_takes_the_same_from_the_length_and_keeps_the_direction():
    found = shrunk(Norm(), [3.0, -4.0])
    length = 5 - STEPS * RATE
    assert found.tolist() == pytest.approx([0.6 * length, -0.8 * length])


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_norm_pulls_as_hard_on_small_tensors_as_on_large_ones(scale):
    w = scale * torch.tensor([1.0, -2.0, 2.0], dtype=torch.float64)
    assert float(Norm().gradient(w).norm()) == pytest.approx(1.0)


def test_l1_steps_over_zero_rather_than_stopping_there():
    around = [shrunk(L1(), [1.5 * RATE], steps).item() for steps in range(6)]
    assert 0.0 not in around
    assert min(around) < 0 < max(around[2:])


@pytest.mark.parametrize("weight_decay", [1e-4, 1e-2, 1.0])
def test_adam_with_l2_in_the_loss_moves_by_lr_whatever_lambda(weight_decay):
    w = torch.nn.Parameter(torch.tensor([2.0, -3.0], dtype=torch.float64))
    optimizer = torch.optim.Adam([w], lr=1e-3, eps=1e-30)
    for _ in range(10):
        optimizer.zero_grad()
        (weight_decay * L2().value(w)).backward()
        optimizer.step()
    assert w.tolist() == pytest.approx([2.0 - 0.01, -3.0 + 0.01], rel=1e-4)
