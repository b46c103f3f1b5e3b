"""What is shown of the chapter: from a summary alone, in both languages, however thin."""

import io
from copy import deepcopy

import numpy as np
import pytest
from rich.console import Console

from weightdecay.language import Words
from weightdecay.reference.d2l import demo
from weightdecay.report import d2l, save
from weightdecay.report.d2l._text import short, signed

both_languages = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture(scope="module")
def summary():
    return demo(2, (0.0, 0.1, 1.0, 10.0), draws=40).summary


def shown(summary, language, width=80):
    console = Console(file=io.StringIO(), width=width)
    for part in d2l.text(summary, Words(language)):
        console.print(part, highlight=False)
    return console.file.getvalue()


@both_languages
def test_the_text_says_what_decay_erased(summary, language):
    text = shown(summary, language, width=1000)
    said = {
        "en": ("random initialisation left over in the null space", "as well without any decay"),
        "zh": ("随机初始值残留在数据零空间里", "完全不加衰减也一样好"),
    }
    for words in said[language]:
        assert words in text
    assert "nan" not in text


@both_languages
def test_the_text_fits_80_columns_with_every_interval_on_its_line(summary, language):
    lines = shown(summary, language).splitlines()
    rows = [line for line in lines if line.startswith((" 0 ", " 0.1 ", " 1 ", " 3 ", " 10 "))]
    assert len(rows) == 2 * 5
    assert all("[" in row and "]" in row for row in rows)


@both_languages
def test_figures(summary, language, tmp_path):
    words = Words(language)
    drawn = d2l.figures(summary, words)
    files = save(drawn, tmp_path)
    assert sorted(file.name for file in files) == [
        "errors.png",
        "errors.svg",
        "subspaces.png",
        "subspaces.svg",
    ]
    note = words("d2l.figure.note", draws=40, seeds=2)
    assert {figure.get_supxlabel() for figure in drawn.values()} == {note}


def test_the_figures_show_the_figures(summary):
    drawn = d2l.figures(summary, Words("en"))
    for panel, start in zip(drawn["subspaces"].axes, ("normal", "zero"), strict=True):
        null_space, row_space = (bars.lines[0].get_ydata() for bars in panel.containers)
        assert null_space.tolist() == summary["study"][start]["null_space"]
        assert row_space.tolist() == summary["study"][start]["row_space"]
    for panel, start in zip(drawn["errors"].axes, ("normal", "zero"), strict=False):
        validation, train = (bars.lines[0].get_ydata() for bars in panel.containers)
        assert validation.tolist() == summary["study"][start]["validation_loss"]
        assert train.tolist() == summary["study"][start]["train_loss"]


@both_languages
def test_a_lambda_whose_runs_diverged_has_no_figures(language, tmp_path):
    summary = demo(1, (0.0, 1e4), draws=4).summary
    text = shown(summary, language, width=200)
    assert "nan" not in text
    assert Words(language)("d2l.table.diverged", count=4) in text
    save(d2l.figures(summary, Words(language)), tmp_path)


@both_languages
def test_where_the_control_does_worse_it_is_not_said_to_do_as_well(summary, language):
    words, other = Words(language), deepcopy(summary)
    other["verdict"]["zero_against_book"]["label"] = "hurts"
    text = shown(other, language, width=1000)
    assert words("d2l.verdict.not_shown", **{"lambda": 3.0}) in text
    assert words("d2l.verdict.control_hurts") in text


@both_languages
def test_a_judged_run_that_diverged_is_said(summary, language):
    other = deepcopy(summary)
    failed = {"label": "cannot_tell", "failed": 2, "effect": np.nan, "interval": [np.nan] * 2}
    other["verdict"]["normal"] |= failed
    text = shown(other, language, width=1000)
    words = Words(language)
    what = words("d2l.verdict.what_normal", **{"lambda": 10.0})
    assert words("d2l.verdict.failed", what=what, failed=2, judged_on=20) in text
    assert "nan" not in text


def test_three_digits():
    assert [short(x) for x in (89.612, 0.0099, 100.4, 0, 2.34e-13, np.nan)] == [
        "89.6",
        "0.00990",
        "100",
        "0",
        "2.34e-13",
        "–",
    ]
    assert [signed(x) for x in (0.5, -0.5, 0)] == ["+0.500", "−0.500", "0"]
