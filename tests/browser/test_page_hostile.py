"""Names from the user's data are text, whatever they look like."""

import json
from typing import Any

import pytest
import sample_pages
from reading import ROOT, built, move

from weightdecay.report.page._data import Page
from weightdecay.report.page._html import fragment, html

NASTY = (
    "<img src=x onerror=alert(1)></script><script>alert(2)</script><!-- ${x} $title \u2028&amp;\"'"
)

#: Fields whose values are fixed words.
FIXED = {"kind", "role", "label", "scale", "status", "schema_version"}


def spoiled(value: Any, field: str = "") -> Any:
    if field in FIXED:
        return value
    if isinstance(value, str):
        return f"{NASTY}{value}"
    if isinstance(value, list):
        return [spoiled(v) for v in value]
    if isinstance(value, dict):
        return {
            f"{NASTY}{k}" if field == "versions" else k: spoiled(v, k) for k, v in value.items()
        }
    return value


def hostile(fit: str) -> Page:
    return Page.model_validate(spoiled(sample_pages.page(fit).model_dump(mode="json")))


@pytest.mark.parametrize(
    ("fit", "language"), [("curve", "en"), ("scatter", "zh"), ("confusion", "en")]
)
def test_names_are_text(show, fit, language):
    page = hostile(fit)
    seen = built(show(html(page, language), width=360))
    move(seen, 1)
    seen.evaluate(f"[...{ROOT}.querySelectorAll('details')].forEach((d) => (d.open = true))")
    seen.wait_for_timeout(50)
    assert seen.evaluate(f"{ROOT}.querySelectorAll('img, script, iframe, object').length") == 0
    assert seen.evaluate("document.querySelectorAll('img, script').length") == 2
    assert seen.title().startswith("<img src=x onerror=alert(1)>")
    heading = seen.evaluate(f"{ROOT}.querySelector('h1').textContent")
    assert heading == getattr(page.title, language)
    assert seen.evaluate(f"{ROOT}.textContent.split('<img src=x onerror').length") > 30
    assert seen.evaluate("document.documentElement.scrollWidth") <= 360


def test_names_are_text_in_a_notebook(show):
    seen = built(show(f"<!doctype html><meta charset=utf-8>{fragment(hostile('scatter'))}"))
    assert seen.evaluate("document.querySelectorAll('img').length") == 0
    assert seen.evaluate(f"{ROOT}.querySelectorAll('img, script').length") == 0


def test_the_data_come_through_unchanged(show):
    page = hostile("curve")
    seen = show(html(page))
    text = seen.evaluate("document.querySelector('weightdecay-page > script').textContent")
    assert json.loads(text)["page"] == page.model_dump(mode="json")
    assert not set("<>&\u2028\u2029") & set(text)


def test_nothing_else_may_run(show):
    """The policy lets through this script and this style, and nothing that comes later."""
    seen = show(html(sample_pages.page()))
    policy = seen.evaluate("document.querySelector('meta[http-equiv]').content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
