"""What is wrong below the command line is told in the language that the command is asked in."""

import json
import math
import re
import shutil
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from weightdecay import RunFolder
from weightdecay.cli import main
from weightdecay.language import LANGUAGES
from weightdecay.runs import _manifest

MODULE = """
import torch
from torch import nn

class Twice(nn.Linear):
    def forward(self, x):
        return super().forward(x), x

class Raising(nn.Linear):
    "Raises where it learns from the last row, as some members do."
    def forward(self, x):
        if self.training and (x == 1).any():
            raise ArithmeticError("too much")
        return super().forward(x)

class Broken(nn.Linear):
    def forward(self, x):
        return x.nowhere

class Few(nn.Linear):
    def forward(self, x):
        return super().forward(x)[:1]

class Silent(nn.Linear):
    def forward(self, x):
        raise ValueError

def rows():
    X = {X}
    return X, {y}

def net():
    return {net}
"""
STUDY = """
[data]
source = "{module}:rows"
[model]
factory = "{module}:net"
[recipe]
epochs = 1
batch_size = 2
[study]
weight_decay = [0.0, 0.01]
seeds = 1
folds = 3
inner_folds = 2
"""


@dataclass(frozen=True)
class Study:
    """A study that is sound in all that is not said."""

    X: str = "torch.linspace(-1, 1, 12)[:, None]"
    y: str = "X.square()"
    net: str = "nn.Linear(1, 1)"
    sets: dict[str, object] = field(default_factory=dict)

    def write(self, place: Path, name: str) -> list[str]:
        """Return the command that runs it; its module is called `name`."""
        code = {f.name: getattr(self, f.name) for f in fields(self)}
        (place / f"{name}.py").write_text(MODULE.format(**code))
        (place / "study.toml").write_text(STUDY.format(module=name))
        return command(place / "study.toml", place / "run", self.sets)


def command(file: Path, out: Path, sets: dict[str, object]) -> list[str]:
    said = [f"--set={key}={json.dumps(value)}" for key, value in sets.items()]
    return ["run", str(file), "--out", str(out), *said]


def lanes(net: str = "nn.Linear(1, 1)", **sets: object) -> Study:
    return Study(net=net, sets={"study.engine": "lanes", **sets})


CLASSES = "torch.arange(12) % 2"
STUDIES = {
    "other length": Study(y="X[1:]"),
    "nan in a table": Study(X="torch.full((12, 2), torch.nan)", net="nn.Linear(2, 1)"),
    "nan in a row": Study(X="torch.full((12,), torch.nan)", y="torch.ones(12)"),
    "text": Study(y="['a'] * 12", sets={"data.loss": "mse"}),
    "one number": Study(X="1.0", y="torch.ones(12)"),
    "nothing": Study(X="None", y="None", sets={"data.loss": "mse"}),
    "ragged": Study(X="[[1.0], [1.0, 2.0]]", y="[1.0, 2.0]"),
    "no class": Study(y="X[:, 0]", sets={"data.loss": "cross_entropy"}),
    "negative class": Study(y=f"-({CLASSES})"),
    "class beyond the outputs": Study(y=CLASSES),
    "no target": Study(y="None", sets={"data.loss": "mse"}),
    "few rows": Study(X="torch.ones(2, 1)"),
    "rare class": Study(y="(torch.arange(12) == 3).long()", net="nn.Linear(1, 2)"),
    "hold-out of all": Study(sets={"study.folds": 0.99}),
    "one row to watch": Study(
        X="torch.ones(2, 1)", sets={"study.folds": 0.5, "recipe.stopping.patience": 1}
    ),
    "other width": Study(net="nn.Linear(5, 1)"),
    "a slip in the network": Study(net="Broken(1, 1)"),
    "no word of why": Study(net="Silent(1, 1)"),
    "smallest step": Study(
        net="nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1))", sets={"recipe.batch_size": 7}
    ),
    "fewer rows": Study(net="Few(1, 1)"),
    "lazy": Study(net="nn.LazyLinear(1)"),
    "two outputs": Study(net="Twice(1, 1)"),
    "other shape": Study(net="nn.Linear(1, 2)"),
    "nothing to train": Study(net="nn.ReLU()"),
    "nothing to decay": Study(net="nn.BatchNorm1d(1)"),
    "no device": Study(sets={"study.device": "xpu:7"}),
    "members raise": Study(net="Raising(1, 1)", sets={"study.engine": "loop"}),
    "all diverge": Study(sets={"recipe.lr": 1e30, "recipe.optimizer": "sgd"}),
    "all diverge at once": Study(sets={"recipe.lr": 1e30, "study.weight_decay": "auto"}),
    "lanes: optimizer": lanes(**{"recipe.optimizer": "rmsprop"}),
    "lanes: option": lanes(**{"recipe.options.amsgrad": True}),
    "lanes: penalty": lanes(**{"decay.kind": "spectral"}),
    "lanes: module": lanes("nn.Sequential(nn.Linear(1, 1), nn.Dropout())"),
    "lanes: whole network": lanes("Raising(1, 1)"),
    "lanes: activation": lanes("nn.Sequential(nn.ReLU(), nn.Linear(1, 1))"),
    "lanes: shared": lanes("nn.Sequential(*[nn.Linear(1, 1)] * 2)"),
    "lanes: frozen": lanes("nn.Sequential(nn.Linear(1, 1).requires_grad_(False), nn.Linear(1, 1))"),
    "vmap: mask": Study(sets={"study.engine": "vmap", "decay.kind": "cautious"}),
    "vmap: around": Study(sets={"study.engine": "vmap", "decay.kind": "to_init"}),
    "vmap: branch": Study(net="Raising(1, 1)", sets={"study.engine": "vmap"}),
}


@pytest.fixture
def told(capsys, monkeypatch):
    """The line in which a command refuses, in each language, without what stands before all."""
    # Compiling for the first time may take longer than a log waits for its first line.
    monkeypatch.setattr("weightdecay.report._progress.EVERY", math.inf)

    def tell(command: list[str]) -> dict[str, str]:
        lines = {}
        for language in LANGUAGES:
            with pytest.raises(SystemExit) as left:
                main([*command, "--lang", language])
            said = capsys.readouterr()
            assert (left.value.code, said.out) == (2, "")
            (line,) = said.err.splitlines()
            lines[language] = re.sub("^weightdecay(: error: |：错误：)", "", line)
        return lines

    return tell


def assert_twins(lines: dict[str, str]) -> None:
    """The Chinese line is Chinese, and says of the input what the English one does."""
    english, chinese = lines["en"], lines["zh"]
    assert re.search(r"[\u4e00-\u9fff]", chinese), chinese
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", english), english
    # Numbers, names and what torch or the system said; Chinese adds that rows count from 0.
    assert not set(re.findall(r"[A-Za-z]+", chinese)) - set(re.findall(r"[A-Za-z]+", english))
    assert set(re.findall(r"\d+", chinese)) - {"0"} == set(re.findall(r"\d+", english)) - {"0"}


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_that_cannot_be_run(tmp_path, told, name):
    assert_twins(told(STUDIES[name].write(tmp_path, re.sub(r"\W", "_", f"study {name}"))))


def test_more_folds_than_groups(tmp_path, told):
    rows = {"x": np.arange(12.0), "y": np.arange(12.0) ** 2, "who": ["a", "b", "c"] * 4}
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    sets = {"data.source": "t.csv", "data.target": "y", "data.group": "who", "study.folds": 4}
    assert_twins(told(Study(sets=sets).write(tmp_path, "study_groups")))


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A study that was run: file, module, and the folder of the run."""
    place = tmp_path_factory.mktemp("finished")
    with pytest.raises(SystemExit) as left:
        main(Study().write(place, "study_finished"))
    assert left.value.code == 0
    return place


@pytest.fixture
def kept(finished, tmp_path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(finished / "run", tmp_path / "run"))


@pytest.fixture
def again(finished, kept):
    """The command that goes on in the copy."""
    return lambda sets={}: command(finished / "study.toml", kept, sets)


def rewritten(**changes: object):
    """Damage to a manifest: other values in it."""
    return lambda text: json.dumps({**json.loads(text), **changes})


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        rewritten(kind="weightdecay.fit"),
        rewritten(schema_version=9),
        rewritten(versions=3),
        rewritten(versions={"torch": "1.0"}),
        lambda text: text.replace('"engine": "lanes"', '"engine": "loop"'),
    ],
    ids=["torn", "something else", "later", "damaged", "versions", "other engine"],
)
def test_a_manifest_that_cannot_be_taken(kept, again, told, damage):
    file = kept / "manifest.json"
    file.write_text(damage(file.read_text()))
    assert_twins(told(again()))


def test_a_manifest_that_is_too_large(again, told, monkeypatch):
    monkeypatch.setattr(_manifest, "MOST_BYTES", 1)
    assert_twins(told(again()))


@pytest.mark.parametrize(
    "changes",
    [{"recipe.lr": 0.5}, {"study.seeds": 2}, {"study.weight_decay": [1.0], "study.folds": 2}],
    ids=str,
)
def test_another_study_in_the_folder(again, told, changes):
    assert_twins(told(again(changes)))


def test_a_folder_of_something_else(tmp_path, told):
    asked = Study().write(tmp_path, "study_of_something_else")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.tex").write_text("42")
    assert_twins(told(asked))


def test_a_folder_that_is_a_file(tmp_path, told):
    asked = Study().write(tmp_path, "study_in_a_file")
    (tmp_path / "run").write_text("42")
    assert_twins(told(asked))


def test_a_folder_that_another_writes_into(kept, again, told):
    with RunFolder(kept):
        assert_twins(told(again()))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda chunk: chunk.write_bytes(b"torn"), "校验和与清单里的不同；已移到"),
        (lambda chunk: chunk.with_name("notes.txt").write_text("42"), "不是这次运行的文件"),
    ],
    ids=["torn", "foreign"],
)
def test_what_is_set_aside_is_told_too(kept, again, capsys, damage, said):
    damage(kept / "chunks" / "0000.safetensors")
    with pytest.raises(SystemExit) as left:
        main([*again(), "--lang", "zh"])
    assert left.value.code == 0
    assert said in capsys.readouterr().err


AUDITED = """
import torch
from torch import nn

def model():
    return nn.Linear(1, 1)

def adam(model):
    return torch.optim.Adam(model.parameters())

def make():
    {made}
"""


@pytest.mark.parametrize(
    "made",
    [
        "return nn.LazyLinear(1)",
        "return model(), 3",
        "m = model(); return m, adam(m), 3.0",
        "m = model().to('meta'); return m, None, lambda: 0.0",
        "m = model(); return m, adam(m), lambda: 1 / 0",
        "m = model(); return m, adam(m), lambda m: m.weight.expand(2, 1)",
        "m = model(); return m, adam(m), lambda: None",
    ],
    ids=["lazy", "optimizer", "no function", "meta", "raises", "tensor", "none"],
)
def test_a_model_that_cannot_be_audited(tmp_path, told, monkeypatch, made, request):
    monkeypatch.chdir(tmp_path)
    name = re.sub(r"\W", "_", f"audited {request.node.callspec.id}")
    (tmp_path / f"{name}.py").write_text(AUDITED.format(made=made))
    assert_twins(told(["audit", f"{name}:make"]))


@pytest.mark.parametrize(
    ("study", "said"),
    [
        (STUDIES["other length"], "data：X 有 12 行，y 却有 11 行"),
        (STUDIES["few rows"], "folds：2 行分不成 3 折；最多 2 折"),
        (STUDIES["few rows"], "study.folds：2 行"),
        (
            Study(X="torch.ones(3, 1)", sets={"study.inner_folds": 3}),
            "study.inner_folds：2 行分不成 3 折",
        ),
        (STUDIES["class beyond the outputs"], "类别要从 0 编到 0"),
        (
            STUDIES["lanes: module"],
            "engine：lanes 训练不了：1（Dropout）既不是 Linear，也不是 lanes 支持的激活函数；"
            "请用 engine='auto'",
        ),
        (
            STUDIES["members raise"],
            "中有 8 个出错；λ = 0，种子 0，折 1：ArithmeticError: too much；",
        ),
        (STUDIES["all diverge"], "每个 λ 都有训练失败；请减小学习率"),
    ],
    ids=["lengths", "folds", "key", "inner", "classes", "engine", "members", "diverged"],
)
def test_examples(tmp_path, told, study, said, request):
    name = f"study_example_{request.node.callspec.id}"
    assert said in told(study.write(tmp_path, name))["zh"]


def test_example_of_another_study(again, told):
    said = told(again({"recipe.lr": 0.5, "study.seeds": 2}))["zh"]
    assert "里面是另一个研究，不同的有：" in said
    assert "训练方案" in said
    assert "种子；请换一个文件夹，或从头开始（force=True、--force）" in said
