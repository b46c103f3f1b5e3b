"""What one step takes, in each unit of λ: methods that coincide where theory says so."""

import math

import numpy as np
import pytest
import torch
from torch import nn, optim

from weightdecay import Decay, InputError, presets
from weightdecay.decay import Adaptive, Corrected, Cosine, Linear

LR, LAMBDA = 0.1, 0.5


def attached(decay, optimizer=optim.SGD, **options):
    model = nn.Linear(3, 2).double()
    with torch.no_grad():
        model.weight.fill_(1.0)
    made = optimizer(model.parameters(), lr=LR, **options)
    return model, made, decay.attach(made, model)


def step(model, optimizer, gradient=0.0):
    for w in model.parameters():
        w.grad = torch.full_like(w, gradient)
    optimizer.step()


def shrinkage(decay, steps=10, schedule=None, lr=LR):
    """What is left of a weight of 1 without data."""
    model = nn.Linear(3, 2).double()
    nn.init.ones_(model.weight)
    optimizer = optim.Adam(model.parameters(), lr=lr)
    scheduler = schedule(optimizer) if schedule else None
    decay.attach(optimizer, model)
    for _ in range(steps):
        step(model, optimizer)
        if scheduler:
            scheduler.step()
    return model.weight[0, 0].item()


def test_lr():
    assert shrinkage(presets.adamw(LAMBDA)) == pytest.approx((1 - LR * LAMBDA) ** 10, rel=1e-12)


@pytest.mark.parametrize(
    "schedule",
    [
        None,
        lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 10),
        lambda o: optim.lr_scheduler.LambdaLR(o, lambda t: min(1.0, (t + 1) / 5)),
    ],
    ids=["constant", "cosine", "warm-up"],
)
def test_independent_of_the_peak(schedule):
    found = [shrinkage(presets.independent(0.2), schedule=schedule, lr=lr) for lr in (1e-3, 0.5)]
    assert found[0] == pytest.approx(found[1], rel=1e-12)
    assert found[0] < 0.9
    followed = [shrinkage(presets.adamw(0.2), schedule=schedule, lr=lr) for lr in (1e-3, 0.5)]
    assert followed[0] > followed[1] + 0.1


def test_independent_under_one_cycle():
    """Its peak is that of the schedule, and not the constructor's learning rate."""

    def cycle(optimizer):
        return optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.4, total_steps=10)

    model = nn.Linear(3, 2).double()
    optimizer = optim.Adam(model.parameters(), lr=1.0)
    scheduler = cycle(optimizer)
    attached = presets.independent(LAMBDA).attach(optimizer, model)
    amounts = []
    for _ in range(9):
        amounts.append(attached.amount("weight"))
        step(model, optimizer)
        scheduler.step()
    assert max(amounts) == pytest.approx(LAMBDA, rel=0.05)


def cyclic(optimizer):
    return optim.lr_scheduler.CyclicLR(optimizer, 1e-3, 0.1, step_size_up=3, cycle_momentum=False)


@pytest.mark.parametrize("before", [True, False], ids=["scheduler first", "decay first"])
@pytest.mark.parametrize(
    "decay", [presets.independent(LAMBDA), presets.adamc(LAMBDA, to="weights")], ids=repr
)
def test_a_learning_rate_above_its_peak_is_refused(decay, before):
    """CyclicLR leaves its minimum as the initial learning rate; amounts would be 100 times λ's."""
    model = nn.Linear(3, 2).double()
    optimizer = optim.Adam(model.parameters(), lr=LR)
    scheduler = cyclic(optimizer) if before else None
    made = decay.attach(optimizer, model)
    scheduler = scheduler or cyclic(optimizer)
    step(model, optimizer)
    scheduler.step()
    with pytest.raises(InputError, match=r"^unit: .*0\.034 is above 0\.001.*'max_lr'"):
        step(model, optimizer)
    amounts = []
    for group in optimizer.param_groups:
        group["max_lr"] = 0.1  # the way out
    for _ in range(6):
        amounts.append(made.amount("weight"))
        step(model, optimizer)
        scheduler.step()
    top = LAMBDA if decay.unit == "independent" else LAMBDA * 0.1
    assert max(amounts) == pytest.approx(top)


def test_a_warm_up_by_hand_needs_its_peak():
    model, optimizer, _ = attached(presets.independent(LAMBDA))
    for group in optimizer.param_groups:
        group["lr"] = 2 * LR
    with pytest.raises(InputError, match=r"^unit: .*0\.2 is above 0\.1"):
        step(model, optimizer)


@pytest.mark.parametrize("steps", [7, 1000])
def test_rounding_is_not_above_the_peak(steps):
    def waves(optimizer):
        return optim.lr_scheduler.CosineAnnealingLR(optimizer, steps // 4)

    assert 0 < shrinkage(presets.independent(1e-3), steps=steps, schedule=waves) < 1


def test_per_step_whatever_the_learning_rate():
    assert shrinkage(Decay(0.1, on="step", unit="step"), lr=1e-9) == pytest.approx(0.9**10)


def test_normalized_is_independent_over_the_root_of_the_steps():
    assert presets.normalized(0.3, steps=9) == presets.independent(0.3 / 3)


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8])
def test_steps_may_be_an_integer_of_numpy(kind):
    assert presets.normalized(0.3, steps=kind(9)) == presets.normalized(0.3, steps=9)
    assert repr(presets.dino(steps=kind(100))) == repr(presets.dino(steps=100))
    assert repr(presets.cpr(warm_start=kind(5))) == repr(presets.cpr(warm_start=5))


def test_sgds_without_momentum_is_sgdw():
    for decay in (presets.sgds(LAMBDA), presets.sgdw(LAMBDA)):
        assert attached(decay)[2].amount("weight") == pytest.approx(LR * LAMBDA, rel=1e-14)


def test_sgds_makes_up_for_momentum():
    _, _, made = attached(presets.sgds(LAMBDA), momentum=0.9, dampening=0.5)
    assert made.amount("weight") == pytest.approx(LR * LAMBDA * 0.5 / 0.1)


def test_sgds_has_the_minimum_of_the_objective():
    """(w − 1)²/2 + λ/2·w² has its minimum at 1/(1 + λ); sgdw's is that of (1 − μ)·λ."""
    found = {}
    for name, decay in (("sgds", presets.sgds(LAMBDA)), ("sgdw", presets.sgdw(LAMBDA))):
        model = nn.Linear(1, 1, bias=False).double()
        optimizer = optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
        decay.attach(optimizer, model)
        for _ in range(4000):
            optimizer.zero_grad()
            (0.5 * (model.weight - 1).square().sum()).backward()
            optimizer.step()
        found[name] = model.weight.item()
    assert found["sgds"] == pytest.approx(1 / (1 + LAMBDA), rel=1e-2)
    assert found["sgdw"] == pytest.approx(1 / (1 + 0.1 * LAMBDA), rel=1e-2)


def test_adams_with_every_v_at_1_is_adamw():
    """A gradient of ±1 at every step makes every bias-corrected v̂ exactly 1."""
    weights = []
    for decay in (presets.adams(LAMBDA), presets.adamw(LAMBDA)):
        model, optimizer, _ = attached(decay, optim.Adam)
        for t in range(10):
            step(model, optimizer, (-1.0) ** t)
        weights.append(model.weight.detach())
    torch.testing.assert_close(*weights, rtol=1e-12, atol=0)


@pytest.mark.parametrize("amsgrad", [False, True])
def test_adams_divides_by_the_root_of_the_mean_of_v(amsgrad):
    model, optimizer, made = attached(presets.adams(LAMBDA), optim.Adam, amsgrad=amsgrad)
    for t in range(5):
        step(model, optimizer, 3.0 / (t + 1))
        key = "max_exp_avg_sq" if amsgrad else "exp_avg_sq"
        v = torch.cat([optimizer.state[w][key].flatten() for w in model.parameters()])
        spread = math.sqrt(v.mean().item() / (1 - 0.999 ** (t + 1)))
        assert made.amount("weight") == pytest.approx(LR * LAMBDA / spread, rel=1e-12)


def test_adams_without_any_gradient_so_far_does_nothing():
    model, optimizer, _ = attached(presets.adams(LAMBDA), optim.Adam)
    step(model, optimizer)
    assert (model.weight == 1).all()


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam, optim.AdamW, optim.NAdam, optim.RAdam])
def test_stable_is_for_what_keeps_a_momentum_or_a_second_moment(kind):
    model, optimizer, made = attached(presets.adams(LAMBDA), kind)
    for t in range(3):
        step(model, optimizer, 1.0 + t)
    assert 0 < made.amount("weight") < 1


@pytest.mark.parametrize(
    "kind", [optim.Adamax, optim.Adagrad, optim.RMSprop, optim.Adadelta, optim.ASGD, optim.Rprop]
)
def test_stable_needs_to_know_the_optimizer(kind):
    """Adamax has betas too, and the largest gradient in place of v."""
    with pytest.raises(InputError, match=f"'stable' is for SGD and .* not for {kind.__name__}$"):
        attached(presets.adams(LAMBDA), kind)


class Lion(optim.Optimizer):
    """Of others: betas, and no second moment."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, {"lr": lr, "betas": (0.9, 0.99)})

    @torch.no_grad()
    def step(self, closure=None):
        for w in self.param_groups[0]["params"]:
            average = self.state[w].setdefault("exp_avg", torch.zeros_like(w))
            w.sub_(average.lerp_(w.grad, 0.1).sign(), alpha=self.param_groups[0]["lr"])


def test_stable_on_others_optimizers_is_refused_once_their_state_tells():
    model, optimizer, _ = attached(presets.adams(LAMBDA), Lion)
    step(model, optimizer, 1.0)
    with pytest.raises(InputError, match=r"second moment \(exp_avg_sq\), not for Lion"):
        step(model, optimizer, 1.0)


def test_adamc_at_a_constant_learning_rate_is_adamw():
    amounts = [
        attached(d)[2].amount("weight")
        for d in (presets.adamc(LAMBDA, to="weights"), presets.adamw(LAMBDA))
    ]
    assert amounts[0] == pytest.approx(amounts[1], rel=1e-14)


def test_adamc_corrects_what_a_normalisation_follows():
    model = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1))
    optimizer = optim.SGD(model.parameters(), lr=LR)
    scheduler = optim.lr_scheduler.ConstantLR(optimizer, 0.25, total_iters=99)
    made = presets.adamc(LAMBDA).attach(optimizer, model)
    assert scheduler.get_last_lr() == [LR / 4]
    assert made.amount("0.weight") == pytest.approx(LAMBDA * LR / 16)
    assert made.amount("2.weight") == pytest.approx(LAMBDA * LR / 4)


@pytest.mark.parametrize(
    "decay", [presets.independent(0.1), Decay(0.1, on="step", unit=Corrected())]
)
def test_a_peak_of_0_is_refused(decay):
    model = nn.Linear(2, 1)
    with pytest.raises(InputError, match="peak learning rate of group 0 is 0"):
        decay.attach(optim.SGD(model.parameters(), lr=0.0), model)


def test_adaptive_averages_the_ratio_of_the_norms():
    model, optimizer, made = attached(presets.awd(LAMBDA, beta=0.25), momentum=0.0)
    average = 0.0
    for t in range(4):
        norm = model.weight.norm().item()
        before = model.weight.detach().clone()
        step(model, optimizer, 1.0 + t)
        slope = (1.0 + t) * math.sqrt(6)
        average = 0.25 * average + 0.75 * LAMBDA * slope / norm
        assert made.weight_decay("weight") == pytest.approx(average, rel=1e-12)
        torch.testing.assert_close(model.weight, before - LR * (1.0 + t + average * before))


def test_dino():
    decay = presets.dino(steps=100)
    model, optimizer, made = attached(decay)
    found = []
    for _ in range(120):
        found.append(made.weight_decay("weight"))
        step(model, optimizer)
    expected = [0.4 + 0.5 * (0.04 - 0.4) * (1 + math.cos(math.pi * t / 100)) for t in range(100)]
    assert found == pytest.approx([*expected, *[0.4] * 20])


def test_a_schedule_of_ones_own():
    _, _, made = attached(Decay(LAMBDA, on="step", schedule=lambda t: 2.0**-t))
    model, optimizer = made._model, made.optimizer
    step(model, optimizer)
    assert made.weight_decay("weight") == LAMBDA / 2


def test_linear_reaches_its_end_at_the_last_step():
    schedule = Linear(end=0.0, steps=5)
    assert [schedule(t) for t in range(7)] == [1, 0.75, 0.5, 0.25, 0, 0, 0]
    assert Linear(end=2.0, steps=1)(0) == 1


@pytest.mark.parametrize("kind", [Linear, Cosine])
@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"end": -1.0, "steps": 3}, "end=-1.0"),
        ({"end": math.nan, "steps": 3}, "end=nan"),
        ({"end": True, "steps": 3}, "end=True"),
        ({"end": 1.0, "steps": 0}, "steps=0"),
        ({"end": 1.0, "steps": 2.5}, "steps=2.5"),
        ({"end": 1.0, "steps": "3"}, "steps='3'"),
    ],
)
def test_bad_schedules(kind, arguments, names):
    with pytest.raises(InputError, match=names):
        kind(**arguments)


@pytest.mark.parametrize("beta", [-0.1, 1.0, math.nan])
def test_bad_average(beta):
    with pytest.raises(InputError, match="beta"):
        Adaptive(beta)
