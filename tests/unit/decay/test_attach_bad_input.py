"""What cannot be attached is refused in one line that names the parameter or the option."""

import math

import pytest
import torch
from torch import nn, optim

from weightdecay import L1, L2, Decay, InputError, attachments, presets
from weightdecay.decay import Corrected, ElasticNet, MaxNorm


@pytest.fixture
def model():
    return nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))


def refused(match, call, *arguments, **options):
    with pytest.raises(InputError, match=match) as error:
        call(*arguments, **options)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf, True, False])
def test_a_lambda_that_is_none(bad):
    refused(r"^weight_decay: ", Decay, bad)
    refused(r"^multipliers: .*'0\.\*'", Decay, 0.1, multipliers={"0.*": bad})


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"unit": "epoch"}, "^unit: 'epoch'"),
        ({"unit": "independent"}, "^unit: 'independent' .*on='step'"),
        ({"unit": Corrected(), "on": "loss"}, "^unit: Corrected"),
        ({"mask": "brave", "on": "step"}, "^mask: 'brave'"),
        ({"mask": "cautious"}, "^mask: .*on='step'"),
        ({"around": "pretrained"}, "^around: 'pretrained'"),
        ({"around": {"0.weight": 1.0}}, "^around: "),
        ({"schedule": 0.5}, "^schedule: 0.5"),
        ({"on": "constraint"}, "^penalty: L2.* no constraint"),
        ({"penalty": MaxNorm()}, "^penalty: .*on='constraint'"),
        ({"penalty": MaxNorm(), "on": "constraint"}, "^unit: .*'step'"),
        (
            {"penalty": MaxNorm(), "on": "constraint", "unit": "step", "around": "start"},
            "^around: ",
        ),
    ],
)
def test_parts_that_do_not_go_together(fields, names):
    refused(names, Decay, 0.1, **fields)


def test_more_than_the_whole_way_to_a_constraint():
    refused("^weight_decay: 1.5", Decay, 1.5, MaxNorm(), on="constraint", unit="step")


def test_nothing_selected(model):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    refused("^select: ", Decay(0.1, select=lambda _: []).attach, optimizer, model)


def test_a_pattern_that_matches_nothing(model):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    decay = presets.layer_wise(0.1, {"0.*": 0.5, "layers.*": 0.5})
    refused(r"^multipliers: 'layers\.\*'", decay.attach, optimizer, model)
    assert attachments(optimizer) == ()


def test_a_parameter_that_is_not_in_the_optimizer(model):
    optimizer = optim.AdamW(model[0].parameters(), lr=0.1)
    refused(r"^optimizer: .*'1\.weight'", Decay(0.1).attach, optimizer, model)
    assert attachments(optimizer) == ()
    assert optimizer.param_groups[0]["weight_decay"] == 0.01


def test_a_frozen_one_need_not_be(model):
    model[1].requires_grad_(False)
    optimizer = optim.SGD(model[0].parameters(), lr=0.1)
    assert list(Decay(0.1).attach(optimizer, model).parameters) == ["0.weight"]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (Decay(0.1), Decay(0.2, on="step"), "same penalty twice"),
        (Decay(0.1, L1(), "prox"), Decay(0.1, ElasticNet(), "prox"), "proximal map of a sum"),
        (presets.max_norm(), presets.fixed_norm(), "constraint"),
    ],
)
def test_two_that_exclude_each_other(model, one, other, reason):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    first = one.attach(optimizer, model)
    refused(rf"^select: '0\.weight' .*{reason}", other.attach, optimizer, model)
    assert attachments(optimizer) == (first,)
    first.detach()
    other.attach(optimizer, model)


def test_on_other_parameters_they_do_not(model):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    Decay(0.1, select=lambda _: ["0.weight"]).attach(optimizer, model)
    Decay(0.2, select=lambda _: ["1.weight"]).attach(optimizer, model)
    Decay(0.2, L2(), around="start").attach(optimizer, model)
    assert len(attachments(optimizer)) == 3


@pytest.mark.parametrize("decay", [presets.to_init(0.1), presets.fixed_norm(), presets.cpr()])
def test_an_optimizer_that_has_stepped_where_the_start_is_needed(model, decay):
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    refused(r"^optimizer: .*'0\.\w+'", decay.attach, optimizer, model)
    presets.cpr(warm_start=3).attach(optimizer, model)
    presets.adamw(0.1).attach(optimizer, model)


def test_adagrads_state_before_its_first_step_is_no_step(model):
    optimizer = optim.Adagrad(model.parameters(), lr=0.1)
    assert presets.to_init(0.1).attach(optimizer, model)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"2.weight": torch.ones(3, 2)}, r"no parameter '2\.weight'"),
        ({"0.weight": torch.ones(2, 3)}, r"'0\.weight' is \[2, 3\], and \[3, 2\] in the model"),
    ],
)
def test_given_weights_that_do_not_fit(model, given, names):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    refused(f"^around: .*{names}", presets.l2_sp(0.1, 0.1, given).attach, optimizer, model)


def test_two_lambdas(model):
    optimizer = optim.AdamW(model.parameters(), lr=0.1)
    refused("^weight_decay: .*per_group", Decay(0.1).attach, optimizer, model, per_group=True)


def test_groups_without_a_coefficient(model):
    optimizer = optim.LBFGS(model.parameters())
    refused("^per_group: .*group 0", Decay().attach, optimizer, model, per_group=True)


def test_groups_whose_coefficients_are_all_0(model):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    refused("^per_group: .*nothing would decay", Decay().attach, optimizer, model, per_group=True)
    assert attachments(optimizer) == ()
    bias = {"params": [model[0].bias, model[1].bias], "weight_decay": 0.1}
    weights = {"params": [model[0].weight, model[1].weight], "weight_decay": 0.0}
    optimizer = optim.SGD([bias, weights], lr=0.1)
    refused("^per_group: .*nothing would decay", Decay().attach, optimizer, model, per_group=True)


def test_no_optimizer_at_all(model):
    class Wrapper:
        param_groups = ()

    refused("^optimizer: Wrapper has no step hooks", Decay(0.1).attach, Wrapper(), model)


def test_a_name_that_does_not_decay(model):
    attached = Decay(0.1).attach(optim.SGD(model.parameters(), lr=0.1), model)
    refused(r"^parameters: '0\.bias'", attached.weight_decay, "0.bias")


def test_a_sparse_gradient_and_a_penalty_in_the_loss():
    table = nn.Embedding(4, 2, sparse=True)
    optimizer = optim.SGD(table.parameters(), lr=0.1)
    attached = Decay(0.1).attach(optimizer, table)
    table(torch.tensor([1])).sum().backward()
    refused("^on: .*'weight' is sparse", optimizer.step)
    attached.detach()
    before = table.weight.detach().clone()
    Decay(0.1, on="step").attach(optimizer, table)
    optimizer.step()
    torch.testing.assert_close(table.weight[0], before[0] * 0.99)


@pytest.mark.parametrize(
    "call",
    [
        lambda: presets.normalized(0.1, steps=0),
        lambda: presets.dino(steps=10, start=0.0),
        lambda: presets.l2_sp(0.0, 0.1, {}),
        lambda: presets.adamw(-1.0),
    ],
)
def test_presets_refuse_too(call):
    refused(": ", call)
