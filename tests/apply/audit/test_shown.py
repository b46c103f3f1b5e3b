"""An audit shown, and what it refuses."""

import json
from io import StringIO
from typing import Any

import pytest
import torch
from rich.console import Console
from torch import nn

import weightdecay as wd


def transformer(layers: int) -> nn.Module:
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


def audit(layers: int = 1, **options: Any) -> wd.Audit:
    model = transformer(layers)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    return wd.audit(model, optimizer, **options)


def width(line: str) -> int:
    return sum(2 if "\u2e80" <= c <= "\uffef" else 1 for c in line)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("steps", [{}, {"steps_per_epoch": 7, "total_steps": 100_000}])
def test_fits_80_columns_with_every_parameter(language: str, steps: dict[str, int]) -> None:
    shown = str(audit(language=language, **steps))
    assert max(width(line) for line in shown.splitlines()) <= 80
    for name, _ in transformer(1).named_parameters():
        assert name in shown.replace("\n", "")
    assert "bias-decayed" in shown


def test_many_alike_layers_share_a_line() -> None:
    shown = str(audit(12))
    assert "layers.*.linear1.weight ×12" in shown
    assert len(shown.splitlines()) < 60
    assert len(audit(12).to_dataframe()) == 12 * 12


def test_layers_that_differ_do_not() -> None:
    model = transformer(12)
    odd = model.layers[5].linear1.weight
    rest = [p for p in model.parameters() if p is not odd]
    groups = [{"params": rest}, {"params": [odd], "weight_decay": 0.5}]
    shown = str(wd.audit(model, torch.optim.AdamW(groups, lr=1e-3)))
    assert "layers.*.linear1.weight ×11" in shown
    assert "layers.5.linear1.weight" in shown


def test_rich_prints_it_as_wide_as_the_terminal() -> None:
    out = StringIO()
    Console(file=out, width=140).print(audit())
    assert "float32" in out.getvalue()
    assert "24×8" in out.getvalue()


def test_as_plain_values() -> None:
    found = audit(steps_per_epoch=10, total_steps=50)
    said = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert [row["name"] for row in said["parameters"]] == [row.name for row in found.rows]
    table = found.to_dataframe()
    assert list(table.columns) == list(said["parameters"][0])
    assert set(table.kind) == {"linear", "bias", "normalization"}


def test_surest_first() -> None:
    model = nn.Sequential(nn.Embedding(3, 2), nn.Linear(2, 2))
    found = wd.audit(model, torch.optim.AdamW(model.parameters()), lambda m: m[1].bias.sum())
    severities = [finding.severity for finding in found.findings]
    assert severities == sorted(severities, key=("error", "warning", "note").index)
    assert {"error", "warning", "note"} == set(severities)


def test_ignored() -> None:
    both = {"bias-decayed", "normalization-decayed"}
    assert {f.code for f in audit().findings} == both
    assert {f.code for f in audit(ignore=["bias-decayed"]).findings} == both - {"bias-decayed"}
    assert audit(ignore=both).findings == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": "net"}, "^model: str is no torch.nn.Module"),
        ({"model": nn.LazyLinear(3)}, "^model: 'weight' has no shape yet"),
        ({"optimizer": "adam"}, "^optimizer: str has no param_groups"),
        ({"optimizer": [None, 3]}, "^optimizer: int has no param_groups"),
        ({"steps_per_epoch": 0}, "^steps_per_epoch: 0 is not a whole number"),
        ({"total_steps": -1}, "^total_steps: -1"),
        ({"total_steps": 2.5}, "^total_steps: 2.5"),
        ({"total_steps": True}, "^total_steps: True"),
        ({"ignore": ["nothing"]}, "^ignore: there is no finding 'nothing'; there are: penalty-"),
        ({"language": "tlh"}, "^language: 'tlh' is none of 'en', 'zh'"),
        (
            {"model": nn.Linear(2, 1, device="meta"), "penalty": lambda m: m.weight.sum()},
            "^penalty: .* 'meta'",
        ),
    ],
)
def test_bad_input(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(wd.InputError, match=message):
        wd.audit(**{"model": nn.Linear(2, 1), **arguments})


def test_without_numbers_the_table_stands() -> None:
    model = nn.Linear(2, 1, device="meta")
    found = wd.audit(model, torch.optim.AdamW(model.parameters()))
    assert [f.code for f in found.findings] == ["bias-decayed"]


@pytest.mark.parametrize(
    ("language", "mark"), [("en", "divided by its norm"), ("zh", "除以自身范数后才用")]
)
def test_a_direction_is_marked(language: str, mark: str) -> None:
    shown = str(wd.audit(nn.utils.parametrizations.weight_norm(nn.Linear(3, 2)), language=language))
    assert shown.count(mark) == 1
