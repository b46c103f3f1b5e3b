"""The static twin: names of the user's stay text."""

import html

import pytest

from weightdecay.language import Words, shown
from weightdecay.report.page import Page, markdown
from weightdecay.report.page._markdown import escaped

markdown_it = pytest.importorskip("markdown_it")  # rich depends on it
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "a | b",
    "`code` ``more``",
    "[link](javascript:alert(1))",
    "![picture](http://x)",
    "**bold** _x_ ~~gone~~",
    "&lt;b&gt; &amp;",
    "# no heading",
    "- no list",
    "1. no list",
    "line\nbreak\r\n\r\nparagraph",
    "back\\slash \\| \\",
    "http://example.com www.example.com",
    "$x$",
    "\u202egnirts",
)


def rendered(said: str) -> str:
    return markdown_it.MarkdownIt("commonmark").enable("table").render(said)


def page(name: str, least: Page) -> Page:
    """The name wherever a page has one."""
    text = {"en": name, "zh": name}
    one = [[0.5, 1.0]] * 2
    band = {"estimate": [1, 2], "low": [0, None], "high": [2, 3]}
    return Page.model_validate(
        {
            **least.model_dump(mode="json"),
            "title": text,
            "path": {"values": [0, 1], "name": text, "chosen": 1},
            "fit": {
                "shown": {
                    "kind": "confusion",
                    "target": name,
                    "classes": [name, "b"],
                    "counts": [[[1, 2], [3, 4]]] * 2,
                    "about": text,
                },
                "dependence": [
                    {"column": name, "levels": [name, "b"], "of": name}
                    | dict.fromkeys(("mean", "low", "high"), one)
                ],
            },
            "norms": {
                "over": text,
                "layers": [{"name": name, "decayed": False, "norm": band}],
            },
            "sections": [
                {
                    "title": text,
                    "paragraphs": [text],
                    "table": {"columns": [text, text], "rows": [[text, text]]},
                }
            ],
            "setup": [{"name": text, "value": text}],
            "command": f"weightdecay fit {name}",
        }
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_as_it_is(name: str, least: Page) -> None:
    plain = shown(" ".join(name.split()), 100)
    made = rendered(markdown(page(name, least), "en"))
    for tag in ("<img", "<script", "<a ", "<em", "<del"):
        assert tag not in made
    cell = html.escape(plain, quote=False).replace('"', "&quot;")
    assert f"<h1>{cell}</h1>" in made
    assert f"<td>{cell}</td>" in made
    assert f"weightdecay fit {cell}" in made
    # As many cells as there are without it: no name is a cell's end.
    ordinary = rendered(markdown(page("name", least), "en"))
    for tag in ("<td", "<th", "<tr", "<li", "<h2", "<p>", "<pre>", "<table>"):
        assert made.count(tag) == ordinary.count(tag)


def test_pictures_are_linked_by_safe_addresses(least: Page) -> None:
    said = markdown(least, "en", {"path [x](y)": "figures/a b)(.png"})
    assert '<img src="figures/a%20b%29%28.png" alt="path [x](y)" />' in rendered(said)


def test_both_languages_have_their_headings(least: Page) -> None:
    for language in ("en", "zh"):
        assert Words(language)("report.markdown.setup") in markdown(least, language)


def test_escaping_makes_one_line() -> None:
    assert "\n" not in escaped("a\nb\u2028c\x0bd")
