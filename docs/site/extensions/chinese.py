"""A line that ends between two Chinese characters ends there, without a space.

Markdown puts one in its place, which is seen.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_HAN = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’…—"
#: Between two characters, or beside punctuation, which brings its own space.
_BREAK = re.compile(
    rf"(?<=[{_HAN}])\n(?=[{_HAN}])|(?<=[，。；：、？！（）“”])\n|\n(?=[，。；：、？！）”])"
)


def _join(app: Sphinx, doctree: nodes.document) -> None:
    if not app.config.language.startswith("zh"):
        return
    for text in list(doctree.findall(nodes.Text)):
        if "\n" in text and not isinstance(text.parent, nodes.literal_block):
            text.parent.replace(text, nodes.Text(_BREAK.sub("", text)))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", _join)
    return {"parallel_read_safe": True}
