"""Where attached decays lead: the box, the nuclear norm, the constraints, the points around."""

from dataclasses import replace

import pytest
import torch
from torch import nn, optim

from weightdecay import CPR, L1, Decay, FixedNorm, MaxNorm, presets
from weightdecay import penalty as penalty_of
from weightdecay.decay import GlobalNorm

torch_double = {"dtype": torch.float64}


def linear(rows, columns, seed=0):
    torch.manual_seed(seed)
    return nn.Linear(columns, rows, bias=False).double()


def without_data(model, optimizer, steps):
    for _ in range(steps):
        for w in model.parameters():
            w.grad = torch.zeros_like(w)
        optimizer.step()


def test_adamw_ends_on_the_box():
    """Convex, full batch, optimum outside: ‖w‖_∞ → 1/λ (arXiv 2404.04454)."""
    model = linear(1, 3)
    target = torch.tensor([[10.0, -20.0, 0.3]], **torch_double)
    optimizer = optim.Adam(model.parameters(), lr=0.02, betas=(0.9, 0.99))
    presets.adamw(0.5).attach(optimizer, model)
    for _ in range(1500):
        optimizer.zero_grad()
        (0.5 * (model.weight - target).square().sum()).backward()
        optimizer.step()
    w = model.weight.detach().squeeze()
    assert w[:2].tolist() == pytest.approx([2.0, -2.0], rel=1e-3)
    assert w.abs().max().item() == pytest.approx(2.0, rel=1e-3)
    assert 0.0 < w[2].item() < 2.0


def test_decay_on_both_factors_soft_thresholds_singular_values():
    """½‖UV − M‖² + λ/2(‖U‖² + ‖V‖²) has the singular values of M less λ as its minimum."""
    torch.manual_seed(1)
    values = torch.tensor([3.0, 1.5, 0.4], **torch_double)
    a, b = (torch.linalg.qr(torch.randn(3, 3, **torch_double)).Q for _ in range(2))
    matrix = a @ values.diag() @ b.T
    model = nn.Sequential(linear(3, 3, 2), linear(3, 3, 3))
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    Decay(0.5).attach(optimizer, model)
    for _ in range(3000):
        optimizer.zero_grad()
        (0.5 * (model[1].weight @ model[0].weight - matrix).square().sum()).backward()
        optimizer.step()
    found = torch.linalg.svdvals(model[1].weight.detach() @ model[0].weight.detach())
    torch.testing.assert_close(found, (values - 0.5).clamp(min=0), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_cautious_is_adamw_where_the_update_shrinks_and_none_where_it_grows(sign):
    model = linear(2, 3)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    presets.cautious(0.5).attach(optimizer, model)
    before = model.weight.detach().clone()
    model.weight.grad = sign * before.sign()
    optimizer.step()
    moved = before - 0.1 * sign * before.sign()
    expected = moved - 0.05 * before if sign > 0 else moved
    torch.testing.assert_close(model.weight.detach(), expected, rtol=1e-14, atol=0)


def test_cautious_masks_entry_by_entry():
    model = linear(1, 2)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 1.0]]))
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    presets.cautious(0.5).attach(optimizer, model)
    model.weight.grad = torch.tensor([[1.0, -1.0]], **torch_double)
    optimizer.step()
    assert model.weight[0].tolist() == pytest.approx([0.85, 1.1])


def test_l1_kills_everything_from_its_largest_lambda_on():
    torch.manual_seed(2)
    x, y = torch.randn(40, 6, **torch_double), torch.randn(40, 1, **torch_double)
    largest = (x.T @ y / 40).abs().max().item()
    for factor, zeros in ((1.001, 6), (0.5, None)):
        model = linear(1, 6)
        optimizer = optim.SGD(model.parameters(), lr=0.2)
        presets.l1(factor * largest).attach(optimizer, model)
        for _ in range(2000):
            optimizer.zero_grad()
            (0.5 * (model(x) - y).square().mean()).backward()
            optimizer.step()
        w = model.weight.detach().squeeze()
        slope = (x.T @ (x @ w[:, None] - y) / 40).squeeze()
        if zeros:
            assert (w == 0).sum() == zeros
        else:
            live = w != 0
            assert 0 < live.sum() < 6
            bound = factor * largest
            torch.testing.assert_close(slope[live], -bound * w[live].sign())
            assert (slope[~live].abs() <= bound + 1e-12).all()


def test_to_init_returns():
    model = linear(2, 3)
    start = model.weight.detach().clone()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    presets.to_init(0.5).attach(optimizer, model)
    with torch.no_grad():
        model.weight += 1.0
    without_data(model, optimizer, 10)
    torch.testing.assert_close(model.weight.detach() - start, torch.full_like(start, 0.95**10))


@pytest.mark.parametrize("on", ["loss", "step", "prox"])
def test_around_is_measured_from_there(on):
    """A shifted network under a shifted penalty is the shifted network."""
    one, other = linear(2, 3), linear(2, 3)
    shift = torch.full((2, 3), 0.7, **torch_double)
    with torch.no_grad():
        other.weight += shift
    for model, around in ((one, "zero"), (other, {"weight": shift})):
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        Decay(0.5, L1(), on=on, around=around).attach(optimizer, model)
        for t in range(6):
            model.weight.grad = torch.full_like(model.weight, (-1.0) ** t)
            optimizer.step()
    torch.testing.assert_close(other.weight.detach(), one.weight.detach() + shift)


@pytest.mark.parametrize("weights", [nn.Module.state_dict, lambda m: dict(m.named_parameters())])
@pytest.mark.parametrize("on", ["loss", "step", "prox"])
def test_around_the_models_own_weights_is_to_init(on, weights):
    """They are those at the time, and not the ones that training changes."""
    found = []
    for given in (False, True):
        model = linear(2, 3)
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        Decay(0.5, on=on, around=weights(model) if given else "start").attach(optimizer, model)
        with torch.no_grad():
            model.weight += 1.0
        without_data(model, optimizer, 10)
        found.append(model.weight.detach())
    assert torch.equal(*found)


def test_l2_sp_returns_to_the_weights_of_when_it_was_made():
    model = linear(2, 3)
    start = model.weight.detach().clone()
    decay = presets.l2_sp(0.5, 0.0, model.state_dict())
    with torch.no_grad():
        model.weight += 1.0
    assert penalty_of(model, decay).item() == pytest.approx(0.5 * 0.5 * 6)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    decay.attach(optimizer, model)
    without_data(model, optimizer, 10)
    torch.testing.assert_close(model.weight.detach() - start, torch.full_like(start, 0.95**10))


def test_max_norm_shortens_long_rows_alone():
    model = linear(3, 4)
    with torch.no_grad():
        model.weight *= torch.tensor([[0.1], [3.0], [9.0]])
    before = model.weight.detach().clone()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    presets.max_norm(0.5).attach(optimizer, model)
    without_data(model, optimizer, 1)
    norms = before.norm(dim=1, keepdim=True)
    torch.testing.assert_close(model.weight.detach(), before * (0.5 / norms).clamp(max=1))
    assert torch.equal(model.weight[0], before[0])


def test_half_of_the_way_to_a_constraint():
    model = linear(1, 2)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[3.0, 4.0]]))
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    Decay(0.5, MaxNorm(1.0), on="constraint", unit="step").attach(optimizer, model)
    without_data(model, optimizer, 1)
    assert model.weight.norm().item() == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("c", "of"), [(None, "tensor"), (None, "all"), (2.0, "tensor"), (2.0, "all")]
)
def test_fixed_norm(c, of):
    model = nn.Sequential(linear(3, 2, 1), linear(2, 3, 2))
    weights = [model[0].weight, model[1].weight]
    first = [w.norm().item() for w in weights]
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    Decay(1.0, FixedNorm(c, of), on="constraint", unit="step").attach(optimizer, model)
    for _ in range(5):
        optimizer.zero_grad()
        model(torch.ones(1, 2, **torch_double)).square().sum().backward()
        optimizer.step()
    norms = [w.norm().item() for w in weights]
    if of == "tensor":
        assert norms == pytest.approx(first if c is None else [c, c])
    else:
        both = (first[0] ** 2 + first[1] ** 2) ** 0.5 if c is None else c
        assert (norms[0] ** 2 + norms[1] ** 2) ** 0.5 == pytest.approx(both)
        assert norms != pytest.approx(first, rel=1e-3)


def test_cpr_by_hand():
    model = linear(1, 2)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[3.0, 4.0]]))
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    Decay(0.01, CPR(kappa=15.0), on="constraint", unit="step").attach(optimizer, model)
    w, multiplier = torch.tensor([3.0, 4.0], **torch_double), 0.0
    for _ in range(20):
        multiplier = max(0.0, multiplier + 0.01 / 2 * (w.square().sum().item() - 15.0))
        w = w - 2 * multiplier * w
        without_data(model, optimizer, 1)
        torch.testing.assert_close(model.weight.detach()[0], w)
    assert w.square().sum() < 15.0


@pytest.mark.parametrize("warm_start", [1, 3])
@pytest.mark.parametrize("late", ["without a gradient", "in a later group"])
def test_cpr_bounds_a_tensor_that_comes_after_the_warm_start(warm_start, late):
    """Its first step from then on is what the last one of the warm start is for the others."""
    found = []
    for steps_before in (0, warm_start + 2):
        first, second = linear(1, 2, 1), linear(3, 2, 2)
        model = nn.Sequential(first, second)
        both = late == "without a gradient"
        optimizer = optim.SGD(model.parameters() if both else first.parameters(), lr=0.0)
        second.weight.requires_grad_(both)
        attached = presets.cpr(warm_start=warm_start, factor=0.5, weight_decay=0.1).attach(
            optimizer, model
        )
        without_data(first, optimizer, steps_before)
        if not both:
            second.weight.requires_grad_(True)
            optimizer.add_param_group({"params": [second.weight]})
        without_data(model, optimizer, 6 if steps_before else warm_start + 5)
        assert attached.state_dict()["bounds"].keys() == attached.parameters.keys()
        found.append((second.weight.detach(), attached.state_dict()["bounds"]["1.weight"]))
    for one, other in zip(*found, strict=True):
        assert torch.equal(one, other)
    assert torch.isfinite(found[1][1])
    assert (found[1][0].abs() < linear(3, 2, 2).weight.abs()).all()


def test_cpr_of_0_does_nothing_after_its_warm_start():
    model = linear(3, 2)
    before = model.weight.detach().clone()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    presets.cpr(warm_start=2, factor=0.5, weight_decay=0.0).attach(optimizer, model)
    without_data(model, optimizer, 4)
    assert torch.equal(model.weight, before)


def test_the_global_norm_is_of_all_groups_together():
    model = nn.Sequential(linear(3, 2, 1), linear(2, 3, 2))
    optimizer = optim.SGD(
        [{"params": [m.weight], "lr": lr} for m, lr in zip(model, (0.1, 0.2), strict=True)]
    )
    Decay(0.5, GlobalNorm(), on="step").attach(optimizer, model)
    before = [m.weight.detach().clone() for m in model]
    norm = sum(w.square().sum() for w in before).sqrt()
    without_data(model, optimizer, 1)
    for m, w, lr in zip(model, before, (0.1, 0.2), strict=True):
        torch.testing.assert_close(m.weight.detach(), w - lr * 0.5 * w / norm)


@pytest.mark.parametrize("on", ["loss", "step"])
@pytest.mark.parametrize("closure", [False, True])
@pytest.mark.parametrize("penalty", [GlobalNorm(), L1()], ids=str)
def test_with_multipliers_a_step_goes_down_the_slope_of_the_penalty(penalty, on, closure):
    """Of a joint one there is a term for each λ, whatever the groups of the optimizer."""
    decay = Decay(0.5, penalty, multipliers={"0.*": 0.4, "1.*": 1.0, "2.*": 0.4})
    model = nn.Sequential(linear(3, 2, 1), linear(2, 3, 2), linear(2, 2, 3))
    optimizer = optim.SGD([{"params": [m.weight]} for m in model], lr=1.0)
    replace(decay, on=on).attach(optimizer, model)
    omega = penalty_of(model, decay)
    slopes = torch.autograd.grad(omega, list(model.parameters()))
    before = [w.detach().clone() for w in model.parameters()]
    for w in model.parameters():
        w.grad = torch.zeros_like(w)
    loss = optimizer.step((lambda: torch.zeros(())) if closure else None)
    for w, v, slope in zip(model.parameters(), before, slopes, strict=True):
        torch.testing.assert_close(w.detach(), v - slope)
    if closure:
        assert loss.item() == pytest.approx(omega.item() if on == "loss" else 0.0)


def test_orthogonal_without_data_leads_to_orthonormal_rows():
    model = linear(3, 5)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    presets.orthogonal(0.5).attach(optimizer, model)
    without_data(model, optimizer, 2000)
    values = torch.linalg.svdvals(model.weight.detach())
    torch.testing.assert_close(values, torch.ones_like(values), rtol=1e-6, atol=0)


def test_spectral_shrinks_the_largest_direction_alone():
    model = linear(3, 3)
    before = torch.linalg.svdvals(model.weight.detach())
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    presets.spectral(0.2).attach(optimizer, model)
    without_data(model, optimizer, 1)
    after = torch.linalg.svdvals(model.weight.detach())
    torch.testing.assert_close(after, before * torch.tensor([0.98, 1.0, 1.0], **torch_double))
