"""The form that converts λ, and the table of conventions, for the page of conversions.

The table is that of :func:`weightdecay.convert`, formulas included, written into the page as data;
the words are those of ``weightdecay convert``.
"""

import json
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from weightdecay.apply._conventions import CONVENTIONS
from weightdecay.apply._conventions_text import formula, summary
from weightdecay.language import Words, catalogue


def data(language: str) -> str:
    """All that the form knows, as JSON that may stand in a page."""
    words = catalogue(language)
    texts = {
        key.removeprefix("convert."): text
        for key, text in words.items()
        if key.startswith("convert.error.") or key == "convert.is"
    }
    known = {**summary(Words(language)), "words": texts}
    return json.dumps(known, ensure_ascii=True).replace("<", "\\u003c")


class Calculator(SphinxDirective):
    """The form."""

    def run(self) -> list[nodes.Node]:
        language = "zh" if self.config.language.startswith("zh") else "en"
        html = (
            '<div id="calculator"></div>\n'
            f'<script type="application/json" id="conventions">{data(language)}</script>'
        )
        return [nodes.raw("", html, format="html")]


class Conventions(SphinxDirective):
    """The table of all conventions: name, meaning, λ of a value v, source."""

    def run(self) -> list[nodes.Node]:
        chinese = self.config.language.startswith("zh")
        words = Words("zh" if chinese else "en")
        keys = ("convention", "definition", "formula")
        heads = [*(words(f"convert.{key}") for key in keys), "来源" if chinese else "source"]
        rows = [
            (
                nodes.literal(one["name"], one["name"]),
                one["means"],
                formula(CONVENTIONS[one["name"]], words),
                one["source"],
            )
            for one in summary(words)["conventions"]
        ]
        widths = (2, 5, 3, 3)
        group = nodes.tgroup("", cols=len(widths))
        group += [nodes.colspec("", colwidth=width) for width in widths]
        group += nodes.thead("", _row(heads))
        group += nodes.tbody("", *map(_row, rows))
        return [nodes.table("", group, classes=["conventions"])]


def _row(cells: Iterable[str | nodes.Node]) -> nodes.row:
    filled = (cell if isinstance(cell, nodes.Node) else nodes.Text(cell) for cell in cells)
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in filled))


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("calculator", Calculator)
    app.add_directive("conventions", Conventions)
    app.add_js_file("convert.js", loading_method="defer")
    app.add_js_file("calculator.js", loading_method="defer")
    return {"parallel_read_safe": True}
