"""``fit``, ``predict`` and ``compare`` as a user meets them, in this process: torch loads once."""

import json
import re
import warnings

import numpy as np
import pandas as pd
import pytest

from weightdecay.cli import main

TINY = ("--epochs", "2", "--seeds", "2", "--folds", "2", "--hidden", "3")


def table(rows=60):
    rng = np.random.default_rng(0)
    x = rng.normal(size=rows)
    return pd.DataFrame(
        {
            "[red]x[/red] <b>, y": x,
            "=1+1": rng.choice(["a", "b"], rows),
            "y": x + rng.normal(size=rows),
        }
    )


@pytest.fixture
def command(monkeypatch, tmp_path, capsys):
    """Run a command in an empty folder; return exit status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as done:
            main([*arguments, "--lang", "en"] if "--lang" not in arguments else arguments)
        return done.value.code, *capsys.readouterr()

    return run


def test_fit_then_predict(command, tmp_path):
    table().to_csv("t.csv", index=False)
    status, out, err = command("fit", "t.csv", "--target", "y", *TINY)
    assert (status, err) == (0, "")
    assert "[red]x[/red] <b>, y" in out
    assert "Does weight decay help?" in out
    folder = tmp_path / "out" / "t"
    names = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert names == {
        "manifest.json",
        "model.safetensors",
        "path.safetensors",
        "summary.json",
        "report.html",
        "report.json",
        "report.md",
        "figures/path.png",
        "figures/path.svg",
    }
    status, out, err = command("predict", "out/t", "t.csv")
    assert status == 0
    assert len(out.splitlines()) == 61
    assert out.splitlines()[0] == "prediction,spread"
    assert "60 rows predicted" in err


def test_json_is_one_object_and_what_the_folder_holds(command):
    table().to_csv("t.csv", index=False)
    status, out, err = command("fit", "t.csv", "--target", "y", "--out", "run", "--json", *TINY)
    assert (status, err) == (0, "")
    with open("run/summary.json", encoding="utf-8") as file:
        assert json.load(file) == json.loads(out)
    status, out, err = command("predict", "run", "t.csv", "--json", "--out", "p.csv")
    assert (status, err) == (0, "")
    assert json.loads(out)["rows"] == 60
    status, out, _ = command("predict", "run", "t.csv", "--json")
    found = json.loads(out)["predictions"]["prediction"]
    assert found == pytest.approx(pd.read_csv("p.csv")["prediction"].tolist(), rel=1e-6)


def test_compare_says_every_pair(command):
    table().to_csv("t.csv", index=False)
    arguments = ("t.csv", "--target", "y", "--decay", "l2", "--decay", "l1", *TINY)
    status, out, err = command("compare", *arguments)
    assert (status, err) == (0, "")
    for pair in ("l2 against none", "l1 against none", "l1 against l2"):
        assert pair in out
    assert "Bonferroni" in out
    status, out, _ = command("compare", *arguments, "--json")
    assert json.loads(out)["correction"] == "bonferroni"


def test_in_chinese_all_is_chinese(command):
    table().to_csv("t.csv", index=False)
    status, out, _ = command("fit", "t.csv", "--target", "y", *TINY, "--lang", "zh")
    assert status == 0
    assert "权重衰减有用吗？" in out
    english = re.sub(r"\[red\]x\[/red\] <b>|RidgeCV|Adam|RMSE|torch|DATA|out/t|--task", "", out)
    english = re.sub(r"weightdecay predict|classification|t\.csv|report\.html", "", english)
    assert not re.search(r"[A-Za-z]{4}", english)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fit"], "DATA is missing"),
        (["fit", "none.csv", "--target", "y"], "none.csv"),
        (["fit", "t.csv"], "--target is missing"),
        (["fit", "t.csv", "--target", "z"], "no column z"),
        (["fit", "t.csv", "--target", "y", "--task", "guess"], "--task"),
        (["fit", "t.csv", "--target", "y", "--rule", "best"], "--rule"),
        (["fit", "t.csv", "--target", "y", "--seeds", "0"], "--seeds"),
        (["fit", "t.csv", "--target", "y", "--folds", "1"], "--folds"),
        (["fit", "t.csv", "--target", "y", "--folds", "61"], "folds: 61 folds of 60 rows"),
        (["fit", "t.csv", "--target", "y", "--folds", "61"], "error: --folds: 61"),
        (
            ["compare", "t.csv", "--target", "y", "--folds", "61", "--decay", "l2"],
            "error: --folds: 61",
        ),
        (["fit", "t.csv", "--target", "y", "--epochs", "0"], "--epochs"),
        (["fit", "t.csv", "--target", "y", "--batch-size", "0"], "--batch-size"),
        (["fit", "t.csv", "--target", "y", "--lr", "nan"], "--lr"),
        (["fit", "t.csv", "--target", "y", "--lr", "-1"], "--lr"),
        (["fit", "t.csv", "--target", "y", "--hidden", "a,2"], "--hidden"),
        (["fit", "t.csv", "--target", "y", "--hidden", "0"], "--hidden"),
        (["fit", "t.csv", "--target", "y", "--out", "t.csv"], "--out"),
        (["fit", "t.csv", "--target", "y", "--out", "full"], "--out"),
        (["fit", "t.csv", "--target", "y", "--out", "t.csv/below"], "--out"),
        (["predict"], "RUN is missing"),
        (["predict", "full"], "DATA is missing"),
        (["predict", "full", "t.csv"], "RUN: full"),
        (["predict", "full", "t.csv", "--out", "p.xls"], "p.xls"),
        (["compare", "t.csv", "--target", "y"], "--decay is missing"),
        (["compare", "t.csv", "--target", "y", "--decay", "l3"], "'l3'"),
        (["compare", "t.csv", "--target", "y", "--decay", "l2", "--decay", "l2"], "twice"),
    ],
)
def test_bad_input_gets_one_line_and_leaves_nothing(command, tmp_path, arguments, said):
    table().to_csv("t.csv", index=False)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("keep")
    status, out, err = command(*arguments)
    assert (status, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith("weightdecay: error: ")
    assert said in line
    left = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*"))
    assert left == ["full", "full/thesis.txt", "t.csv"]


def test_what_cannot_be_written_leaves_only_what_was_trained(command, tmp_path, monkeypatch):
    table().to_csv("t.csv", index=False)

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("weightdecay.tables.write", fail)
        status, _, err = command("fit", "t.csv", "--target", "y", "--out", "run", *TINY)
    assert status == 2
    assert "No space left on device" in err
    assert [file.name for file in (tmp_path / "run").iterdir()] == ["training"]
    assert command("fit", "t.csv", "--target", "y", "--out", "run", *TINY)[0] == 0
    assert not (tmp_path / "run" / "training").exists()


def broken():
    """Tables that something is wrong with, by name: their bytes."""
    good = table()
    text = good.to_csv(index=False)
    n = len(good)
    frames = {
        "header only": good.iloc[:0],
        "one row": good.iloc[:1],
        "one column": good[["y"]],
        "constant target": good.assign(y=3),
        "missing column": good.assign(z=np.nan),
        "mixed": good.assign(z=[*range(n - 2), "?", "n.v."]),
        "infinite": good.assign(z=[np.inf, -np.inf, 1e308, *range(n - 3)]),
        "infinite target": good.assign(y=[np.inf, *good["y"][1:]]),
        "huge numbers": good.assign(z=10.0 ** np.linspace(-300, 300, n)),
        "huge target": good.assign(y=good["y"] * 1e90),
        "one of a class": good.assign(y=["w", *["u", "v"] * (n // 2 - 1), "u"]),
        "rare class": good.assign(y=["w", "w", *["u", "v"] * (n // 2 - 1)]),
        "text target": good.assign(y=[f"t{k}" for k in range(n)]),
        "markup classes": good.assign(y=["[/bold]", "[link=x]y"] * (n // 2)),
        "dates": good.assign(z=pd.date_range("2020", periods=n).astype(str)),
        "long cell": good.assign(z=["x" * 1_000_000, *"ab" * (n // 2 - 1), "a"]),
    }
    made = {name: frame.to_csv(index=False).encode() for name, frame in frames.items()}
    return made | {
        "empty": b"",
        "twice": b"x" + text[text.index("\n") :].encode(),
        "latin": text.replace(",a,", ",\xe4,").encode("latin-1"),
        "ragged": text.encode() + b"1,2\n",
        "open quote": text.encode() + b'"1,a,2\n',
        "nul": text.encode() + b"\0,a,2\n",
        "bytes": bytes(range(256)) * 4,
        "semicolons": good.to_csv(index=False, sep=";", decimal=",").encode(),
        "returns": good.to_csv(index=False, lineterminator="\r").encode(),
    }


@pytest.mark.parametrize("name", sorted(broken()))
def test_any_table_gives_a_model_or_one_line(command, tmp_path, name):
    (tmp_path / "t.csv").write_bytes(broken()[name])
    settings = ("--epochs", "1", "--seeds", "1", "--folds", "2", "--hidden", "2")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        status, out, err = command("fit", "t.csv", "--target", "y", *settings)
    if status == 0:
        assert err == ""
        status, out, _ = command("predict", "out/t", "t.csv")
        assert status == 0
        assert "nan" not in out
    else:
        assert (status, out) == (2, "")
        assert len(err.splitlines()) == 1
        assert len(err) < 1000
        assert [file.name for file in tmp_path.iterdir()] == ["t.csv"]


def test_predict_refuses_what_was_not_fitted(command):
    table().to_csv("t.csv", index=False)
    command("fit", "t.csv", "--target", "y", *TINY)
    table().drop(columns=["=1+1"]).to_csv("less.csv", index=False)
    status, out, err = command("predict", "out/t", "less.csv", "--out", "p.csv")
    assert (status, out) == (2, "")
    assert "no column =1+1" in err


def test_a_fold_with_one_group_to_train_on_cannot_choose(command):
    table().assign(who=np.arange(60) // 20).to_csv("t.csv", index=False)
    asked = ("fit", "t.csv", "--target", "y", "--group", "who")
    status, _, err = command(*asked, *TINY)
    assert status == 2
    assert "--folds: with 2 folds, one of them has a single group to train on" in err
    status, _, _ = command(*asked, *TINY, "--folds", "3")
    assert status == 0


def test_numbers_in_a_notation_are_read_said_and_read_alike_in_new_rows(command):
    x = np.random.default_rng(0).normal(size=40)
    frame = pd.DataFrame(
        {
            "price": [f"{1_000 * k + 500:,}" for k in range(40)],
            "share": [f"{value:.2f}".replace(".", ",") for value in x],
            "when": [f"2024年{1 + k % 12}月{1 + k % 28}日" for k in range(40)],
            "y": [f"{20 + value:.1f}%" for value in x],
        }
    )
    frame.to_csv("t.csv", index=False)
    status, out, err = command("fit", "t.csv", "--target", "y", *TINY)
    assert (status, err) == (0, "")
    assert "Numbers: price, share. Categories: –. Dates: when." in out
    ways = "price (1,234.5), share (1.234,5), y (1,234.5 %)"
    said = f"Numbers in a notation (in brackets: how 1234.5 is written): {ways}."
    assert said in " ".join(out.split())
    _, out, _ = command("fit", "t.csv", "--target", "y", *TINY, "--lang", "zh")
    assert f"按各自写法读出的数值（括号里是 1234.5 的写法）：{ways}。" in out
    status, whole, err = command("predict", "out/t", "t.csv")
    assert status == 0
    assert "On the 40 rows that have y" in err
    # Alone, and where semicolons separate, 0,53 and 1,500 could be anything.
    frame.iloc[[1]].to_csv("one.csv", index=False, sep=";")
    status, one, _ = command("predict", "out/t", "one.csv")
    assert one.splitlines()[1] == whole.splitlines()[2]
    frame.assign(price="1 500").to_csv("other.csv", index=False)
    status, _, err = command("predict", "out/t", "other.csv")
    assert status == 2
    assert "column price, row 1: 1 500 is not a number as this column had" in err
    assert "where 1234.5 is 1,234.5;" in err
