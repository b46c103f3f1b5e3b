"""The penalty as a number of its own."""

import pytest
import torch
from torch import nn

import weightdecay as wd
from weightdecay.errors import InputError

L2, L1, Norm = wd.L2(), wd.L1(), wd.Norm()


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Tanh(), nn.Linear(4, 1)).double()


@pytest.mark.parametrize("omega", [L2, L1, Norm], ids=["L2", "L1", "norm"])
def test_its_gradient_is_the_decays_and_reaches_nothing_else(omega):
    model = network()
    wd.penalty(model, wd.Decay(0.3, omega)).backward()
    for name, w in model.named_parameters():
        if name in wd.selected(model, "weights"):
            torch.testing.assert_close(w.grad, 0.3 * omega.gradient(w.detach()))
        else:
            assert w.grad is None


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.Adam])
def test_added_to_the_loss_it_trains_as_the_attached_decay_and_as_torchs_own(optimizer):
    done = []
    for way in ("penalty", "attached", "torch"):
        model, decay = network(), wd.Decay(0.2, select="all")
        own = {"weight_decay": 0.2} if way == "torch" else {}
        steps = optimizer(model.parameters(), lr=0.1, **own)
        if way == "attached":
            decay.attach(steps, model)
        for _ in range(10):
            steps.zero_grad()
            loss = model(torch.ones(5, 3, dtype=torch.float64)).square().mean()
            (loss + wd.penalty(model, decay) if way == "penalty" else loss).backward()
            steps.step()
        done.append(nn.utils.parameters_to_vector(model.parameters()).detach())
    torch.testing.assert_close(done[0], done[1], rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(done[0], done[2], rtol=1e-10, atol=1e-12)
    assert not torch.equal(done[0], nn.utils.parameters_to_vector(network().parameters()))


def test_multipliers_points_and_schedules():
    model = network()
    plain = wd.penalty(model, wd.Decay(0.1))
    first, last = (0.1 * L2.value(model[i].weight) for i in (0, 3))
    torch.testing.assert_close(plain, first + last)
    decay = wd.Decay(0.1, multipliers={"0.weight": 3.0})
    torch.testing.assert_close(wd.penalty(model, decay), 3 * first + last)
    decay = wd.Decay(0.1, around={"0.weight": model[0].weight.detach().clone()})
    torch.testing.assert_close(wd.penalty(model, decay), last)
    decay = wd.Decay(0.1, schedule=lambda step: 2.0 * step)
    torch.testing.assert_close(wd.penalty(model, decay, step=3), 6 * plain)


def test_nothing_selected_is_zero_and_so_is_no_decay():
    assert wd.penalty(nn.LayerNorm(3), wd.Decay(0.1)) == 0
    assert wd.penalty(network(), wd.Decay(0.0)) == 0


@pytest.mark.parametrize(
    ("decay", "named"),
    [
        (wd.Decay(0.1, on="step"), "on='step'.*attach"),
        (wd.Decay(0.1, on="prox"), "on='prox'.*attach"),
        (wd.Decay(0.1, around="start"), "initial weights"),
        (wd.Decay(0.1, schedule=lambda step: 1.0), "^step"),
        (wd.Decay(0.1, multipliers={"9.weight": 2.0}), "'9.weight'"),
    ],
)
def test_bad_input_is_named(decay, named):
    with pytest.raises(InputError, match=named):
        wd.penalty(network(), decay)
