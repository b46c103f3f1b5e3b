"""``weightdecay audit`` as a user meets it, in a folder of theirs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from weightdecay.cli import main

FAULTS = Path(__file__).parent / "faults"
TRAIN = """
import torch
print("a line of the user's own")
model = torch.nn.Linear(3, 1, bias=False)
number = 3
def clean(): return model, torch.optim.AdamW(model.parameters())
def alone(): return model
def wrong(): return {"model": model}
def short(): return model, "adam"
def many(): return model, None, None, None
def raising():
    raise ValueError("no\\ndata")
def deep(): return torch.nn.Linear(3)
def leaving(): raise SystemExit(5)
def bad_penalty(): return model, None, lambda m: m.weight
class Net(torch.nn.Linear):
    def __init__(self): super().__init__(2, 1)
"""


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, in this process: torch takes a second to import."""

    def run(folder: Path, *arguments: str, locale: str = "C.UTF-8") -> Done:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("LC_ALL", locale)
        monkeypatch.setattr(sys, "path", sys.path.copy())
        known = set(sys.modules)
        with pytest.raises(SystemExit) as end:
            main(["audit", *arguments])
        for name in set(sys.modules) - known:
            if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
                del sys.modules[name]
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Done(end.value.code, out, err)

    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "train.py").write_text(TRAIN)
    (folder / "broken.py").write_text("x = 1\ndef (:\n")
    (folder / "needs.py").write_text("import no_such_package\n")
    (folder / "package").mkdir()
    (folder / "package" / "net.py").write_text("import torch\nmodel = torch.nn.Linear(2, 1)\n")
    return folder


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_article(command: Command, language: str) -> None:
    done = command(FAULTS, "overwritten_penalty:make", "--lang", language)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "penalty-one-parameter" in done.stdout
    said = {"en": "Of 10 parameters only layers.8.bias", "zh": "10 个参数里"}[language]
    assert said in done.stdout
    chinese = any("\u4e00" <= c <= "\u9fff" for c in done.stdout)
    assert chinese == (language == "zh")


def test_json_is_one_object_and_nothing_else(command: Command, folder: Path) -> None:
    done = command(
        folder, "train:clean", "--json", "--steps-per-epoch", "10", "--total-steps", "100"
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "a line of the user's own\n"
    said = json.loads(done.stdout)
    assert said["findings"] == []
    (weight,) = said["parameters"]
    assert (weight["name"], weight["form"], weight["weight_decay"]) == ("weight", "step", 0.01)
    assert weight["half_life_epochs"] == pytest.approx(weight["half_life"] / 10)
    assert 0.99 < weight["left"] < 1


def test_json_of_findings(command: Command) -> None:
    done = command(FAULTS, "signed_sum:make", "--json")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["code"] == "penalty-signed-sum"
    assert finding["parameters"] == ["0.weight", "2.weight"]
    assert finding["severity"] == "error"
    assert finding["reason"]
    assert finding["remedy"]


@pytest.mark.parametrize("target", ["train:alone", "train:Net", "train:model", "package.net:model"])
def test_what_a_factory_may_be(command: Command, folder: Path, target: str) -> None:
    assert command(folder, target).returncode == 0


def test_ignored_findings_leave_status_0(command: Command) -> None:
    assert command(FAULTS, "signed_sum:make", "--ignore", "penalty-signed-sum").returncode == 0


BAD = [
    (["train"], ["'train'", "train:make"]),
    ([], ["MODULE:FACTORY"]),
    (["nowhere:make"], ["'nowhere'"]),
    (["package.nowhere:make"], ["'package.nowhere'"]),
    (["train:nothing"], ["'nothing'", "clean, alone"]),
    (["train:number"], ["train:number", "int"]),
    (["train:wrong"], ["train:wrong", "dict"]),
    (["train:many"], ["(Linear, NoneType, NoneType, NoneType)"]),
    (["train:short"], ["optimizer", "str"]),
    (["train:raising"], ["ValueError", "no data", "train.py", "12"]),
    (["train:deep"], ["TypeError", "train.py", "13"]),
    (["train:leaving"], ["SystemExit", "train.py"]),
    (["train:bad_penalty"], ["penalty", "[1, 3]"]),
    (["broken:make"], ["SyntaxError", "broken.py", "2"]),
    (["needs:make"], ["ModuleNotFoundError", "no_such_package", "needs.py", "1"]),
    (["train:clean", "--total-steps", "0"], ["--total-steps"]),
    (["train:clean", "--steps-per-epoch", "x"], ["'x'"]),
    (["train:clean", "--ignore", "everything"], ["'everything'", "bias-decayed"]),
    (["train:clean", "more"], ["'more'"]),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda part: " ".join(part))
def test_bad_input_gets_one_line_and_status_2(
    command: Command, folder: Path, arguments: list[str], named: list[str], language: str
) -> None:
    locale = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language]
    done = command(folder, *arguments, locale=locale)
    assert done.returncode == 2, done.stdout
    assert done.stdout == ""
    *own, line = done.stderr.splitlines()
    assert own in ([], ["a line of the user's own"])
    assert line.startswith({"en": "weightdecay: error:", "zh": "weightdecay：错误："}[language])
    for word in named:
        assert word in line
    assert "Traceback" not in done.stderr


def test_in_a_process_of_its_own(folder: Path) -> None:
    """A module of the current folder is found though the command lies elsewhere."""
    done = subprocess.run(
        [Path(sys.executable).with_name("weightdecay"), "audit", "train:clean"],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "No findings." in done.stdout


def test_help_answers_without_torch() -> None:
    program = (
        "import sys\nfrom weightdecay.cli import main\n"
        "try: main(['audit', '--help'])\nexcept SystemExit as e: assert not e.code\n"
        "assert not {'torch', 'numba', 'numpy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "MODULE:FACTORY" in done.stdout
