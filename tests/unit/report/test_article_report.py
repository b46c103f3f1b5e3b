"""What is shown of the article: from a summary and results, in both languages, however thin."""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure
from rich.console import Console

from weightdecay.language import Words
from weightdecay.reference.article import Demo, demo
from weightdecay.report import article, save
from weightdecay.report._drawing import STYLE, drawing, lambda_axis


@pytest.fixture(scope="module", params=[1, 8], ids=["one seed", "eight seeds"])
def found(request) -> Iterator[Demo]:
    return demo(0, request.param, only="meant", weight_decay=(0.0, 1e-3, 1e-1))


@pytest.fixture(scope="module", params=["en", "zh"])
def drawn(request, found, tmp_path_factory) -> tuple[Words, dict[str, Figure], list[Path]]:
    """The figures in a language, and the files that they have been written to."""
    words = Words(request.param)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a missing glyph
        figures = article.figures(found.summary, None, found.results, words)
        return words, figures, save(figures, tmp_path_factory.mktemp("drawn"))


def test_text(found: Demo, drawn) -> None:
    words, _, _ = drawn
    console = Console(file=io.StringIO(), width=140)
    for part in article.text(found.summary, words):
        console.print(part)
    shown = console.file.getvalue()
    assert words("article.verdict.title") in shown
    assert "nan" not in shown


def test_figures(drawn) -> None:
    words, figures, files = drawn
    assert sorted(file.name for file in files) == sorted(
        f"{name}.{kind}" for name in ("fit", "path", "curves") for kind in ("png", "svg")
    )
    assert figures["path"].get_suptitle() == words("article.figure.path")


def test_the_published_panels(found: Demo) -> None:
    summary = {**found.summary, "published": {"seed": 25}}
    predictions = {"without": np.full(1000, 30.0), "with": np.full(1000, 40.0)}
    figure = article.figures(summary, predictions, None, Words("en"))["fit"]
    assert len(figure.axes) == 2
    for axes, level in zip(figure.axes, (30, 40), strict=True):
        points, truth, prediction = (
            axes.collections[0],
            axes.lines[0],
            axes.lines[1],
        )
        assert points.get_offsets()[9].tolist() == [10, 98.83]
        assert truth.get_ydata()[500] == 25
        assert (prediction.get_ydata() == level).all()


def test_chinese_has_its_font() -> None:
    with drawing():
        assert font_manager.findfont("Noto Sans SC", fallback_to_default=False)


def test_the_users_settings_are_left_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with drawing():
        assert mpl.rcParams["svg.hashsalt"] == STYLE["svg.hashsalt"]
    assert dict(mpl.rcParams) == before


def test_the_same_figure_is_the_same_file(found: Demo, drawn, tmp_path) -> None:
    words, _, files = drawn
    again = article.figures(found.summary, None, found.results, words)
    before = {file.name: file for file in files}
    for file in save({"path": again["path"]}, tmp_path):
        assert file.read_bytes() == before[file.name].read_bytes()


def test_zero_stands_on_the_axis_of_lambda() -> None:
    axes = Figure().subplots()
    place = lambda_axis(axes, [0, 1e-4, 1e-2], "λ")
    assert place.tolist() == [-5, -4, -2]
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels[0] == "0"
    assert len(labels) == 4
