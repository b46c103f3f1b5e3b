"""Parameter groups: a partition of what is trained, and the very groups of those people know."""

import importlib.util
import re
import sys
import types
from pathlib import Path

import pytest
import torch
from torch import nn

import weightdecay as wd
from weightdecay.apply._rules import RULES
from weightdecay.errors import InputError


class RMSNorm(nn.Module):
    """One of the user's own, which no type gives away."""

    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2)
        self.norm = nn.LayerNorm(4)
        self.mlp = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 4, bias=False))
        self.q_norm = RMSNorm(4)
        self.gamma = nn.Parameter(torch.full((4,), 1e-4))


class Zoo(nn.Module):
    """Whatever rules differ on: tied, frozen, one axis, three axes, renamed."""

    def __init__(self):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, 4))
        self.bias_table = nn.Parameter(torch.zeros(3, 4))
        self.embedding = nn.Embedding(9, 4)
        self.stem = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
        self.blocks = nn.ModuleList(Block() for _ in range(2))
        self.final_layernorm = nn.LayerNorm(4)
        self.head = nn.Linear(4, 9)
        self.head.weight = self.embedding.weight
        self.stem[0].bias.requires_grad_(False)
        self.blocks[1].mlp[0].weight.requires_grad_(False)

    def no_weight_decay(self):
        return {"cls_token", "blocks.0.attention.*"}


MODELS = {
    "zoo": Zoo,
    "linear": lambda: nn.Linear(3, 2),
    "norm": lambda: nn.Sequential(nn.LayerNorm(3), nn.Linear(3, 1)),
    "transformer": lambda: nn.TransformerEncoderLayer(8, 2, 16),
}
every_model = pytest.mark.parametrize("model", [make() for make in MODELS.values()], ids=MODELS)
BIAS = re.compile(r"(^|\.)bias$")
every_preset = pytest.mark.parametrize("preset", [None, *RULES])


def named(groups, model):
    """The groups as (λ, names)."""
    names = {parameter: name for name, parameter in model.named_parameters()}
    return [(group["weight_decay"], [names[w] for w in group["params"]]) for group in groups]


def filled(groups):
    return [group for group in groups if group["params"]]


# --- properties ---------------------------------------------------------------------------------


@every_preset
@every_model
def test_every_trained_parameter_is_in_exactly_one_group(model, preset):
    groups = wd.param_groups(model, 0.1, preset=preset)
    names = [name for _, members in named(groups, model) for name in members]
    trained = [name for name, w in model.named_parameters() if w.requires_grad]
    assert sorted(names) == sorted(trained)
    assert {group["weight_decay"] for group in groups} <= {0.1, 0.0}


@every_preset
@every_model
def test_order_within_a_group_is_the_models(model, preset):
    order = [name for name, _ in model.named_parameters()]
    for _, names in named(wd.param_groups(model, 0.1, preset=preset), model):
        assert names == sorted(names, key=order.index)


@every_preset
@every_model
def test_torch_takes_them(model, preset):
    optimizer = torch.optim.AdamW(wd.param_groups(model, 0.1, preset=preset))
    assert len(optimizer.state_dict()["param_groups"]) >= 1


@every_preset
@every_model
def test_no_decay_is_one_group(model, preset):
    assert [value for value, _ in named(wd.param_groups(model, 0, preset=preset), model)] == [0.0]


@every_model
def test_default_is_the_default_selection_of_a_decay(model):
    groups = dict(named(wd.param_groups(model, 0.1), model))
    trained = [
        name for name in wd.selected(model, "weights") if model.get_parameter(name).requires_grad
    ]
    assert groups[0.1] == trained


@every_preset
@every_model
def test_an_override_moves_what_it_matches_and_nothing_else(model, preset):
    plain = {
        w: g["weight_decay"]
        for g in wd.param_groups(model, 0.1, preset=preset)
        for w in g["params"]
    }
    changed = {
        w: g["weight_decay"]
        for g in wd.param_groups(model, 0.1, preset=preset, overrides={BIAS: 0.03})
        for w in g["params"]
    }
    names = {parameter: name for name, parameter in model.named_parameters()}
    for w, value in plain.items():
        bias = names[w].rpartition(".")[2] == "bias"
        assert changed[w] == (0.03 if bias else value)


# --- the originals ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def timm_groups():
    """timm's own function, from its file: timm as a whole needs torchvision."""
    spec = importlib.util.find_spec("timm")
    if spec is None:
        pytest.skip("timm is not installed: pip install --no-deps timm")
    file = Path(spec.submodule_search_locations[0]) / "optim" / "_param_groups.py"
    stub = types.ModuleType("timm.models")
    stub.group_parameters = None  # of layer decay, which is not tested
    around = {"timm": types.ModuleType("timm"), "timm.models": stub}
    before = {name: sys.modules.get(name) for name in around}
    sys.modules.update(around)
    try:
        spec = importlib.util.spec_from_file_location("timm_param_groups", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        for name, module_before in before.items():
            sys.modules.pop(name)
            if module_before is not None:
                sys.modules[name] = module_before
    return module.param_groups_weight_decay


@pytest.mark.parametrize("weight_decay", [0.05, 0.0])
@every_model
def test_timm(timm_groups, model, weight_decay):
    """As timm.optim.create_optimizer_v2 calls it, with what the model excepts."""
    excepted = getattr(model, "no_weight_decay", set)()
    theirs = timm_groups(model, weight_decay, no_weight_decay_list=excepted)
    ours = wd.param_groups(model, weight_decay, preset="timm")
    assert named(ours, model) == named(theirs, model)


@every_model
def test_hugging_face(model, tmp_path):
    """Those that transformers.Trainer gives its optimizer; it keeps empty groups."""
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    pytest.importorskip("accelerate", reason="transformers trains with accelerate only")
    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path), weight_decay=0.05, use_cpu=True, report_to=[]
    )
    theirs = transformers.Trainer(model, arguments).create_optimizer().param_groups
    ours = wd.param_groups(model, 0.05, preset="hugging_face")
    assert named(ours, model) == named(filled(theirs), model)


@every_model
def test_nanogpt(model):
    """configure_optimizers of karpathy/nanoGPT's model.py: two axes or more, then the others."""
    trained = [(name, w) for name, w in model.named_parameters() if w.requires_grad]
    theirs = [
        (0.05, [name for name, w in trained if w.dim() >= 2]),
        (0.0, [name for name, w in trained if w.dim() < 2]),
    ]
    ours = named(wd.param_groups(model, 0.05, preset="nanogpt"), model)
    assert ours == [(value, names) for value, names in theirs if names]


def test_d2l():
    """Section 3.7: ``[{"params": net.weight, "weight_decay": wd}, {"params": net.bias}]``."""
    net = nn.Linear(200, 1)
    theirs = torch.optim.SGD(
        [{"params": net.weight, "weight_decay": 3.0}, {"params": net.bias}], lr=0.01
    ).param_groups
    assert named(wd.param_groups(net, 3.0, preset="d2l"), net) == named(theirs, net)


@every_model
def test_torch(model):
    """One group of everything; torch itself skips what is frozen, for it gets no gradient."""
    theirs = torch.optim.AdamW(model.parameters(), weight_decay=0.05).param_groups
    trained = [
        (value, [n for n in names if model.get_parameter(n).requires_grad])
        for value, names in named(theirs, model)
    ]
    assert named(wd.param_groups(model, 0.05, preset="torch"), model) == trained


def test_the_rules_differ_where_they_are_known_to():
    model = Zoo()
    decayed = {
        preset: set(dict(named(wd.param_groups(model, 0.1, preset=preset), model))[0.1])
        for preset in RULES
    }
    assert "blocks.0.gamma" in decayed["hugging_face"] - decayed["timm"] - decayed["nanogpt"]
    assert "bias_table" in decayed["nanogpt"] - decayed["hugging_face"]
    assert "cls_token" in decayed["nanogpt"] - decayed["timm"]
    assert "stem.1.weight" in decayed["d2l"] - decayed["nanogpt"]
    assert "head.bias" in decayed["torch"] - decayed["d2l"]


# --- examples and bad input ---------------------------------------------------------------------


def test_first_pattern_counts_and_a_tied_parameter_answers_to_both_names():
    model = Zoo()
    overrides = {"head.weight": 0.5, "blocks.0.*": False, re.compile(r"mlp\.\d\.weight$"): 0.2}
    groups = dict(named(wd.param_groups(model, 0.1, overrides=overrides), model))
    assert groups[0.5] == ["embedding.weight"]
    assert groups[0.2] == ["blocks.1.mlp.2.weight"]
    assert {"blocks.0.mlp.0.weight", "blocks.0.mlp.2.weight"} <= set(groups[0.0])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"weight_decay": -0.1}, "weight_decay: -0.1"),
        ({"weight_decay": float("nan")}, "weight_decay: nan"),
        ({"weight_decay": True}, "weight_decay: True"),
        ({"weight_decay": "0.1"}, "weight_decay: '0.1' is not"),
        ({"weight_decay": None}, "weight_decay: None"),
        ({"overrides": {"head.*": None}}, "'head.\\*'.*None"),
        ({"weight_decay": False}, "weight_decay: False"),
        ({"preset": "jax"}, "preset: 'jax'"),
        ({"preset": "timm", "select": "all"}, "select"),
        ({"overrides": {"head.wieght": 0.1}}, "'head.wieght'.*'head.weight'"),
        ({"overrides": {re.compile("^layers"): 0.1}}, "'\\^layers'"),
        ({"overrides": {"head.*": -1}}, "'head.\\*'.*-1"),
        ({"overrides": {"head.*": True}}, "'head.\\*'.*True"),
    ],
)
def test_bad_input_is_named(arguments, named):
    with pytest.raises(InputError, match=named):
        wd.param_groups(Zoo(), **{"weight_decay": 0.1, **arguments})
