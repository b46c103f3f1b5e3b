"""What Chinese pages need besides their text.

A line that ends between two Chinese characters ends there, without a space: Markdown puts one in
its place, which is seen. And the theme's own words, which it has in English only.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _

_HAN = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’…—]"
_MARK = r"[，。；：、？！（）“”]"
#: Between two characters, or beside punctuation, which brings its own space.
_JOINED = re.compile(rf"{_HAN}\n{_HAN}|{_MARK}\n.|.\n{_MARK}")

_THEME = {
    "On this page": "本页内容",
    "Next": "下一页",
    "Previous": "上一页",
    "Home": "首页",
    "Back to top": "回到顶部",
    "Skip to content": "跳到正文",
}


def _join(app: Sphinx, doctree: nodes.document) -> None:
    if not app.config.language.startswith("zh"):
        return
    for text in list(doctree.findall(nodes.Text)):
        parent = text.parent
        # The end of a line is a node of its own.
        if text != "\n" or isinstance(parent, nodes.literal_block):
            continue
        place = parent.index(text)
        before, after = (
            parent[i].astext() if 0 <= i < len(parent) else "" for i in (place - 1, place + 1)
        )
        if _JOINED.fullmatch(f"{before[-1:]}\n{after[:1]}"):
            parent.remove(text)


def _speak(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if app.config.language.startswith("zh"):
        # Both: of expressions and of blocks in the theme's templates.
        context["_"] = context["gettext"] = lambda text: _THEME.get(text.strip(), _(text))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", _join)
    app.connect("html-page-context", _speak)
    return {"parallel_read_safe": True}
