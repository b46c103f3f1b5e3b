"""The table says what the optimizer then does."""

import pytest
import torch
from torch import nn

import weightdecay as wd
from weightdecay.apply._audit._table import Row


def row(audit: wd.Audit, name: str = "weight") -> Row:
    return next(row for row in audit.rows if row.name == name)


def run(optimizer: torch.optim.Optimizer, w: torch.Tensor, steps: int) -> float:
    """Share of w that is left after steps without a gradient from the data."""
    before = w.detach().clone()
    for _ in range(steps):
        w.grad = torch.zeros_like(w)
        optimizer.step()
    return float(w.detach()[0, 0] / before[0, 0])


def linear() -> nn.Linear:
    return nn.Linear(3, 1, bias=False).double()


def test_left_is_what_adamw_leaves() -> None:
    model = linear()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.2)
    audit = wd.audit(model, optimizer, steps_per_epoch=10, total_steps=40)
    said = row(audit)
    assert said.weight_decay == 0.2
    assert said.amount == pytest.approx(0.02)
    (values,) = audit.to_dict()["parameters"]
    assert values["half_life_epochs"] == pytest.approx(said.half_life / 10)
    assert values["left"] == pytest.approx(run(optimizer, model.weight, 40))
    assert said.left(1) ** said.half_life == pytest.approx(0.5)


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize(
    ("momentum", "dampening"), [(0.0, 0.0), (0.5, 0.0), (0.9, 0.0), (0.9, 0.5)]
)
def test_factor_is_that_of_sgd_in_the_long_run(
    momentum: float, dampening: float, nesterov: bool
) -> None:
    if nesterov and (not momentum or dampening):
        pytest.skip("torch has no such nesterov")
    model = linear()
    optimizer = torch.optim.SGD(
        model.parameters(),
        lr=0.1,
        momentum=momentum,
        dampening=dampening,
        nesterov=nesterov,
        weight_decay=0.01,
    )
    said = row(wd.audit(model, optimizer))
    run(optimizer, model.weight, 300)  # until the momentum has settled
    assert said.factor == pytest.approx(run(optimizer, model.weight, 1), rel=1e-9)
    assert said.left(50) == pytest.approx(run(optimizer, model.weight, 50), rel=1e-6)


def test_no_half_life_where_the_rate_is_no_constant() -> None:
    model = linear()
    for optimizer in (
        torch.optim.Adam(model.parameters(), weight_decay=0.1),
        # momentum and decay so strong that the weight swings
        torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9, weight_decay=0.5),
    ):
        said = row(wd.audit(model, optimizer))
        assert said.acting
        assert said.half_life is None
        assert said.left(10) is None


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("SGD", "loss"),
        ("Adam", "loss"),
        ("NAdam", "loss"),
        ("RAdam", "loss"),
        ("RMSprop", "loss"),
        ("Adagrad", "loss"),
        ("Adadelta", "loss"),
        ("Adamax", "loss"),
        ("ASGD", "loss"),
        ("AdamW", "step"),
        ("Adafactor", "step"),
        ("Muon", "step"),
    ],
)
def test_form_of_torchs_optimizers(kind: str, form: str) -> None:
    model = linear()
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=0.01, weight_decay=0.1)
    (pull,) = row(wd.audit(model, optimizer)).acting
    assert (pull.form, pull.source, pull.penalty) == (form, "optimizer", "L2")


@pytest.mark.parametrize("kind", ["Adam", "NAdam", "RAdam"])
def test_decoupled_by_a_flag(kind: str) -> None:
    model = linear()
    optimizer = getattr(torch.optim, kind)(
        model.parameters(), lr=0.01, weight_decay=0.1, decoupled_weight_decay=True
    )
    audit = wd.audit(model, optimizer)
    assert row(audit).acting[0].form == "step"
    assert audit.findings == ()


def test_an_optimizer_that_is_not_known_is_not_guessed() -> None:
    class Mine(torch.optim.Optimizer):
        def __init__(self, params, lr, weight_decay):
            super().__init__(params, {"lr": lr, "weight_decay": weight_decay})

    model = linear()
    (pull,) = row(wd.audit(model, Mine(model.parameters(), 0.1, 0.1))).acting
    assert pull.form == "unknown"
    assert pull.factor is None


@pytest.mark.parametrize("on", ["loss", "step", "prox"])
def test_an_attached_decay(on: str) -> None:
    model = linear()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    wd.Decay(0.2, wd.L2(), on=on).attach(optimizer, model)
    audit = wd.audit(model, optimizer)
    said = row(audit)
    assert (said.acting[0].source, said.acting[0].form) == ("attached", on)
    assert said.weight_decay == pytest.approx(0.2)
    assert said.amount == pytest.approx(0.02)
    assert said.left(20) == pytest.approx(run(optimizer, model.weight, 20))
    assert audit.findings == ()


def test_an_attached_decay_of_another_penalty_has_no_half_life() -> None:
    model = linear()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    wd.Decay(0.2, wd.L1(), on="prox").attach(optimizer, model)
    said = row(wd.audit(model, optimizer))
    assert said.acting[0].penalty == "L1"
    assert said.half_life is None


def test_a_penalty_and_an_attached_decay_on_one_weight() -> None:
    model = linear()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    wd.Decay(0.2, wd.L2(), on="step").attach(optimizer, model)
    audit = wd.audit(model, optimizer, lambda m: 0.1 * m.weight.square().sum())
    assert [f.code for f in audit.findings] == ["decayed-twice"]
    assert row(audit).weight_decay is None  # not one number: one on the step, one in the loss
    assert row(audit).factor == pytest.approx(0.98**2)


def test_sixteen_bits_under_an_attached_decay_are_no_finding() -> None:
    model = linear().to(torch.bfloat16)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0)
    wd.Decay(1e-2, wd.L2(), on="step").attach(optimizer, model)
    assert wd.audit(model, optimizer).findings == ()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_rounding_away_is_what_happens(dtype: torch.dtype) -> None:
    """Under the threshold no weight moves; just over twice of it, every weight does."""
    from weightdecay.apply._audit._rules_rate import threshold

    w = torch.linspace(1, 2, 1001)[1:-1].to(dtype)
    w = w[(w > 1) & (w < 2)]
    assert bool((w * (1 - 0.99 * threshold(dtype)) == w).all())
    assert bool((w * (1 - 4.01 * threshold(dtype)) != w).all())


def test_tied_frozen_and_two_optimizers() -> None:
    model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5, bias=False), nn.Linear(5, 2))
    model[1].weight = model[0].weight
    model[2].bias.requires_grad_(False)
    one = torch.optim.SGD([model[0].weight], lr=0.1, weight_decay=0.01)
    two = torch.optim.AdamW([model[2].weight], lr=0.1, weight_decay=0.01)
    audit = wd.audit(model, [one, two])
    assert audit.findings == ()
    table = audit.to_dataframe().set_index("name")
    assert table.loc["0.weight"].tied == ["1.weight"]
    assert table.groups.tolist() == [[0], [1], []]
    assert table.frozen.tolist() == [False, False, True]
    assert table.decayed.tolist() == [True, True, False]


def test_kinds() -> None:
    model = nn.ModuleDict(
        {
            "linear": nn.utils.parametrizations.weight_norm(nn.Linear(2, 3)),
            "convolution": nn.Conv1d(2, 3, 1),
            "embedding": nn.EmbeddingBag(5, 2),
            "recurrent": nn.LSTM(2, 3),
            "normalization": nn.BatchNorm1d(3),
            "other": nn.PReLU(),
            "attention": nn.MultiheadAttention(4, 2),
        }
    )
    for said in wd.audit(model).rows:
        first, *_ = said.name.split(".")
        expected = "linear" if first == "attention" else first
        assert said.kind == ("bias" if "bias" in said.name else expected), said.name


def test_a_vector_that_a_subclass_adds_is_no_flattened_weight() -> None:
    class Scaled(nn.Linear):
        def __init__(self) -> None:
            super().__init__(3, 2)
            self.scale = nn.Parameter(torch.ones(2))
            self.temperature = nn.Parameter(torch.ones(()))

    model = nn.Sequential(Scaled())
    audit = wd.audit(model, torch.optim.AdamW(wd.param_groups(model, 0.1)))
    assert audit.findings == ()
    assert {said.name: said.kind for said in audit.rows} == {
        "0.weight": "linear",
        "0.bias": "bias",
        "0.scale": "other",
        "0.temperature": "other",
    }


@pytest.mark.parametrize("layer", [nn.Linear(2, 3), nn.LSTM(2, 3), nn.MultiheadAttention(4, 2)])
def test_a_weight_of_torchs_in_one_axis_is_flattened(layer: nn.Module) -> None:
    for name, p in list(layer.named_parameters(recurse=False)):
        if p.ndim > 1:
            setattr(layer, name, nn.Parameter(p.detach().flatten()))
    kinds = {said.kind for said in wd.audit(layer).rows if "bias" not in said.name}
    assert kinds <= {"flattened", "linear"}
    assert "flattened" in kinds


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "decay",
    [
        wd.presets.awd(0.1, select="all"),
        wd.Decay(0.1, on="step", select="all", schedule=lambda step: step / 5),
    ],
    ids=["adaptive", "scheduled"],
)
def test_a_decay_that_starts_at_0_is_seen_before_the_first_step(
    decay: wd.Decay, language: str
) -> None:
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    decay.attach(optimizer, model)
    before = wd.audit(model, optimizer, language=language, total_steps=10)
    assert [finding.code for finding in before.findings] == ["bias-decayed"]
    for values in before.to_dict()["parameters"]:
        assert values["decayed"]
        assert values["weight_decay"] == values["amount"] == 0
        assert values["half_life"] is values["left"] is None
    assert before.to_dataframe()["decayed"].all()
    form = next(line for line in str(before).splitlines() if line.startswith("weight"))
    assert form.split()[-4:] == ["0", "0", "–", "–"]
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    after = wd.audit(model, optimizer)
    assert [finding.code for finding in after.findings] == ["bias-decayed"]
    assert all(values["weight_decay"] > 0 for values in after.to_dict()["parameters"])


def test_a_decay_of_0_is_none_whatever_its_schedule() -> None:
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    wd.Decay(0.0, on="step", schedule=lambda step: step / 5).attach(optimizer, model)
    assert not any(said.acting for said in wd.audit(model, optimizer).rows)


def test_what_cannot_be_told_is_not() -> None:
    class Branching(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head = nn.Linear(3, 3)
            self.body = nn.Sequential(nn.Linear(3, 3), nn.LayerNorm(3))

        def forward(self, x):
            return self.body(x) if x.sum() > 0 else self.head(x)

    follows = {said.name: said.normalized for said in wd.audit(Branching()).rows}
    assert follows["body.0.weight"] is True
    assert follows["head.weight"] is None


def test_a_normalisation_of_ones_own_is_seen_behind_a_layer() -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.g = nn.Parameter(torch.ones(3))

        def forward(self, x):
            return self.g * x * x.square().mean(-1, keepdim=True).add(1e-6).rsqrt()

    follows = {s.name: s.normalized for s in wd.audit(nn.Sequential(nn.Linear(2, 3), Own())).rows}
    assert follows["0.weight"] is True


def test_rounding_is_judged_at_the_peak_learning_rate() -> None:
    model = nn.Linear(3, 1, bias=False)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (step + 1) / 10_000)
    assert optimizer.param_groups[0]["lr"] * 0.01 < 2**-25
    assert wd.audit(model, optimizer).findings == ()
    model.to(torch.bfloat16)
    (finding,) = wd.audit(model, optimizer).findings
    assert finding.code == "rounds-away"
    assert finding.values["amount"] == pytest.approx(1e-5)


def test_weight_normalisation() -> None:
    """Decay of its magnitude is that of the weight, decay of its direction is none of the weight.

    So the magnitude has no finding, whichever axes it is over; nor has it where it alone decays.
    """
    for dim in (0, None):
        layer = nn.utils.parametrizations.weight_norm(nn.Linear(2, 3, bias=False), dim=dim)
        magnitude, direction = layer.parameters()
        before = layer.weight.detach().clone()
        with torch.no_grad():
            direction.mul_(0.9)
            torch.testing.assert_close(layer.weight, before)
            magnitude.mul_(0.9)
            torch.testing.assert_close(layer.weight, 0.9 * before)
            torch.testing.assert_close(magnitude.square().sum(), layer.weight.square().sum())
        decayed = {"params": [magnitude], "weight_decay": 0.1}
        free = {"params": [direction], "weight_decay": 0.0}
        audit = wd.audit(layer, torch.optim.AdamW([decayed, free], lr=1e-3))
        assert audit.findings == ()
        assert [said.normalized for said in audit.rows] == [False, True]
        (finding,) = wd.audit(layer, torch.optim.AdamW(layer.parameters())).findings
        assert finding.code == "direction-decayed"
        assert finding.parameters == ("parametrizations.weight.original1",)
