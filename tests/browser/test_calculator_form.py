"""The form of the site's page of conversions, typed into as people do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weightdecay.apply._conventions_text import summary
from weightdecay.apply._convert import Refused, convert
from weightdecay.language import Words, catalogue

STATIC = Path(__file__).parents[2] / "docs" / "site" / "static"


def document(language: str) -> str:
    """A page with the form alone, as the site's extension puts it there."""
    words = {
        key.removeprefix("convert."): text
        for key, text in catalogue(language).items()
        if key.startswith("convert.")
    }
    data = json.dumps({**summary(Words(language)), "words": words}).replace("<", "\\u003c")
    scripts = "".join(
        f"<script>{(STATIC / name).read_text(encoding='utf-8')}</script>"
        for name in ("convert.js", "calculator.js")
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>λ</title>'
        f'<div id="calculator"></div>'
        f'<script type="application/json" id="conventions">{data}</script>{scripts}</html>'
    )


def fill(page: Any, value: str, source: str, target: str, **quantities: str) -> None:
    first, second = page.locator("#calculator select").all()
    first.select_option(source)
    second.select_option(target)
    page.locator("#calculator input[type=text]").first.fill(value)
    for name, number in quantities.items():
        page.get_by_label(name, exact=True).fill(number)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_answers_as_one_types(show: Callable[..., Any], language: str) -> None:
    page = show(document(language))
    result = page.locator("#calculator output")
    for value, source, target, quantities in (
        ("0.01", "keras", "torch", {}),
        ("0.02", "torch-mse", "ridge", {"rows": "500", "outputs": "1"}),
        ("20", "ema-epochs", "adamw", {"rows": "50000", "batch_size": "500", "lr": "0.001"}),
    ):
        fill(page, value, source, target, **quantities)
        given = {name: float(number) for name, number in quantities.items()}
        expected = convert(float(value), source, target, **given)
        assert float(result.get_attribute("data-result")) == pytest.approx(expected, rel=1e-12)
        shown = {"value": f"{float(value):g}", "source": source}
        assert result.inner_text() == Words(language)(
            "convert.is", **shown, result=f"{expected:g}", target=target
        )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_it_cannot_do_it_says_in_the_words_of_the_command(
    show: Callable[..., Any], language: str
) -> None:
    page = show(document(language))
    result = page.locator("#calculator output")
    fill(page, "0.01", "ridge", "torch", rows="")
    assert result.get_attribute("data-result") is None
    with pytest.raises(Refused) as refused:
        convert(0.01, "ridge", "torch")
    assert result.inner_text() == refused.value.text(Words(language), "rows", "SGD")
    # A penalty in the loss and a decay on the step are one thing under plain SGD alone.
    fill(page, "0.5", "keras", "adamw")
    assert "SGD" in result.inner_text()
    page.locator("#calculator input[type=checkbox]").check()
    assert float(result.get_attribute("data-result")) == 1.0
