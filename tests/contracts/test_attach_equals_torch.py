"""An attached L2 is torch's own weight_decay, to the last bit, on every optimizer that has it."""

import pytest
import torch
from attaching import assert_same, backward, data, groups, network, pair, run
from torch import nn, optim

from weightdecay import L2, Decay

LR, LAMBDA, STEPS = 0.05, 0.7, 25  # ηλ = 0.035: forgotten, it shows at the first step
PATHS = [{"foreach": False}, {"foreach": True}, {"fused": True}]

COUPLED = [
    (optim.SGD, {}),
    (optim.SGD, {"momentum": 0.9}),
    (optim.SGD, {"momentum": 0.9, "nesterov": True}),
    (optim.SGD, {"momentum": 0.5, "dampening": 0.5}),
    (optim.SGD, {"momentum": 0.9, "maximize": True}),
    (optim.Adam, {}),
    (optim.Adam, {"amsgrad": True}),
    (optim.Adam, {"maximize": True}),
    (optim.RMSprop, {}),
    (optim.RMSprop, {"centered": True, "momentum": 0.5}),
    (optim.Adagrad, {}),
    (optim.Adadelta, {}),
    (optim.Adamax, {}),
    (optim.NAdam, {}),
    (optim.RAdam, {}),
]
DECOUPLED = [
    (optim.AdamW, {}),
    (optim.AdamW, {"amsgrad": True}),
    (optim.AdamW, {"maximize": True}),
    (optim.NAdam, {"decoupled_weight_decay": True}),
    (optim.RAdam, {"decoupled_weight_decay": True}),
    (optim.Adafactor, {}),
]


def supported(kind, path):
    return "fused" not in path or kind in (optim.SGD, optim.Adam, optim.AdamW)


def named(case):
    kind, options = case
    return "-".join([kind.__name__, *options])


def assert_is_torchs(kind, options, on, path, **tolerance):
    ours, theirs = pair()
    mine = kind(ours.parameters(), lr=LR, weight_decay=0.0, **options, **path)
    Decay(LAMBDA, L2(), on=on).attach(mine, ours)
    run(ours, mine, STEPS)
    run(theirs, kind(groups(theirs, LAMBDA), lr=LR, **options, **path), STEPS)
    assert_same(ours, theirs, **tolerance)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: next(iter(p.items())).__repr__())
@pytest.mark.parametrize("case", COUPLED, ids=named)
def test_in_the_loss(case, path):
    if not supported(case[0], path):
        pytest.skip("torch has no such path")
    # A fused kernel multiplies and adds λ·w in one rounding.
    tolerance = {"rtol": 1e-12, "atol": 1e-14} if "fused" in path else {}
    assert_is_torchs(*case, "loss", path, **tolerance)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: next(iter(p.items())).__repr__())
@pytest.mark.parametrize("case", DECOUPLED, ids=named)
def test_on_the_step(case, path):
    if not supported(case[0], path):
        pytest.skip("torch has no such path")
    tight = {"rtol": 1e-12, "atol": 1e-14}
    tolerance = tight if "fused" in path or case[0] is optim.Adafactor else {}
    assert_is_torchs(*case, "step", path, **tolerance)


def test_the_paths_agree():
    found = []
    for path in PATHS:
        model = network()
        optimizer = optim.AdamW(model.parameters(), lr=LR, weight_decay=0.0, **path)
        Decay(LAMBDA, L2(), on="step").attach(optimizer, model)
        found.append(run(model, optimizer, STEPS))
    for other in found[1:]:
        assert_same(found[0], other, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: next(iter(p.items())).__repr__())
def test_learning_rate_as_a_tensor(path):
    if path == {"foreach": True}:
        pytest.skip("torch takes a tensor with foreach only where it can capture graphs")
    ours, theirs = pair()
    mine = optim.AdamW(
        ours.parameters(), lr=torch.tensor(LR, dtype=torch.float64), weight_decay=0.0, **path
    )
    Decay(LAMBDA, L2(), on="step").attach(mine, ours)
    its = optim.AdamW(groups(theirs, LAMBDA), lr=torch.tensor(LR, dtype=torch.float64), **path)
    assert_same(run(ours, mine, STEPS), run(theirs, its, STEPS), rtol=1e-12, atol=1e-14)


def test_adamw_without_data_shrinks_geometrically():
    model = network()
    start = model[0].weight.norm().item()
    optimizer = optim.AdamW(model.parameters(), lr=LR, weight_decay=0.0)
    Decay(LAMBDA, L2(), on="step").attach(optimizer, model)
    for _ in range(STEPS):
        for w in model.parameters():
            w.grad = torch.zeros_like(w)
        optimizer.step()
    assert model[0].weight.norm().item() == pytest.approx(
        start * (1 - LR * LAMBDA) ** STEPS, rel=1e-12
    )


@pytest.mark.parametrize("strength", [1e-3, 1.0, 1e3])
def test_adam_coupled_without_data_moves_by_the_learning_rate_whatever_lambda_is(strength):
    model = network()
    before = model[0].weight.detach().clone()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    Decay(strength, L2(), on="loss").attach(optimizer, model)
    for w in model.parameters():
        w.grad = torch.zeros_like(w)
    optimizer.step()
    moved = (before - model[0].weight).abs()
    torch.testing.assert_close(moved, torch.full_like(moved, 1e-3), rtol=1e-3, atol=0)


@pytest.mark.parametrize("returns", [True, False], ids=["the loss", "nothing"])
@pytest.mark.parametrize(("kind", "on"), [(optim.SGD, "loss"), (optim.AdamW, "step")])
def test_with_a_closure(kind, on, returns):
    ours, theirs = pair()
    mine = kind(ours.parameters(), lr=LR, weight_decay=0.0)
    Decay(LAMBDA, L2(), on=on).attach(mine, ours)
    its = kind(groups(theirs, LAMBDA), lr=LR)
    for step in range(STEPS):
        for model, optimizer in ((ours, mine), (theirs, its)):

            def closure(model=model, optimizer=optimizer, step=step):
                optimizer.zero_grad()
                loss = backward(model, step)
                return loss if returns else None

            told = optimizer.step(closure)
            assert returns or told is None
    assert_same(ours, theirs)


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
@pytest.mark.parametrize("as_keyword", [False, True])
def test_lbfgs_minimises_loss_and_penalty(search, as_keyword):
    """As it does with the penalty written into the closure."""
    ours, theirs = pair()
    losses = []
    for model, attach in ((ours, True), (theirs, False)):
        optimizer = optim.LBFGS(model.parameters(), lr=0.5, max_iter=5, line_search_fn=search)
        if attach:
            Decay(0.1, L2(), on="loss").attach(optimizer, model)

        def closure(model=model, optimizer=optimizer, attach=attach):
            optimizer.zero_grad()
            x, y = data()
            loss = nn.functional.mse_loss(model(x), y)
            if not attach:
                weights = (model[0].weight, model[2].weight)
                loss = loss + 0.05 * sum(w.square().sum() for w in weights)
            loss.backward()
            return loss

        for _ in range(10):
            loss = optimizer.step(closure=closure) if as_keyword else optimizer.step(closure)
        losses.append(loss.item())
    assert_same(ours, theirs, rtol=1e-8, atol=1e-10)
    assert losses[0] == pytest.approx(losses[1])


def test_lbfgs_on_the_step_decays_once_a_step():
    ours, theirs = pair()
    for model in (ours, theirs):
        optimizer = optim.LBFGS(model.parameters(), lr=0.1, max_iter=4)
        if model is ours:
            Decay(LAMBDA, L2(), on="step").attach(optimizer, model)

        def closure(model=model, optimizer=optimizer):
            optimizer.zero_grad()
            return backward(model)

        before = [w.detach().clone() for w in (model[0].weight, model[2].weight)]
        optimizer.step(closure)
    for w, v, first in zip(
        (ours[0].weight, ours[2].weight), (theirs[0].weight, theirs[2].weight), before, strict=True
    ):
        torch.testing.assert_close(w, v - 0.1 * LAMBDA * first)
