"""What a Monitor writes, against what the optimizer then does."""

import math

import pytest
import torch
from torch import nn

import weightdecay as wd
from weightdecay.errors import InputError

LR = 0.1


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Tanh(), nn.Linear(4, 1)).double()


def loss_of(model):
    return (model(torch.arange(15, dtype=torch.float64).reshape(5, 3)) - 1).square().mean()


def bare(numbers):
    return {key.removeprefix("weight_decay/"): value for key, value in numbers.items()}


def start(way):
    """A network, its optimizer and a Monitor, with λ = 0.5 by one of five ways."""
    model = network()
    own = 0.5 if way.startswith("torch") else 0.0
    kind = torch.optim.AdamW if way == "torch adamw" else torch.optim.SGD
    groups = wd.param_groups(model, own)
    optimizer = kind(groups, lr=LR)
    decay = wd.Decay(0.5, on="step" if way == "on the step" else "loss")
    if way in ("on the step", "in the loss"):
        decay.attach(optimizer, model)
    monitor = wd.Monitor(model, optimizer, decay=decay if way == "penalty" else None)
    loss = loss_of(model)
    (loss + wd.penalty(model, decay) if way == "penalty" else loss).backward()
    return model, optimizer, monitor, loss


WAYS = ["torch sgd", "torch adamw", "on the step", "in the loss", "penalty"]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_decay_gives_the_same_numbers(way):
    _, _, monitor, loss = start(way)
    found = bare(monitor.record(loss))
    plain = network()
    loss_of(plain).backward()
    weights = {name: plain.get_parameter(name) for name in ("0.weight", "3.weight")}
    assert found["data_loss"] == loss.item()
    squares = sum(w.square().sum().item() for w in weights.values())
    assert found["penalty"] == pytest.approx(0.5 * 0.5 * squares)
    assert found["weight_norm"] == pytest.approx(squares**0.5)
    for name, w in weights.items():
        norm, slope = w.norm().item(), w.grad.norm().item()
        assert found[f"weight_norm/{name}"] == pytest.approx(norm)
        assert found[f"decay_to_gradient/{name}"] == pytest.approx(0.5 * norm / slope, rel=1e-6)
        assert found[f"relative_step/{name}"] == pytest.approx(LR * slope / norm, rel=1e-6)
    # LayerNorm follows the first layer alone.
    norm = weights["0.weight"].norm().item()
    assert found["effective_lr/0.weight"] == pytest.approx(LR / norm**2, rel=1e-6)
    assert "effective_lr/3.weight" not in found


@pytest.mark.parametrize("omega", [wd.L1(), wd.Norm(), wd.L2()], ids=["L1", "norm", "L2"])
def test_the_ratio_is_of_the_step_that_sgd_then_takes(omega):
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    wd.Decay(0.5, omega, on="step", multipliers={"3.*": 2.0}).attach(optimizer, model)
    loss_of(model).backward()
    before = {name: w.detach().clone() for name, w in model.named_parameters()}
    found = bare(wd.Monitor(model, optimizer).record())
    optimizer.step()
    for name in ("0.weight", "3.weight"):
        w = model.get_parameter(name)
        by_gradient = LR * w.grad
        by_decay = before[name] - w.detach() - by_gradient
        ratio = (by_decay.norm() / by_gradient.norm()).item()
        assert found[f"decay_to_gradient/{name}"] == pytest.approx(ratio, rel=1e-6)


def halved_by(step):
    return 0.5**step


@pytest.mark.parametrize("step", [0, 3])
@pytest.mark.parametrize("of", ["multipliers", "around", "schedule", "l2_sp", "global norm"])
def test_a_penalty_in_the_loss_is_the_one_that_was_added(of, step):
    model = network()
    given = {"0.weight": model.get_parameter("0.weight").detach() + 0.1}
    decay = {
        "multipliers": wd.Decay(0.5, multipliers={"0.*": 0.1, "3.*": 0.0}),
        "around": wd.Decay(0.5, wd.L1(), around=given),
        "schedule": wd.Decay(0.5, schedule=halved_by),
        "l2_sp": wd.presets.l2_sp(0.5, 0.1, given),
        "global norm": wd.Decay(0.5, wd.decay.GlobalNorm(), multipliers={"3.*": 2.0}),
    }[of]
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    monitor = wd.Monitor(model, optimizer, decay=decay)
    loss, penalty = loss_of(model), wd.penalty(model, decay, step=step)
    slopes = torch.autograd.grad(
        penalty, list(model.parameters()), allow_unused=True, retain_graph=True
    )
    (loss + penalty).backward()
    found = bare(monitor.record(loss, step))
    plain = network()
    loss_of(plain).backward()
    assert found["penalty"] == penalty.item()
    for (name, w), slope in zip(plain.named_parameters(), slopes, strict=True):
        if name in ("0.weight", "3.weight"):
            ratio = 0.0 if slope is None else (slope.norm() / w.grad.norm()).item()
            assert found[f"decay_to_gradient/{name}"] == pytest.approx(ratio, rel=1e-6)
            step_of_sgd = (LR * w.grad.norm() / w.norm()).item()
            assert found[f"relative_step/{name}"] == pytest.approx(step_of_sgd, rel=1e-6)


def test_gradients_may_be_sparse():
    """As those of an embedding: the same numbers as with dense ones."""
    found = []
    for sparse in (True, False):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Embedding(6, 3, sparse=sparse), nn.Linear(3, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=LR)
        wd.Decay(0.5, on="step", select="all").attach(optimizer, model)
        loss = model(torch.tensor([1, 1, 4])).square().mean()
        loss.backward()
        assert model[0].weight.grad.is_sparse == sparse
        in_loss = wd.Decay(0.1, select="all")
        for decay in (None, in_loss):
            monitor = wd.Monitor(model, optimizer, decay=decay, select="all")
            found.append(monitor.record(loss))
        optimizer.step()
    assert "weight_decay/decay_to_gradient/0.weight" in found[0]
    for sparse, dense in zip(found[:2], found[2:], strict=True):
        assert sparse == pytest.approx(dense, rel=1e-6)


def test_of_a_cautious_decay_it_tells_what_the_mask_may_leave():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    wd.presets.cautious(0.5).attach(optimizer, model)
    loss_of(model).backward()
    before = model.get_parameter("0.weight").detach().clone()
    found = bare(wd.Monitor(model, optimizer).record())
    optimizer.step()
    w = model.get_parameter("0.weight")
    taken = (before - w.detach() - LR * w.grad).norm() / (LR * w.grad.norm())
    assert 0 < taken.item() < found["decay_to_gradient/0.weight"]


def test_watching_changes_nothing():
    done = []
    for watched in (True, False):
        model = network()
        optimizer = torch.optim.Adam(model.parameters(), lr=LR)
        wd.Decay(0.5, on="step").attach(optimizer, model)
        monitor = wd.Monitor(model, optimizer)
        for _ in range(5):
            optimizer.zero_grad()
            loss = loss_of(model)
            loss.backward()
            if watched:
                monitor.record(loss)
            optimizer.step()
        done.append(nn.utils.parameters_to_vector(model.parameters()))
    assert torch.equal(*done)


def test_constraints_and_units_not_yet_known_are_left_out():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    decay = wd.Decay(1.0, wd.decay.MaxNorm(1.0), on="constraint", unit="step")
    decay.attach(optimizer, model)
    loss_of(model).backward()
    found = bare(wd.Monitor(model, optimizer).record())
    assert found["penalty"] == 0
    assert found["decay_to_gradient/0.weight"] == 0
    assert found["weight_norm/0.weight"] > 0


def test_generalization_gap_is_against_the_mean_since_the_last_validation():
    _, _, monitor, _ = start("torch sgd")
    for loss in (1.0, torch.tensor(2.0)):
        monitor.record(loss)
    assert bare(monitor.validated(4.0)) == {"validation_loss": 4.0, "generalization_gap": 2.5}
    assert bare(monitor.validated(5.0)) == {"validation_loss": 5.0}
    monitor.record(3.0)
    assert bare(monitor.validated(torch.tensor(5.0)))["generalization_gap"] == 2.0


class Writer:
    """What TensorBoard's SummaryWriter has."""

    def __init__(self):
        self.written = {}

    def add_scalar(self, key, value, step):
        self.written.setdefault(step, {})[key] = value


class Run:
    """What a run of Weights & Biases has."""

    def __init__(self):
        self.written = {}

    def log(self, numbers, step):
        self.written[step] = numbers


@pytest.mark.parametrize("kind", [Writer, Run, "callable", dict])
def test_the_same_numbers_reach_every_kind_of_writer(kind):
    model, optimizer, _, loss = start("torch sgd")
    run = Run()
    to = run.log if kind == "callable" else kind()
    monitor = wd.Monitor(model, optimizer, to, every=2, prefix="p/")
    numbers = [monitor.record(loss) for _ in range(3)]
    assert [bool(found) for found in numbers] == [True, False, True]
    assert all(key.startswith("p/") for key in numbers[0])
    if kind is dict:
        assert to.pop("step") == [0, 2]
        assert to == {key: [value] * 2 for key, value in numbers[0].items()}
    else:
        written = run.written if kind == "callable" else to.written
        assert written == {0: numbers[0], 2: numbers[2]}


def test_a_mapping_is_a_table():
    model, optimizer, _, loss = start("torch sgd")
    history = {}
    monitor = wd.Monitor(model, optimizer, history)
    monitor.record()
    monitor.record(loss)
    monitor.validated(2.0)
    monitor.record(loss)
    assert history["step"] == [0, 1, 1, 2]
    assert {len(column) for column in history.values()} == {4}
    missing = {
        key.removeprefix("weight_decay/"): [math.isnan(number) for number in column]
        for key, column in history.items()
    }
    assert missing["penalty"] == [False, False, True, False]
    assert missing["data_loss"] == [True, False, True, False]
    assert missing["validation_loss"] == [True, True, False, True]


def test_a_table_has_what_is_not_yet_known_as_nan():
    """λ of AdamS follows the second moments, and is none before the first step."""
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    wd.presets.adams(0.5).attach(optimizer, model)
    history = {"mine": [1]}
    monitor = wd.Monitor(model, optimizer, history)
    for _ in range(2):
        optimizer.zero_grad()
        loss_of(model).backward()
        monitor.record()
        optimizer.step()
    assert history.pop("mine") == [1]
    assert {len(column) for column in history.values()} == {2}
    ratios = history["weight_decay/decay_to_gradient"]
    assert [math.isnan(ratio) for ratio in ratios] == [True, False]


def test_real_tensorboard_takes_it(tmp_path):
    tensorboard = pytest.importorskip(
        "torch.utils.tensorboard", reason="tensorboard is not installed", exc_type=ImportError
    )
    model, optimizer, _, loss = start("torch sgd")
    with tensorboard.SummaryWriter(str(tmp_path)) as writer:
        wd.Monitor(model, optimizer, writer).record(loss)
    assert any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"to": 3}, "^to: int"),
        ({"every": 0}, "^every: 0"),
        ({"every": 1.5}, "^every: 1.5"),
        ({"every": "two"}, "^every: 'two'"),
        ({"every": None}, "^every: None"),
        ({"decay": wd.Decay(0.1, on="step")}, "^decay: on='step'"),
        ({"decay": wd.Decay(0.1, around="start")}, "^decay: the initial weights"),
        ({"decay": wd.presets.awd(0.1)}, "^decay: λ of Adaptive"),
        ({"decay": wd.Decay(0.1, multipliers={"9.*": 2})}, r"^multipliers: '9\.\*'"),
        ({"scale_invariant": ["9.weight"]}, "^scale_invariant.*'9.weight'"),
        ({"select": "none"}, "^select: 'none'"),
    ],
)
def test_bad_input_is_named(arguments, named):
    model = network()
    with pytest.raises(InputError, match=named):
        wd.Monitor(model, torch.optim.SGD(model.parameters()), **arguments)
