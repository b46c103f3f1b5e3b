"""What stands side by side on a page may have a title of its own, and no pairs."""

import sample_pages
from reading import ROOT, built

from weightdecay.report.page._html import html

TITLE = "Learning rates side by side"


def test_a_title_of_its_own_and_no_pairs(show):
    page = sample_pages.comparison()
    kinds = page.kinds.model_copy(
        update={
            "title": sample_pages.both(TITLE),
            "each": sample_pages.both("learning rate"),
            "pairs": (),
            "pairs_about": None,
        }
    )
    seen = built(show(html(page.model_copy(update={"kinds": kinds}))))
    heads = seen.evaluate(f"[...{ROOT}.querySelectorAll('h2')].map((h) => h.textContent)")
    assert sum(TITLE in head for head in heads) == 1
    columns = seen.evaluate(f"[...{ROOT}.querySelectorAll('th')].map((th) => th.textContent)")
    assert "learning rate" in columns
    figures = seen.evaluate(f"[...{ROOT}.querySelectorAll('figure')].map((f) => f.dataset.figure)")
    assert figures == ["kinds"]
