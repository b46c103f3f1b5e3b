"""A penalty is known by its gradient: what it measures, and its λ."""

import pytest
import torch
from torch import nn

import weightdecay as wd
from weightdecay.apply._audit._probe import probe

PENALTIES = {
    "L2": (lambda w: 0.03 * w.square().sum(), "L2", 0.06),
    "L2 halved": (lambda w: 0.03 / 2 * (w * w).sum(), "L2", 0.03),
    "L1": (lambda w: 0.03 * w.abs().sum(), "L1", 0.03),
    "norm": (lambda w: 0.03 * torch.linalg.vector_norm(w), "norm", 0.03),
    "sum": (lambda w: 0.03 * w.sum(), "sum", 0.03),
    "L2 of the wrong sign": (lambda w: -0.03 * w.square().sum(), "L2", -0.06),
    "L1 of the wrong sign": (lambda w: -0.03 * w.abs().sum(), "L1", -0.03),
    "norm of the wrong sign": (lambda w: -0.03 * torch.linalg.vector_norm(w), "norm", -0.03),
    "around of the wrong sign": (lambda w: -0.015 * (w - 1).square().sum(), "L2(w − w0)", -0.03),
    "mean": (lambda w: 0.3 * w.mean(), "sum", 0.3 / 12),
    "around": (lambda w: 0.03 / 2 * (w - 1).square().sum(), "L2(w − w0)", 0.03),
    "elastic net": (lambda w: w.abs().sum() + w.square().sum(), "other", None),
    "fourth power": (lambda w: w.pow(4).sum(), "other", None),
    "rows": (lambda w: w.norm(dim=1).sum(), "other", None),
}


@pytest.mark.parametrize("start", ["random", "zero", "one"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", PENALTIES)
def test_is_told_from_any_start(name: str, dtype: torch.dtype, start: str) -> None:
    penalty, what, weight_decay = PENALTIES[name]
    if name.startswith("around") and dtype is torch.bfloat16:
        pytest.skip("w − w0 has too few digits")
    torch.manual_seed(0)
    model = nn.Linear(4, 3, bias=False)
    if start != "random":
        nn.init.constant_(model.weight, start == "one")
    seen = probe(model.to(dtype), lambda m: penalty(m.weight))
    assert seen.reached["weight"][0] == what
    if weight_decay is not None:
        assert seen.reached["weight"][1] == pytest.approx(
            weight_decay, rel=1e-2 if dtype is torch.bfloat16 else 1e-5
        )


def test_of_our_own_decays() -> None:
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    for penalty, what in ((wd.L2(), "L2"), (wd.L1(), "L1"), (wd.Norm(), "norm")):
        decay = wd.Decay(0.3, penalty)
        seen = probe(model, lambda m, decay=decay: wd.penalty(m, decay))
        assert seen.reached == {
            name: (what, pytest.approx(0.3, rel=1e-5)) for name in ("0.weight", "2.weight")
        }


def test_with_the_model_or_with_nothing() -> None:
    model = nn.Linear(4, 3)

    class AsModule(nn.Module):
        def forward(self, given):
            return given.weight.square().sum()

    for penalty in (
        lambda: model.weight.square().sum(),
        lambda m: m.weight.square().sum(),
        lambda m=model: m.weight.square().sum(),
        lambda *args: args[0].weight.square().sum(),
        AsModule(),
    ):
        assert probe(model, penalty).reached["weight"][0] == "L2"


def test_random_penalties_are_no_changing_ones() -> None:
    model = nn.Linear(4, 3)
    seen = probe(model, lambda m: (m.weight * torch.rand(3, 4)).square().sum())
    assert seen.values[0] == seen.values[1]
    assert seen.reached["weight"] == ("other", None)


def test_a_penalty_computed_once_is_no_crash() -> None:
    model = nn.Linear(4, 3)
    stale = model.weight.square().sum()
    assert set(probe(model, lambda: stale).reached) == {"weight"}


@pytest.mark.parametrize(
    ("penalty", "message"),
    [
        (lambda m: m.weight.square(), "a tensor of shape .3, 4."),
        (lambda m: None, "None"),
        (lambda m: m.nothing, "raises AttributeError.*test_probe.py, line"),
        (lambda m, n: m.weight.sum(), "raises TypeError"),
        ("l2", "str cannot be called"),
    ],
)
def test_bad_penalties(penalty: object, message: str) -> None:
    with pytest.raises(wd.InputError, match=f"^penalty: .*{message}"):
        wd.audit(nn.Linear(4, 3), None, penalty)  # type: ignore[arg-type]


@pytest.mark.parametrize("measure", [torch.square, torch.abs, torch.linalg.vector_norm])
def test_a_wrong_sign_is_one_finding(measure) -> None:
    """Whatever is measured: of a norm it is not also said that it drives tensors to 0."""
    model = nn.Linear(4, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    audit = wd.audit(model, optimizer, lambda m: -sum(measure(w).sum() for w in m.parameters()))
    assert [finding.code for finding in audit.findings] == ["penalty-negative"]
    assert all(row.weight_decay < 0 for row in audit.rows)


def test_a_wrong_sign_beside_a_right_one() -> None:
    """The optimizer pulls more than the penalty pushes: the biases decay, though not twice."""
    model = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.1)
    biases = (model[0].bias, model[1].bias)
    audit = wd.audit(model, optimizer, lambda: -0.01 * sum(b.square().sum() for b in biases))
    assert [finding.code for finding in audit.findings] == ["penalty-negative", "bias-decayed"]
