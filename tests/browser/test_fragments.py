"""Several reports in one notebook, each with the script that the others have too."""

import sample_pages

from weightdecay.report.page._html import fragment

STATES = """[...document.querySelectorAll("weightdecay-page")].map((element) =>
  element.shadowRoot?.querySelector("input")?.value ?? null)"""

MOVE = """
const slider = document.querySelector("weightdecay-page").shadowRoot.querySelector("input");
slider.value = 0;
slider.dispatchEvent(new Event("input"));
"""

# As JupyterLab does it: markup first, then its scripts once more, so that they run.
PUT = """(markup) => {
  const cell = document.createElement("div");
  document.body.append(cell);
  cell.innerHTML = markup;
  for (const old of cell.querySelectorAll("script")) {
    const script = document.createElement("script");
    for (const { name, value } of old.attributes) script.setAttribute(name, value);
    script.textContent = old.textContent;
    old.replaceWith(script);
  }
}"""


def test_two_in_one_document(show):
    two = fragment(sample_pages.page()) + fragment(sample_pages.page("scatter"), "zh")
    seen = show(
        f"<!doctype html><meta charset=utf-8><title>notebook</title>{two}", "#lambda=1&lang=zh"
    )
    assert seen.evaluate(STATES) == ["3", "3"]
    seen.evaluate(MOVE)
    assert seen.evaluate(STATES) == ["0", "3"]
    seen.wait_for_timeout(300)
    assert seen.evaluate("location.hash") == "#lambda=1&lang=zh"
    assert seen.title() == "notebook"
    langs = seen.evaluate("[...document.querySelectorAll('weightdecay-page')].map((e) => e.lang)")
    assert langs == ["en", "zh-Hans"]


def test_put_into_a_notebook_one_after_the_other(show):
    seen = show("<!doctype html><meta charset=utf-8><body></body>")
    for fit in ("curve", "confusion", "scatter"):
        seen.evaluate(PUT, fragment(sample_pages.page(fit)))
    assert seen.evaluate(STATES) == ["3", "3", "3"]
    seen.evaluate(MOVE)
    assert seen.evaluate(STATES) == ["0", "3", "3"]


def test_taken_out_and_put_elsewhere(show):
    seen = show(f"<!doctype html><meta charset=utf-8>{fragment(sample_pages.page())}")
    seen.evaluate(MOVE)
    seen.evaluate("document.body.append(document.querySelector('weightdecay-page'))")
    assert seen.evaluate(STATES) == ["0"]
