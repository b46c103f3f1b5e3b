"""The command line as a user meets it: in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from weightdecay.cli import main
from weightdecay.reference.article import _demo
from weightdecay.reference.article import _experiment as experiment
from weightdecay.reference.article._published import WEIGHT_DECAY, Run, train

MEANT = ("demo", "--only", "meant", "--seeds", "6", "--weight-decay", "0.003")


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from weightdecay.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["demo", "nope"], "'nope'"),
        (["demo", "--seeds", "-3"], "--seeds"),
        (["demo", "--seeds", "0"], "--seeds"),
        (["demo", "--seeds", "many"], "'many'"),
        (["demo", "--seed", "-1"], "--seed"),
        (["demo", "--seed", "1.5"], "'1.5'"),
        (["demo", "--weight-decay", "nan"], "--weight-decay"),
        (["demo", "--weight-decay", "inf"], "--weight-decay"),
        (["demo", "--weight-decay", "-1"], "--weight-decay"),
        (["demo", "--weight-decay", "0"], "--weight-decay"),
        (["demo", "--only", "half"], "--only"),
        (["demo", "--lang", "tlh"], "--lang"),
        (["demo", "--out", f"{__file__}/results"], "--out"),
        (["demo", "--colour"], "--colour"),
        (["demo", "--seed"], "--seed"),
        (["demo", "article", "twice"], "'twice'"),
        (["dance"], "'dance'"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_input_gets_one_line_and_status_2(
    arguments: list[str], named: str, language: str
) -> None:
    locale = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language]
    done = command(*arguments, LC_ALL=locale)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert named in line
    assert line.startswith({"en": "weightdecay: error:", "zh": "weightdecay：错误："}[language])


def test_help_answers_without_torch() -> None:
    for arguments in (["--help"], ["demo", "--help"], ["--version"], []):
        program = (
            "import sys\nfrom weightdecay.cli import main\n"
            f"try: main({arguments})\nexcept SystemExit as e: assert not e.code\n"
            "assert not {'torch', 'numba', 'numpy', 'matplotlib'} & set(sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


def test_help_speaks_both_languages() -> None:
    english, chinese = command("demo", "--help"), command("demo", "--help", "--lang", "zh")
    assert "Usage: weightdecay demo" in english.stdout
    assert "用法：weightdecay demo" in chinese.stdout
    for word in ("Options", "Arguments", "Show this message", "Default"):
        assert word in english.stdout
        assert word not in chinese.stdout


def test_text_that_is_no_terminal_is_as_wide_as_asked() -> None:
    for columns, width in (("80", 80), ("", 140)):
        lines = command("convert", "--list", COLUMNS=columns).stdout.splitlines()
        assert width - 20 < max(map(len, lines)) <= width


def test_the_package_is_the_command_and_a_switch_takes_no_value() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "weightdecay", "fit", "--help"],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert done.returncode == 0
    assert "weightdecay fit" in done.stdout
    assert "<bool>" not in done.stdout


Written = tuple[subprocess.CompletedProcess[str], Path]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A demo as JSON, and the folder that it has made."""
    folder = tmp_path_factory.mktemp("demo") / "new" / "folder"
    return command(*MEANT, "--json", "--out", str(folder)), folder


def test_json_is_one_object_and_nothing_else(written: Written) -> None:
    done, folder = written
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    summary = json.loads(done.stdout)
    study, verdict = summary["study"], summary["verdict"]
    assert study["weight_decay"] == [0.0, 0.003]
    assert len(study["mse_median"]) == len(study["dead_fraction"]) == 2
    assert verdict["label"] in ("helps", "hurts", "no_difference", "cannot_tell")
    assert {"effect", "interval", "weight_decay"} <= set(verdict)
    assert summary["engine"] == "lanes"
    assert summary["seconds"] > 0
    files = {file.name for file in folder.iterdir()}
    pictures = {f"{name}.{kind}" for name in ("fit", "path", "curves") for kind in ("png", "svg")}
    assert files == pictures | {
        "summary.json",
        "results.nc",
        "report.html",
        "report.json",
        "report.md",
    }
    assert json.loads((folder / "summary.json").read_text()) == summary


def test_results_can_be_read_back(written: Written) -> None:
    import xarray as xr

    done, folder = written
    with xr.open_dataset(folder / "results.nc", engine="scipy") as results:
        assert results.sizes["seed"] == 6
        medians = json.loads(done.stdout)["study"]["mse_median"]
        alive = results.dead[0].values == 0
        assert results.mse[0].values[alive].size == alive.sum() > 0
        assert abs(float(results.mse[0][alive].median()) - medians[0]) < 1e-9


def here(seed: int, progress: Callable[[int], None]) -> tuple[Run, Run]:
    return train(seed, 0.0, progress), train(seed, WEIGHT_DECAY, progress)


def test_published_part_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(experiment, "RECIPE", replace(experiment.RECIPE, epochs=30))
    monkeypatch.setattr(_demo, "published", here)  # processes would not have the fewer epochs
    with pytest.raises(SystemExit) as done:
        main(["demo", "--only", "published", "--seed", "1", "--json"])
    assert not done.value.code
    published = json.loads(capsys.readouterr().out)["published"]
    for run in ("with", "without"):
        assert {"relative_error", "mse", "train_mse", "weight_norm"} <= set(published[run])
    assert published["penalized"] == ["8.bias"]
    assert sum(share["applied"] for share in published["share"].values()) == 1
    assert sum(s["described"] for s in published["share"].values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fti"], "'fti'; did you mean fit? See weightdecay --help"),
        (["fit", "--taget", "y"], "--taget; did you mean --target? See weightdecay fit --help"),
        (["demo", "--colour"], "--colour; see weightdecay demo --help"),
        (["dance"], "'dance'; see weightdecay --help"),
    ],
)
def test_what_may_be_meant_is_named(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as done:
        main([*arguments, "--lang", "en"])
    assert done.value.code == 2
    assert capsys.readouterr().err.endswith(f"{told}\n")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_are_all_in_one_language(language: str) -> None:
    done = command(*MEANT, "--lang", language)
    assert done.returncode == 0, done.stderr
    chinese = [c for c in done.stdout if "\u4e00" <= c <= "\u9fff"]
    assert bool(chinese) == (language == "zh")
    for word in ("Verdict", "training", "Dead", "median"):
        assert (word in done.stdout) == (language == "en")


@pytest.mark.skipif(os.name == "nt", reason="process groups are POSIX")
@pytest.mark.parametrize("only", ["published", "meant"])
def test_ctrl_c_ends_at_once_and_leaves_nothing(only: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["demo", "--only", only, "--seeds", "5000", "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, "-c", "from weightdecay.cli import main; main()", *arguments],
        start_new_session=True,
        # As from a terminal, also where the tests run in the background, which ignores Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ) as process:
        try:
            while not out.exists():  # made as soon as the options are read
                time.sleep(0.05)
            time.sleep(3)
            os.killpg(process.pid, signal.SIGINT)
            stdout, stderr = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert stdout == ""
    assert stderr.strip() == "Interrupted."
    assert not out.exists()
