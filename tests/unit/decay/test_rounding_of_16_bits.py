"""In 16 bits a decay smaller than the spacing of numbers still acts, right on average."""

import pytest
import torch
from torch import nn, optim

from weightdecay import L1, Decay, presets
from weightdecay.decay.attaching._rounding import write_rounded

STEPS, LR, LAMBDA = 200, 1e-3, 0.5  # ηλ = 5e-4, a quarter of bfloat16's half spacing


def decayed(decay, dtype, size=4000):
    model = nn.Linear(size, 1, bias=False)
    torch.manual_seed(0)
    nn.init.uniform_(model.weight, 0.5, 1.0)
    model.to(dtype)
    start = model.weight.detach().double().clone()
    optimizer = optim.SGD(model.parameters(), lr=LR)
    decay.attach(optimizer, model)
    for _ in range(STEPS):
        model.weight.grad = torch.zeros_like(model.weight)
        optimizer.step()
    return start, model.weight.detach().double()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_the_mean_shrinks_as_it_should(dtype):
    start, end = decayed(presets.adamw(LAMBDA), dtype)
    assert (end.sum() / start.sum()).item() == pytest.approx((1 - LR * LAMBDA) ** STEPS, abs=2e-3)


def test_torchs_own_rounds_away():
    """What it is for: AdamW's own decay leaves such weights where they are."""
    w = nn.Parameter(torch.full((8,), 0.75, dtype=torch.bfloat16))
    optimizer = optim.AdamW([w], lr=LR, weight_decay=LAMBDA)
    for _ in range(STEPS):
        w.grad = torch.zeros_like(w)
        optimizer.step()
    assert (w == 0.75).all()


@pytest.mark.parametrize(
    "decay",
    [
        Decay(LAMBDA, L1(), on="step"),
        Decay(LAMBDA, L1(), on="prox"),
        presets.to_init(LAMBDA),
        presets.cautious(LAMBDA),
    ],
)
def test_every_coupling_does(decay):
    start, end = decayed(decay, torch.bfloat16)
    exact_start, exact_end = decayed(decay, torch.float64)
    # Where no gradient moves a weight, to-init holds it.
    expected = (exact_end - exact_start).mean().item()
    assert (end - start).mean().item() == pytest.approx(expected, abs=3e-3)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_rounding_is_to_a_neighbour_and_right_on_average(dtype):
    torch.manual_seed(1)
    exact = torch.cat([torch.randn(50), torch.tensor([0.0, 1.0, -1.0, 2.0**-8, 1e-7, -1e-7])])
    nearest = exact.to(dtype)
    total = torch.zeros(len(exact), dtype=torch.float64)
    for seed in range(400):
        w = torch.empty(len(exact), dtype=dtype)
        write_rounded([w], [exact], seed)
        spacing = torch.finfo(dtype).eps * exact.abs().clamp(min=torch.finfo(dtype).tiny)
        assert ((w.float() - exact).abs() <= spacing * 1.001).all()
        total += w.double()
    # The mean of 400 coins has a standard deviation of at most half a spacing over 20.
    assert ((total / 400 - exact).abs() <= 4 * spacing / 40).all()
    held = nearest.float() == exact
    write_rounded([w], [exact], 7)
    assert torch.equal(w[held], nearest[held])


def test_the_same_seed_gives_the_same_bits():
    exact = torch.linspace(-1, 1, 999)
    made = [torch.empty(999, dtype=torch.bfloat16) for _ in range(3)]
    for w, seed in zip(made, (5, 5, 6), strict=True):
        write_rounded([w], [exact], seed)
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])
