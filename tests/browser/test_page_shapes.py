"""Pages of every shape open without a word on the console, at every width, and on paper."""

import pytest
import sample_pages
from reading import ROOT, built, move, until

from weightdecay.report.page._html import html

PANELS = ("fit", "error", "norms", "training", "seeds", "verdict", "kinds")


def gaps(value):
    """The same data without a single number."""
    if isinstance(value, dict):
        return {k: gaps(v) for k, v in value.items()}
    if isinstance(value, list):
        return [gaps(v) for v in value]
    return None if isinstance(value, float) else value


def without_numbers():
    page = sample_pages.page()
    data = page.model_dump(mode="json")
    for part, names in {
        ("fit", "shown"): ("mean", "low", "high", "lines"),
        ("training",): ("train", "test", "penalty"),
        ("seeds",): ("error",),
        ("norms", "weights"): ("share",),
        ("verdict",): ("effect", "low", "high"),
    }.items():
        inner = data
        for name in part:
            inner = inner[name]
        inner.update({name: gaps(inner[name]) for name in names})
    for curve in data["error"]["curves"] + data["norms"]["layers"]:
        for band in ("band", "norm"):
            if band in curve:
                curve[band] = gaps(curve[band])
    for row in data["kinds"]["kinds"]:
        row.update(error=None, low=None, high=None)
    for row in data["kinds"]["pairs"]:
        row.update(change=None, low=None, high=None)
    return type(page).model_validate(data)


SHAPES = {
    "curve": lambda: sample_pages.page(),
    "scatter": lambda: sample_pages.page("scatter"),
    "confusion": lambda: sample_pages.page("confusion"),
    "one λ": lambda: sample_pages.page(values=(0.0,)),
    "two λs": lambda: sample_pages.page("scatter", values=(0.0, 0.1)),
    "no numbers": without_numbers,
    "comparison": sample_pages.comparison,
    "nothing": lambda: sample_pages.page().model_copy(update=dict.fromkeys((*PANELS, "path"))),
    **{
        f"no {panel}": lambda panel=panel: sample_pages.page().model_copy(update={panel: None})
        for panel in PANELS
    },
}


@pytest.mark.parametrize("name", SHAPES)
def test_it_opens_whole(show, name):
    page = SHAPES[name]()
    seen = built(show(html(page), width=360, height=700))
    assert seen.evaluate("document.documentElement.scrollWidth") <= 360
    if page.path is not None and len(page.path.values) > 1:
        for index in (0, len(page.path.values) - 1):
            move(seen, index)
    seen.evaluate(f"[...{ROOT}.querySelectorAll('details')].forEach((d) => (d.open = true))")
    seen.wait_for_timeout(50)
    drawn = seen.evaluate(f"{ROOT}.innerHTML")
    assert "NaN" not in drawn
    assert "undefined" not in drawn
    assert "Infinity" not in drawn


def test_no_slider_without_a_path(show):
    seen = show(html(sample_pages.comparison()))
    assert seen.evaluate(f"{ROOT}.querySelector('input')") is None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [360, 800, 1400])
def test_nothing_leaves_the_screen(show, language, width):
    seen = built(show(html(sample_pages.page("scatter"), language), width=width))
    assert seen.evaluate("document.documentElement.scrollWidth") <= width
    outside = seen.evaluate(
        f"""[...{ROOT}.querySelectorAll("*")].filter((element) =>
          !element.closest(".scroll, pre") && element.getBoundingClientRect().right > {width} + 1)
          .map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert outside == []


def test_on_paper_everything_is_there(show):
    seen = show(html(sample_pages.page()))
    seen.emulate_media(media="print")
    seen.evaluate("dispatchEvent(new Event('beforeprint'))")
    state = (
        f"[...{ROOT}.querySelectorAll('details')].map((d) => d.open && !!d.querySelector('table'))"
    )
    opened = seen.evaluate(state)
    assert len(opened) >= 10
    assert all(opened)
    assert not seen.evaluate(f"{ROOT}.querySelector('.waiting')")
    seen.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not any(seen.evaluate(state))
    assert len(seen.pdf()) > 50_000


def test_it_is_drawn_again_at_another_width(show):
    seen = built(show(html(sample_pages.page()), width=1200))
    seen.set_viewport_size({"width": 400, "height": 800})
    until(
        seen, f"{ROOT}.querySelector('[data-figure=fit] svg[role=img]').viewBox.baseVal.width < 400"
    )


def test_what_is_not_data_is_small():
    page = sample_pages.comparison()
    assert len(html(page).encode()) - len(page.model_dump_json().encode()) < 130_000
