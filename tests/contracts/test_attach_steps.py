"""Which steps decay, and which weights: gradients, scalers, accumulation, groups, and an end."""

import logging

import pytest
import torch
from attaching import assert_same, backward, data, groups, network, pair, run
from compilers import needs_a_compiler
from torch import nn, optim

from weightdecay import L1, L2, Decay, attachments, presets
from weightdecay.decay import ElasticNet, GlobalNorm, GroupLasso

LR, LAMBDA = 0.05, 0.7
EVERY = {
    "loss": Decay(LAMBDA),
    "step": Decay(LAMBDA, on="step"),
    "prox": Decay(LAMBDA, L1(), on="prox"),
    "constraint": presets.max_norm(0.1),
    "cautious": presets.cautious(LAMBDA),
    "cpr": presets.cpr(kappa=0.01),
    "awd": presets.awd(LAMBDA),
    "global": Decay(LAMBDA, GlobalNorm(), on="step"),
}
every_decay = pytest.mark.parametrize("name", EVERY)


@every_decay
def test_without_a_gradient_a_parameter_is_left_alone(name):
    model = network()
    optimizer = optim.SGD(model.parameters(), lr=LR)
    EVERY[name].attach(optimizer, model)
    first, second = (w.detach().clone() for w in (model[0].weight, model[2].weight))
    backward(model)
    model[0].weight.grad = None
    optimizer.step()
    assert torch.equal(model[0].weight, first)
    assert not torch.equal(model[2].weight, second)


@every_decay
def test_without_any_gradient_nothing_happens(name):
    model, same = pair()
    optimizer = optim.SGD(model.parameters(), lr=LR)
    EVERY[name].attach(optimizer, model)
    optimizer.step()
    assert_same(model, same)


@pytest.mark.parametrize("fused", [False, True])
@every_decay
def test_skipped_when_the_scaler_skips(name, fused):
    """And right, on scaled gradients, when it does not."""
    ours, theirs = network(dtype=torch.float32), network(dtype=torch.float32)
    mine = optim.SGD(ours.parameters(), lr=LR, fused=fused)
    its = optim.SGD(theirs.parameters(), lr=LR, fused=fused)
    attached = EVERY[name].attach(mine, ours)
    EVERY[name].attach(its, theirs)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**10)
    for step in range(4):
        mine.zero_grad()
        x, y = data(step, torch.float32)
        scaler.scale(nn.functional.mse_loss(ours(x), y)).backward()
        before = [w.detach().clone() for w in ours.parameters()]
        if step == 1:
            ours[2].weight.grad[0, 0] = torch.inf
        scaler.step(mine)
        scaler.update()
        if step == 1:
            assert all(torch.equal(w, v) for w, v in zip(ours.parameters(), before, strict=True))
        else:
            its.zero_grad()
            backward(theirs, step)
            its.step()
    assert_same(ours, theirs, rtol=1e-4, atol=1e-6)
    assert attached.state_dict()["steps"] == 3


@every_decay
def test_accumulated_gradients_decay_once(name):
    ours, theirs = pair()
    mine, its = (optim.Adam(m.parameters(), lr=LR) for m in (ours, theirs))
    for model, optimizer in ((ours, mine), (theirs, its)):
        EVERY[name].attach(optimizer, model)
    for step in range(5):
        x, y = data(step)
        mine.zero_grad()
        for rows in (slice(0, 4), slice(4, 8), slice(8, 12), slice(12, 16)):
            (nn.functional.mse_loss(ours(x[rows]), y[rows]) / 4).backward()
        mine.step()
        its.zero_grad()
        backward(theirs, step)
        its.step()
    assert_same(ours, theirs, rtol=1e-9, atol=1e-11)


@every_decay
def test_gradients_are_as_they_were(name):
    model = network()
    optimizer = optim.Adam(model.parameters(), lr=LR)
    EVERY[name].attach(optimizer, model)
    if name in ("loss", "awd"):
        Decay(0.1, L1()).attach(optimizer, model)
    backward(model)
    before = [(w.grad, w.grad.clone()) for w in model.parameters()]
    optimizer.step()
    for w, (grad, value) in zip(model.parameters(), before, strict=True):
        assert w.grad is grad
        assert torch.equal(grad, value)


@pytest.mark.parametrize("set_to_none", [True, False])
@pytest.mark.parametrize("zeroed", [True, False], ids=["zeroed", "accumulated"])
@pytest.mark.parametrize("name", ["loss", "step", "awd"])
def test_a_closure_leaves_the_gradients_of_the_data(name, zeroed, set_to_none):
    """Those of its last call, of which LBFGS makes several; no call meets a penalty of another."""
    model = network()
    optimizer = optim.LBFGS(model.parameters(), lr=0.1, max_iter=3)
    EVERY[name].attach(optimizer, model)
    Decay(0.1, L1()).attach(optimizer, model)
    expected = [torch.zeros_like(w) for w in model.parameters()]
    calls = 0

    def closure():
        nonlocal expected, calls
        calls += 1
        if zeroed:
            optimizer.zero_grad(set_to_none=set_to_none)
            expected = [torch.zeros_like(w) for w in model.parameters()]
        x, y = data()
        loss = nn.functional.mse_loss(model(x), y)
        found = torch.autograd.grad(loss, list(model.parameters()), retain_graph=True)
        expected = [e + g for e, g in zip(expected, found, strict=True)]
        loss.backward()
        return loss

    for _ in range(2):
        optimizer.step(closure)
    assert calls > 4
    for w, g in zip(model.parameters(), expected, strict=True):
        torch.testing.assert_close(w.grad, g, rtol=1e-12, atol=1e-14)


# Torch's own, of modules that it imports when it first compiles.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "backend", ["eager", pytest.param("inductor", marks=[pytest.mark.slow, needs_a_compiler])]
)
@pytest.mark.parametrize("name", ["loss", "step", "prox", "constraint", "cautious"])
def test_a_compiled_step(name, backend):
    torch.compiler.reset()
    ours, theirs = pair()
    for model, compiled in ((ours, True), (theirs, False)):
        optimizer = optim.SGD(model.parameters(), lr=LR)
        scheduler = optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=6)
        EVERY[name].attach(optimizer, model)
        step = torch.compile(optimizer.step, backend=backend) if compiled else optimizer.step
        for i in range(6):
            optimizer.zero_grad()
            backward(model, i)
            step()
            scheduler.step()
    assert_same(ours, theirs, rtol=1e-12, atol=1e-14)


def test_several_side_by_side():
    """L2 in the loss beside proximal L1 is the elastic net that splits them so."""
    ours, theirs = pair()
    mine, its = (optim.SGD(m.parameters(), lr=LR) for m in (ours, theirs))
    Decay(0.2, L2()).attach(mine, ours)
    Decay(0.2, L1(), on="prox").attach(mine, ours)
    assert [a.decay.on for a in attachments(mine)] == ["loss", "prox"]
    for step in range(10):
        for model, optimizer in ((ours, mine), (theirs, its)):
            optimizer.zero_grad()
            backward(model, step)
        with torch.no_grad():
            for w in (theirs[0].weight, theirs[2].weight):
                w.grad += 0.2 * w
        mine.step()
        its.step()
        with torch.no_grad():
            for w in (theirs[0].weight, theirs[2].weight):
                w.copy_(L1().prox(w, LR * 0.2))
    assert_same(ours, theirs)


def test_two_in_the_loss_add_up():
    ours, theirs = pair()
    mine, its = (optim.Adam(m.parameters(), lr=LR) for m in (ours, theirs))
    Decay(0.2, L2()).attach(mine, ours)
    Decay(0.2, L1()).attach(mine, ours)
    Decay(0.4, ElasticNet(0.5)).attach(its, theirs)
    assert_same(run(ours, mine, 10), run(theirs, its, 10), rtol=1e-10, atol=1e-12)


def test_groups_keep_their_own_coefficients():
    ours, theirs = pair()
    mine = optim.Adam(groups(ours, LAMBDA), lr=LR)
    mine.param_groups[1]["weight_decay"] = 0.2
    attached = Decay(on="step", select="all").attach(mine, ours, per_group=True)
    assert attached.weight_decay("0.bias") == 0.2
    assert attached.weight_decay("0.weight") == LAMBDA
    its = optim.AdamW(groups(theirs, LAMBDA), lr=LR)
    its.param_groups[1]["weight_decay"] = 0.2
    assert_same(run(ours, mine, 10), run(theirs, its, 10))


def test_groups_keep_their_own_learning_rates():
    ours, theirs = pair()
    for model, kind, own in ((ours, optim.Adam, 0.0), (theirs, optim.AdamW, LAMBDA)):
        parts = [{"params": [model[0].weight]}, {"params": [model[2].weight], "lr": LR / 10}]
        optimizer = kind(parts, lr=LR, weight_decay=own)
        if model is ours:
            attached = Decay(LAMBDA, on="step").attach(optimizer, model)
            assert attached.amount("2.weight") == pytest.approx(LR * LAMBDA / 10)
        run(model, optimizer, 10)
    assert_same(ours, theirs)


def test_multipliers_are_groups():
    ours, theirs = pair()
    mine = optim.Adam(ours.parameters(), lr=LR)
    presets.layer_wise(LAMBDA, {"0.*": 0.25}).attach(mine, ours)
    its = optim.AdamW(groups(theirs, LAMBDA), lr=LR)
    its.param_groups[0]["params"] = [theirs[2].weight]
    its.add_param_group({"params": [theirs[0].weight], "weight_decay": LAMBDA / 4})
    assert_same(run(ours, mine, 10), run(theirs, its, 10))


@pytest.mark.parametrize("cut", ["one group", "a group each"])
def test_a_multiplier_of_0_is_no_decay_however_the_groups_are_cut(cut):
    """Not by the optimizer's own weight_decay either."""
    ours, theirs = pair()
    parts = [ours.parameters()] if cut == "one group" else [m.parameters() for m in ours]
    mine = optim.AdamW([{"params": list(ws)} for ws in parts], lr=LR, weight_decay=0.3)
    attached = presets.layer_wise(LAMBDA, {"0.*": 0.0}, select="all").attach(mine, ours)
    assert list(attached.parameters) == ["2.weight", "2.bias"]
    its = optim.AdamW(
        [
            {"params": theirs[0].parameters(), "weight_decay": 0.0},
            {"params": theirs[2].parameters(), "weight_decay": LAMBDA},
        ],
        lr=LR,
    )
    assert_same(run(ours, mine, 5), run(theirs, its, 5))
    attached.detach()
    assert all(group["weight_decay"] == 0.3 for group in mine.param_groups)


def test_a_group_added_later_decays_too():
    ours, theirs = pair()
    for model, kind in ((ours, optim.Adam), (theirs, optim.AdamW)):
        model[2].weight.requires_grad_(False)
        own = LAMBDA if model is theirs else 0.0
        optimizer = kind([model[0].weight], lr=LR, weight_decay=own)
        if model is ours:
            Decay(LAMBDA, on="step").attach(optimizer, model)
        run(model, optimizer, 3)
        model[2].weight.requires_grad_(True)
        optimizer.add_param_group({"params": [model[2].weight], "weight_decay": own})
        run(model, optimizer, 3, first=3)
    assert_same(ours, theirs)


CAST = {
    **EVERY,
    "to_init": presets.to_init(LAMBDA),
    "to_init in the loss": presets.to_init(LAMBDA, on="loss"),
    "to_init prox": presets.to_init(LAMBDA, on="prox"),
    "given": Decay(LAMBDA, around=network().state_dict()),
    "fixed_norm": presets.fixed_norm(),
    "fixed_norm of each": presets.fixed_norm(of="tensor"),
    "cpr from the start": presets.cpr(factor=0.5),
}


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16], ids=str)
@pytest.mark.parametrize("which", ["model", "layer"])
@pytest.mark.parametrize("name", CAST)
def test_cast_after_attaching_is_attached_after_casting(name, which, dtype):
    """To the last bit, the weights at attachment being exact in both; norms are not."""
    found = []
    for early in (True, False):
        model = network(dtype=torch.bfloat16).to(torch.float32)
        optimizer = optim.SGD(model.parameters(), lr=LR)
        if early:
            CAST[name].attach(optimizer, model)
        (model if which == "model" else model[2]).to(dtype)
        if not early:
            CAST[name].attach(optimizer, model)
        for step in range(6):
            draw = torch.Generator().manual_seed(step)
            for w in model.parameters():
                w.grad = torch.randn(w.shape, generator=draw).to(w.dtype)
            optimizer.step()
        found.append(model)
    assert all(w.isfinite().all() for w in found[0].parameters())
    assert_same(*found, **({"rtol": 0.02, "atol": 0.02} if "norm" in name else {}))


def test_the_decay_of_a_layer_cast_later_does_not_round_away():
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(50, 80))
    nn.init.ones_(model[1].weight)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    attached = Decay(0.01, on="step").attach(optimizer, model)
    model[1].to(torch.bfloat16)
    for _ in range(100):
        for w in model.parameters():
            w.grad = torch.zeros_like(w)
        optimizer.step()
    assert model[1].weight.float().mean().item() == pytest.approx((1 - 0.001) ** 100, rel=3e-3)
    assert attached.weight_decay("1.weight") == 0.01


def test_a_memory_of_another_dtype_is_taken():
    saved = []
    for dtype in (torch.float32, torch.bfloat16):
        model = network(dtype=dtype)
        optimizer = optim.SGD(model.parameters(), lr=LR)
        presets.to_init(LAMBDA, on="loss").attach(optimizer, model)
        saved.append(optimizer.state_dict())
    optimizer.load_state_dict(saved[0])
    run(model, optimizer, 2)
    assert attachments(optimizer)[0].state_dict()["start"]["0.weight"].dtype == torch.bfloat16


def test_detached_is_as_never_attached(caplog):
    model, same = pair()
    one, other = (optim.AdamW(groups(m, LAMBDA), lr=LR) for m in (model, same))
    with caplog.at_level(logging.WARNING, "weightdecay"):
        attached = Decay(0.3, on="step").attach(one, model)
    assert f"{LAMBDA:g} in parameter group 0" in caplog.text
    assert one.param_groups[0]["weight_decay"] == 0
    attached.detach()
    attached.detach()
    assert one.param_groups[0]["weight_decay"] == LAMBDA
    assert attachments(one) == ()
    assert "weightdecay" not in one.state_dict()
    assert_same(run(model, one, 5), run(same, other, 5))


def test_the_optimizers_own_decay_comes_back_with_the_last_to_leave():
    model = network()
    optimizer = optim.AdamW(model.parameters(), lr=LR, weight_decay=0.1)
    first = Decay(0.3, on="step").attach(optimizer, model)
    second = Decay(0.3, GroupLasso(), on="prox").attach(optimizer, model)
    first.detach()
    assert optimizer.param_groups[0]["weight_decay"] == 0
    second.detach()
    assert optimizer.param_groups[0]["weight_decay"] == 0.1


def test_penalty_is_lambda_times_omega():
    model = network()
    optimizer = optim.SGD(model.parameters(), lr=LR)
    attached = presets.layer_wise(LAMBDA, {"0.*": 0.5}, on="loss").attach(optimizer, model)
    expected = LAMBDA * (
        0.25 * model[0].weight.square().sum() + 0.5 * model[2].weight.square().sum()
    )
    torch.testing.assert_close(attached.penalty(), expected)
    assert attached.penalty().requires_grad
