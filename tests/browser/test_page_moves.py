"""One λ drives everything: by slider, keys, drag and click, and through the address."""

import pytest
import sample_pages
from reading import ROOT, built, chosen, move, until

from weightdecay.report.page._html import html

LINES = ["mean", "weights", "training", "penalty"]


def drawn(page, name):
    return page.evaluate(f"{ROOT}.querySelector('[data-line={name}]').getAttribute('d')")


def test_every_drawing_and_every_lambda_moves(show):
    seen = built(show(html(sample_pages.page())))
    before = {name: drawn(seen, name) for name in LINES}
    move(seen, 5)
    assert all(drawn(seen, name) != before[name] for name in LINES)
    words = seen.evaluate(
        f"""[...{ROOT}.querySelectorAll(
          "figure:not([data-figure=kinds], [data-figure=pairs]) svg[role=img]")]
          .map((svg) => svg.ariaLabel)"""
    )
    assert len(words) == 9
    assert all("λ = 1" in text for text in words)
    assert seen.evaluate(f"{ROOT}.querySelector('output').textContent") == "λ = 1"
    spoken = seen.evaluate(f"{ROOT}.querySelector('input').getAttribute('aria-valuetext')")
    assert spoken == "λ = 1, the article's λ: 0.5, 6 of 6"
    heads = seen.evaluate(f"{ROOT}.querySelector('[data-figure=seeds] svg[role=img]').textContent")
    assert "λ = 0.1" in heads
    assert "λ = 1" in heads


def test_it_opens_at_what_was_chosen(show):
    assert chosen(show(html(sample_pages.page()))) == 3


@pytest.mark.parametrize(
    ("key", "index"), [("ArrowRight", 4), ("ArrowLeft", 2), ("Home", 0), ("End", 5)]
)
def test_keys(show, key, index):
    seen = show(html(sample_pages.page()))
    seen.evaluate(f"{ROOT}.querySelector('input').focus()")
    seen.keyboard.press(key)
    assert chosen(seen) == index


def test_drag_and_click_over_lambda(show):
    seen = built(show(html(sample_pages.page())))
    until(seen, f"{ROOT}.querySelector('[data-figure=norms] .surface') !== null")
    for figure in ("error", "norms"):
        surface = seen.locator(f"[data-figure={figure}] .surface")
        surface.scroll_into_view_if_needed()
        box = surface.bounding_box()
        middle = box["y"] + box["height"] / 2
        seen.mouse.click(box["x"] + 4, middle)
        assert chosen(seen) == 0
        seen.mouse.down()
        seen.mouse.move(box["x"] + box["width"] / 2, middle)
        assert 0 < chosen(seen) < 5
        seen.mouse.move(box["x"] + box["width"] - 2, middle)
        seen.mouse.up()
        assert chosen(seen) == 5
        seen.mouse.move(box["x"] + 4, middle)  # no longer held
        assert chosen(seen) == 5


def test_jumps(show):
    seen = show(html(sample_pages.page()))
    seen.get_by_role("button", name="No decay").click()
    assert chosen(seen) == 0
    seen.get_by_role("button", name="One standard error").click()
    assert chosen(seen) == 4


def test_the_address_holds_the_state(show):
    seen = show(html(sample_pages.page()), "#lambda=1&lang=zh&theme=dark")
    assert chosen(seen) == 1
    assert seen.evaluate("document.documentElement.lang") == "zh-Hans"
    assert seen.title() == "权重衰减有用吗？"
    assert seen.evaluate(f"{ROOT}.host.getAttribute('theme')") == "dark"
    move(seen, 4)
    seen.get_by_role("button", name="English").click()
    seen.get_by_role("button", name="Light").click()
    until(seen, "location.hash.includes('theme=light')")
    kept = seen.evaluate("location.hash")
    again = show(html(sample_pages.page()), kept)
    assert chosen(again) == 4
    assert again.evaluate("document.documentElement.lang") == "en"
    again.evaluate("location.hash = 'lambda=2&lang=zh'")
    until(again, "document.documentElement.lang === 'zh-Hans'")
    assert chosen(again) == 2


@pytest.mark.parametrize(
    "fragment", ["#lambda=99&lang=xx&theme=pink", "#lambda=-1", "#lambda=", "#%"]
)
def test_an_address_that_says_nothing_is_ignored(show, fragment):
    seen = show(html(sample_pages.page()), fragment)
    assert chosen(seen) in (0, 3)
    assert seen.evaluate("document.documentElement.lang") == "en"
