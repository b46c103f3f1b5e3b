"""What is shown of the article: from a summary and results, in both languages, however thin."""

import io
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib import font_manager
from rich.console import Console

from weightdecay.language import Words
from weightdecay.reference.article import Demo, demo
from weightdecay.report import article, save
from weightdecay.report._drawing import STYLE, drawing, lambda_axis


@pytest.fixture(scope="module", params=[1, 8], ids=["one seed", "eight seeds"])
def found(request) -> Iterator[Demo]:
    return demo(0, request.param, only="meant", weight_decay=(0.0, 1e-3, 1e-1))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_text_and_figures(found: Demo, language: str, tmp_path) -> None:
    words = Words(language)
    console = Console(file=io.StringIO(), width=140)
    for part in article.text(found.summary, words):
        console.print(part)
    shown = console.file.getvalue()
    assert words("article.verdict.title") in shown
    assert "nan" not in shown
    drawn = article.figures(found.summary, None, found.results, words)
    files = save(drawn, tmp_path)
    assert sorted(file.name for file in files) == sorted(
        f"{name}.{kind}" for name in ("fit", "path", "curves") for kind in ("png", "svg")
    )
    assert drawn["path"].get_suptitle() == words("article.figure.path")


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


def test_every_chinese_character_has_a_glyph(found: Demo, tmp_path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a missing glyph
        save(article.figures(found.summary, None, found.results, Words("zh")), tmp_path)
    with drawing():
        assert font_manager.findfont("Noto Sans SC", fallback_to_default=False)


def test_the_users_settings_are_left_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with drawing():
        assert mpl.rcParams["svg.hashsalt"] == STYLE["svg.hashsalt"]
    assert dict(mpl.rcParams) == before


def test_the_same_figure_is_the_same_file(found: Demo, tmp_path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        save(article.figures(found.summary, None, found.results, Words("en")), tmp_path / folder)
    for file in (tmp_path / "a").glob("*.svg"):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_zero_stands_on_the_axis_of_lambda() -> None:
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    place = lambda_axis(axes, [0, 1e-4, 1e-2], "λ")
    assert place.tolist() == [-5, -4, -2]
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels[0] == "0"
    assert len(labels) == 4
