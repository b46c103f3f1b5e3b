"""Saved and resumed in the middle, every decay gives the bits of an uninterrupted run."""

import io
from copy import deepcopy

import pytest
import torch
from attaching import assert_same, groups, network, run
from torch import optim

from weightdecay import InputError, attachments, presets
from weightdecay.decay import L2, Cosine, Decay, Linear

DECAYS = {
    "adamw": lambda model: presets.adamw(0.3),
    "independent": lambda model: presets.independent(0.02),
    "normalized": lambda model: presets.normalized(0.2, steps=30),
    "adams": lambda model: presets.adams(0.01),
    "adamc": lambda model: presets.adamc(0.3, to="weights"),
    "cautious": lambda model: presets.cautious(0.3),
    "awd": lambda model: presets.awd(0.3),
    "dino": lambda model: presets.dino(steps=30),
    "cosine in the loss": lambda model: Decay(0.3, schedule=Cosine(end=0.0, steps=20)),
    "linear": lambda model: Decay(0.3, on="step", schedule=Linear(end=3.0, steps=20)),
    "l1": lambda model: presets.l1(0.05),
    "lp": lambda model: presets.lp(0.05, p=0.7),
    "group_lasso": lambda model: presets.group_lasso(0.05),
    "orthogonal": lambda model: presets.orthogonal(0.1),
    "spectral": lambda model: presets.spectral(0.1),
    "to_init": lambda model: presets.to_init(0.3),
    "l2_sp": lambda model: presets.l2_sp(0.3, 0.1, {"0.weight": model[0].weight}),
    "max_norm": lambda model: presets.max_norm(0.5),
    "fixed_norm": lambda model: presets.fixed_norm(),
    "cpr": lambda model: presets.cpr(warm_start=4, factor=0.5),
    "cpr from the start": lambda model: presets.cpr(factor=0.5),
    "layer_wise": lambda model: presets.layer_wise(0.3, {"2.*": 0.5}),
}
TOTAL, CUT = 16, 7


def trained(make, dtype, resumed):
    def built():
        model = network(dtype=dtype)
        optimizer = optim.Adam(model.parameters(), lr=0.05)
        scheduler = optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=TOTAL)
        make(network(dtype=dtype)).attach(optimizer, model)
        return model, optimizer, scheduler

    model, optimizer, scheduler = built()
    if not resumed:
        return run(model, optimizer, TOTAL, scheduler=scheduler), optimizer
    run(model, optimizer, CUT, scheduler=scheduler)
    kept = io.BytesIO()
    torch.save([x.state_dict() for x in (model, optimizer, scheduler)], kept)
    kept.seek(0)
    model, optimizer, scheduler = built()
    with torch.no_grad():
        for w in model.parameters():
            w += 1.0  # what is not restored shows
    for x, state in zip(
        (model, optimizer, scheduler), torch.load(kept, weights_only=True), strict=True
    ):
        x.load_state_dict(state)
    return run(model, optimizer, TOTAL - CUT, CUT, scheduler), optimizer


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", DECAYS)
def test_resumed_is_uninterrupted(name, dtype):
    if dtype == torch.bfloat16 and name == "spectral":
        pytest.skip("torch has no singular value decomposition of bfloat16")
    whole, _ = trained(DECAYS[name], dtype, resumed=False)
    parts, _ = trained(DECAYS[name], dtype, resumed=True)
    assert all(torch.isfinite(w).all() for w in whole.parameters())
    assert_same(whole, parts)


@pytest.mark.parametrize("name", DECAYS)
def test_and_the_decay_was_at_work(name):
    decayed, _ = trained(DECAYS[name], torch.float64, resumed=True)
    model = network()
    optimizer = optim.Adam(model.parameters(), lr=0.05)
    scheduler = optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=TOTAL)
    run(model, optimizer, TOTAL, scheduler=scheduler)
    assert (decayed[0].weight - model[0].weight).abs().max() > 1e-4


def test_several_find_their_own_memory():
    def built():
        model = network()
        optimizer = optim.Adam(model.parameters(), lr=0.05)
        presets.dino(steps=20).attach(optimizer, model)
        presets.l1(0.01).attach(optimizer, model)
        presets.to_init(0.2).attach(optimizer, model)
        return model, optimizer

    whole = run(*built(), TOTAL)
    model, optimizer = built()
    run(model, optimizer, CUT)
    states = model.state_dict(), optimizer.state_dict()
    model, optimizer = built()
    model.load_state_dict(states[0])
    optimizer.load_state_dict(states[1])
    assert_same(whole, run(model, optimizer, TOTAL - CUT, CUT))


UNFROZEN = {
    "to_init": presets.to_init(0.3),
    "to_init in the loss": presets.to_init(0.3, on="loss"),
    "cpr": presets.cpr(factor=0.5),
    "cpr after a warm start": presets.cpr(factor=0.5, warm_start=4),
    "fixed_norm": presets.fixed_norm(),
    "l2_sp": presets.l2_sp(0.3, 0.1, network(seed=5).state_dict()),
}
THAWED = 5


def gradually_unfrozen(decay, kind, at=None):
    """Train the last layer, after some steps the first too; with `at`, resumed after as many."""

    def built():
        model = network()
        model[0].requires_grad_(False)
        optimizer = kind(model[2].parameters(), lr=0.05)
        scheduler = optim.lr_scheduler.StepLR(optimizer, 4, gamma=0.7)
        decay.attach(optimizer, model)
        return model, optimizer, scheduler

    def thaw(model, optimizer, scheduler):
        model[0].requires_grad_(True)
        optimizer.add_param_group({"params": model[0].parameters(), "lr": 0.02})
        scheduler.base_lrs.append(0.02)

    now = built()
    for step in range(TOTAL):
        if step == THAWED:
            thaw(*now)
        if step == at:
            states = [deepcopy(x.state_dict()) for x in now]
            now = built()
            if step >= THAWED:
                thaw(*now)
            for x, state in zip(now, states, strict=True):
                x.load_state_dict(state)
        model, optimizer, scheduler = now
        run(model, optimizer, 1, step, scheduler)
    return now[0]


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam])
@pytest.mark.parametrize("name", UNFROZEN)
def test_gradually_unfrozen_and_resumed_is_uninterrupted(name, kind):
    whole = gradually_unfrozen(UNFROZEN[name], kind)
    for at in (THAWED - 2, THAWED, THAWED + 1, THAWED + 6):
        assert_same(whole, gradually_unfrozen(UNFROZEN[name], kind, at))
    plain = gradually_unfrozen(presets.adamw(0.0), kind)
    assert (whole[0].weight - plain[0].weight).abs().max() > 1e-4


@pytest.mark.parametrize("around", ["start", "given"])
def test_a_group_added_later_returns_to_its_own_start(around):
    model = network()
    first = model[0].weight.detach().clone()
    around = "start" if around == "start" else model.state_dict()
    optimizer = optim.SGD(model[2].parameters(), lr=0.1)
    scheduler = optim.lr_scheduler.ConstantLR(optimizer, 1.0)
    model[0].requires_grad_(False)
    Decay(0.5, on="step", around=around).attach(optimizer, model)
    run(model, optimizer, 2, scheduler=scheduler)
    model[0].requires_grad_(True)
    optimizer.add_param_group({"params": model[0].parameters()})
    for _ in range(3):
        model[0].weight.grad = torch.zeros_like(first)
        optimizer.step()
        assert torch.equal(model[0].weight, first)
        with torch.no_grad():
            model[0].weight.add_(1.0)
        optimizer.step()
        torch.testing.assert_close(model[0].weight - first, torch.full_like(first, 0.95))
        with torch.no_grad():
            model[0].weight.copy_(first)


def test_a_parameter_of_a_new_group_that_has_moved_is_refused():
    model = network()
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    run(model, optimizer, 1)
    state = optimizer.state[model[0].weight]
    optimizer = optim.Adam(model[2].parameters(), lr=0.1)
    model[0].requires_grad_(False)
    presets.to_init(0.1).attach(optimizer, model)
    model[0].requires_grad_(True)
    optimizer.add_param_group({"params": model[0].parameters()})
    optimizer.state[model[0].weight] = state
    with pytest.raises(InputError, match=r"initial weights of '0\.weight' are needed"):
        run(model, optimizer, 1)


def test_the_schedule_tells_where_it_is():
    _, optimizer = trained(DECAYS["dino"], torch.float64, resumed=True)
    from weightdecay.decay import attachments

    (attached,) = attachments(optimizer)
    expected = Cosine(end=10.0, steps=30)(TOTAL) * 0.04
    assert attached.weight_decay("0.weight") == pytest.approx(expected)


def test_a_checkpoint_does_not_bring_the_optimizers_own_decay_back(caplog):
    model = network()
    saved = optim.AdamW(model.parameters(), lr=0.05, weight_decay=0.1).state_dict()
    optimizer = optim.AdamW(model.parameters(), lr=0.05, weight_decay=0.0)
    Decay(0.3, L2(), on="step").attach(optimizer, model)
    optimizer.load_state_dict(saved)
    assert optimizer.param_groups[0]["weight_decay"] == 0
    assert "0.1" in caplog.text


@pytest.mark.parametrize("decays", [[presets.l1(0.01)], [presets.l1(0.01), presets.to_init(0.1)]])
def test_a_state_saved_while_attached_has_the_optimizers_own_decay(decays, caplog):
    def own(state):
        return [group["weight_decay"] for group in state["param_groups"]]

    model = network()
    optimizer = optim.AdamW(groups(model, 0.1), lr=0.05)
    for decay in decays:
        decay.attach(optimizer, model)
    saved = optimizer.state_dict()
    assert own(saved) == [0.1, 0.0]
    assert own(vars(optimizer)) == [0.0, 0.0]
    caplog.clear()
    optimizer.load_state_dict(saved)
    assert own(vars(optimizer)) == [0.0, 0.0]
    assert caplog.text == ""  # it is no news
    never_attached = optim.AdamW(groups(network(), 0.7), lr=0.05)
    never_attached.load_state_dict(saved)
    assert own(vars(never_attached)) == [0.1, 0.0]
    for attached in attachments(optimizer):
        attached.detach()
    assert own(vars(optimizer)) == [0.1, 0.0]


def test_coefficients_by_group_come_from_a_loaded_state():
    """Built with another, loaded, and only then attached, as trainers do."""

    def built(weight_decay):
        model = network()
        return model, optim.AdamW(groups(model, weight_decay), lr=0.05)

    model, optimizer = built(0.1)
    Decay(on="step").attach(optimizer, model, per_group=True)
    run(model, optimizer, 3)
    other, resumed = built(0.9)
    other.load_state_dict(model.state_dict())
    resumed.load_state_dict(deepcopy(optimizer.state_dict()))
    attached = Decay(on="step").attach(resumed, other, per_group=True)
    assert attached.weight_decay("0.weight") == 0.1
    assert_same(run(model, optimizer, 3), run(other, resumed, 3))


def test_a_checkpoint_without_the_memory_that_is_needed_is_refused():
    model = network()
    saved = optim.Adam(model.parameters(), lr=0.05).state_dict()
    optimizer = optim.Adam(model.parameters(), lr=0.05)
    presets.dino(steps=10).attach(optimizer, model)
    with pytest.raises(InputError, match=r"no memory of .*load it first"):
        optimizer.load_state_dict(saved)


def test_a_checkpoint_of_other_parameters_is_refused():
    def built(select):
        model = network()
        optimizer = optim.Adam(model.parameters(), lr=0.05)
        presets.to_init(0.1, select=select).attach(optimizer, model)
        return optimizer

    with pytest.raises(InputError, match=r"lacks the start of '0\.bias'"):
        built("all").load_state_dict(built("weights").state_dict())
    with pytest.raises(InputError, match=r"has the start of '0\.bias'"):
        built("weights").load_state_dict(built("all").state_dict())


def test_what_is_saved_is_not_what_goes_on_changing():
    model = network()
    optimizer = optim.Adam(model.parameters(), lr=0.05)
    presets.cpr(factor=0.1).attach(optimizer, model)
    run(model, optimizer, 3)
    state = optimizer.state_dict()["weightdecay"][0]
    before = state["multipliers"]["0.weight"].clone()
    run(model, optimizer, 3)
    assert torch.equal(state["multipliers"]["0.weight"], before)
    assert state["steps"] == 3
