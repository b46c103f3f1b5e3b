"""The form that converts λ, for the page of conversions.

Its table is that of :func:`weightdecay.convert`, formulas included, written into the page as data;
its words are those of ``weightdecay convert``.
"""

import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from weightdecay.apply._conventions_text import summary
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


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("calculator", Calculator)
    app.add_js_file("convert.js", loading_method="defer")
    app.add_js_file("calculator.js", loading_method="defer")
    return {"parallel_read_safe": True}
