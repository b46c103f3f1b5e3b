"""``report`` and what it reads, as a user meets them, in this process: torch loads once."""

import json
import subprocess
import sys

import pandas as pd
import pytest

from weightdecay.cli import main
from weightdecay.cli._printing import command as command_line
from weightdecay.report.page import Page

HOSTILE = '<img src=x onerror=alert(1)> | "</script>"'


@pytest.fixture
def command(monkeypatch, tmp_path, capsys):
    """Run a command in an empty folder; return exit status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as done:
            main([*arguments, "--lang", "en"] if "--lang" not in arguments else arguments)
        return done.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def run(command, tmp_path, least):
    """A folder with a report and a picture."""
    folder = tmp_path / "run"
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "path.png").write_bytes(b"")
    (folder / "report.json").write_text(least.model_dump_json(), encoding="utf-8")
    return folder


@pytest.fixture
def least():
    text = {"en": "Title", "zh": "标题"}
    line = {"name": text, "value": text}
    return Page.model_validate(
        {"title": text, "subtitle": text, "setup": [line], "command": "c", "versions": {}}
    )


def test_the_document_stands_in_the_folder(command, run, least):
    status, out, err = command("report", "run")
    assert (status, out, err) == (0, "The report is run/report.html\n", "")
    said = (run / "report.html").read_text(encoding="utf-8")
    assert said.startswith("<!")
    assert "Title" in said


def test_the_file_may_be_named_and_the_language_chosen(command, run):
    status, out, _ = command("report", "run/report.json", "--out", "new/r.md", "--lang", "zh")
    assert status == 0
    assert "new/r.md" in out
    said = (run.parent / "new" / "r.md").read_text(encoding="utf-8")
    assert said.startswith("# 标题\n")
    assert "](../run/figures/path.png)" in said


def test_json_is_one_object(command, run):
    status, out, err = command("report", "run", "--json", "--out", "r.html")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found == {"verb": "report", "run": "run", "title": "Title", "out": "r.html"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "RUN is missing"),
        (["nowhere"], "there is no nowhere"),
        (["empty"], "there is no report.json in empty"),
        (["damaged"], "damaged is damaged"),
        (["later"], "has the format 2, and this version reads 1"),
        (["run", "--out", "r.pdf"], "r.pdf ends neither"),
        (["run", "--out", "folder.html"], "cannot write folder.html"),
        (["run", "--out", "run/report.json/r.html"], "cannot write"),
        (["run", "more"], "one argument too many"),
    ],
)
def test_bad_input_gets_one_line_and_leaves_nothing(command, run, tmp_path, arguments, said):
    for name, content in {"damaged": "{", "later": '{"schema_version": 2}'}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").write_text(content)
    for name in ("empty", "folder.html"):
        (tmp_path / name).mkdir()
    before = sorted(tmp_path.rglob("*"))
    status, out, err = command("report", *arguments)
    assert (status, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith("weightdecay: error: ")
    assert said in line
    assert sorted(tmp_path.rglob("*")) == before


def test_torch_is_not_imported_for_it(run):
    code = (
        "import sys\n"
        "from weightdecay.cli import main\n"
        "try: main(['report', 'run', '--lang', 'en'])\n"
        "except SystemExit as done: assert not done.code\n"
        "assert 'torch' not in sys.modules and 'numba' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=run.parent)


def test_a_comparison_writes_one_if_asked(command, tmp_path):
    frame = pd.DataFrame({HOSTILE: range(40), "y": [k % 7 for k in range(40)]})
    frame.to_csv("t.csv", index=False)
    tiny = ("--epochs", "1", "--seeds", "2", "--folds", "2", "--hidden", "2")
    asked = ("t.csv", "--target", "y", "--task", "regression", "--decay", "l2", "--decay", "l1")
    status, out, err = command("compare", *asked, *tiny, "--out", "both")
    assert (status, err) == (0, "")
    assert "both/report.html" in out
    folder = tmp_path / "both"
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["report.html", "report.json", "report.md", "summary.json"]
    made = Page.model_validate_json((folder / "report.json").read_bytes())
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    for kind, row in zip(made.kinds.kinds, summary["kinds"], strict=True):
        assert kind.error == pytest.approx(row["error"] ** 0.5, rel=1e-6)
        assert kind.choice == row["choice"]
    for pair, row in zip(made.kinds.pairs, summary["pairs"], strict=True):
        assert pair.change == pytest.approx(row["effect"] / row["error_of_first"], rel=1e-6)
    assert made.command.startswith("weightdecay compare t.csv --decay l2 --decay l1 --target y")
    for name in ("report.html", "report.md"):
        said = (folder / name).read_text(encoding="utf-8")
        assert "<img" not in said.replace("\\<", "")
    status, _, _ = command("report", "both")
    assert status == 0


def test_a_comparison_that_cannot_be_written_says_so(command, tmp_path):
    (tmp_path / "file").write_text("")
    pd.DataFrame({"x": range(40), "y": [k % 7 for k in range(40)]}).to_csv("t.csv", index=False)
    asked = ("t.csv", "--target", "y", "--task", "regression", "--decay", "l2", "--out", "file")
    status, out, err = command("compare", *asked)
    assert (status, out) == (2, "")
    assert "--out: cannot write into file" in err
    (tmp_path / "fit").mkdir()
    (tmp_path / "fit" / "manifest.json").write_text("{}")
    status, out, err = command("compare", *asked[:-1], "fit")
    assert (status, out) == (2, "")
    assert "fit holds a run of fit" in err


def test_a_command_is_quoted_as_a_shell_needs_it():
    asked = command_line(
        "fit", "a b.csv", target="it's", drop=["x", "$y"], seeds=None, batch_size=3
    )
    assert asked == (
        "weightdecay fit 'a b.csv' --target 'it'\"'\"'s' --drop x --drop '$y' --batch-size 3"
    )
