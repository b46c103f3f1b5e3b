"""For those who do not see it, or have no mouse."""

import pytest
import sample_pages
from reading import ROOT, built, until

from weightdecay.report.page._html import html

CONTROLS = "button, input, summary, [tabindex='0'], pre"


@pytest.mark.parametrize("fit", ["curve", "confusion"])
def test_the_keyboard_reaches_every_control(show, fit):
    seen = built(show(html(sample_pages.page(fit))))
    count = seen.evaluate(
        f"""(() => {{
          const all = [...{ROOT}.querySelectorAll("{CONTROLS}")].filter((e) => e.checkVisibility());
          all.forEach((element, k) => (element.dataset.stop = k));
          return all.length;
        }})()"""
    )
    reached = set()
    for _ in range(count + 5):
        seen.keyboard.press("Tab")
        reached.add(seen.evaluate(f"{ROOT}.activeElement?.dataset.stop ?? null"))
    assert reached - {None} == {str(k) for k in range(count)}


def test_keys_open_tables_and_change_language(show):
    seen = built(show(html(sample_pages.page())))
    seen.evaluate(f"{ROOT}.querySelector('[data-figure=fit] summary').focus()")
    seen.keyboard.press("Enter")
    until(seen, f"{ROOT}.querySelector('[data-figure=fit] table') !== null")
    seen.evaluate(f"{ROOT}.querySelector('[data-control=language]').focus()")
    seen.keyboard.press("Enter")
    assert seen.evaluate("document.querySelector('weightdecay-page').lang") == "zh-Hans"
    assert seen.evaluate(f"{ROOT}.activeElement.dataset.control") == "language"


@pytest.mark.parametrize("fit", ["curve", "scatter", "confusion"])
def test_every_figure_says_what_it_shows(show, fit):
    seen = built(show(html(sample_pages.page(fit))))
    bare = seen.evaluate(
        f"""[...{ROOT}.querySelectorAll("figure")].filter((figure) =>
          !figure.querySelector("svg[role=img][aria-label], table")
          || !figure.querySelector("details, table")).map((figure) => figure.dataset.figure)"""
    )
    assert bare == []


@pytest.mark.parametrize(
    ("fit", "language", "scheme"),
    [
        ("curve", "en", "light"),
        ("confusion", "en", "dark"),
        ("scatter", "zh", "light"),
        ("curve", "zh", "dark"),
    ],
)
def test_axe_finds_nothing_serious(show, axe, fit, language, scheme):
    seen = built(show(html(sample_pages.page(fit), language), scheme=scheme))
    seen.evaluate(f"[...{ROOT}.querySelectorAll('details')].forEach((d) => (d.open = true))")
    seen.evaluate(axe)
    found = seen.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    serious = [
        (fault["id"], fault["nodes"][0]["html"][:120], fault["nodes"][0]["failureSummary"][:200])
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
    assert serious == []
