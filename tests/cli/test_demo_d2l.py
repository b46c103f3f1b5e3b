"""``weightdecay demo d2l`` as a user meets it."""

import json

import pytest
import xarray as xr

from weightdecay.cli import main
from weightdecay.language import LANGUAGES, catalogue

D2L = ("demo", "d2l", "--seeds", "1", "--weight-decay", "0.3")


@pytest.fixture
def command(capsys):
    """Run a command; return its exit status and what it printed on stdout and stderr."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_in_one_language(command, language):
    status, out, err = command(*D2L, "--lang", language)
    assert (status, err) == (0, "")
    assert catalogue(language)["d2l.verdict.title"] in out
    assert any("\u4e00" <= c <= "\u9fff" for c in out) == (language == "zh")
    for word in ("null space", "control", "helps"):
        assert (word in out) == (language == "en")


def test_json_is_one_object_and_the_folder_holds_it(command, tmp_path):
    out_folder = tmp_path / "new" / "folder"
    status, out, err = command(*D2L, "--json", "--out", str(out_folder))
    assert (status, err) == (0, "")
    summary = json.loads(out)
    assert summary["experiment"] == "d2l"
    assert summary["study"]["weight_decay"] == [0.0, 0.3, 3.0]
    assert summary["study"]["seeds"] == 1
    for start in ("normal", "zero"):
        assert {"label", "effect", "interval", "weight_decay"} <= set(summary["verdict"][start])
        assert len(summary["study"][start]["null_space"]) == 3
    pictures = {f"{name}.{kind}" for name in ("errors", "subspaces") for kind in ("png", "svg")}
    files = {file.name for file in out_folder.iterdir()}
    assert files == pictures | {
        "summary.json",
        "results.nc",
        "report.html",
        "report.json",
        "report.md",
    }
    assert json.loads((out_folder / "summary.json").read_text(encoding="utf-8")) == summary
    with xr.open_dataset(out_folder / "results.nc", engine="scipy") as results:
        assert results.sizes["draw"] == summary["study"]["draws"]
        means = results.null_space.mean(("seed", "draw"))
        assert [str(name) for name in results.start.values.astype(str)] == ["normal", "zero"]
        for k, start in enumerate(("normal", "zero")):
            assert means[k].values.tolist() == pytest.approx(summary["study"][start]["null_space"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--seed", "25"], "--seed"),
        (["--only", "meant"], "--only"),
        (["--only", "nonsense"], "--only"),
        (["--seeds", "0"], "--seeds"),
        (["--weight-decay", "-1"], "--weight-decay"),
        (["--weight-decay", "0"], "--weight-decay"),
        (["--out", f"{__file__}/results"], "--out"),
    ],
)
def test_bad_input_gets_one_line_and_status_2(command, arguments, named, language):
    status, out, err = command("demo", "d2l", *arguments, "--lang", language)
    assert (status, out) == (2, "")
    (line,) = err.splitlines()
    assert f"{named}:" in line.replace("：", ":")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_option_of_another_experiment_is_met_with_those_that_there_are(command, language):
    _, _, err = command("demo", "d2l", "--seed", "1", "--lang", language)
    for option in ("--seeds", "--weight-decay"):
        assert option in err
    assert "--only" not in err


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_every_experiment(command, language):
    from weightdecay._demos import EXPERIMENTS

    _, _, err = command("demo", "nope", "--lang", language)
    for name, experiment in EXPERIMENTS.items():
        assert name in catalogue(language)["cli.demo"]
        assert name in catalogue(language)["cli.experiment"]
        assert name in err
        assert str(experiment.options["seeds"]) in catalogue(language)["cli.seeds"]
