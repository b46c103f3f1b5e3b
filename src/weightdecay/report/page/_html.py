"""A page as one HTML file that needs nothing else, and as a fragment for notebooks.

The files under ``static/`` are read and joined as they are. Data go in as JSON, from which the
script makes text and drawings; nothing of the user's is ever markup.
"""

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from weightdecay.language import LANGUAGES, Words, catalogue
from weightdecay.report.page._data import Page

STATIC = files("weightdecay.report.page").joinpath("static")

STYLES = ("colours", "text", "layout", "controls", "figures", "tables", "narrow", "print")

#: One function around all of them; only the last one does anything when it is read.
SCRIPTS = (
    "words",
    "numbers",
    "elements",
    "text-width",
    "scales",
    "lambda-scale",
    "marks",
    "legend",
    "plot",
    "table",
    "figure",
    "places",
    "marker",
    "panels/against-lambda",
    "panels/fit-curve",
    "panels/fit-scatter",
    "panels/fit-confusion",
    "panels/dependence",
    "panels/error",
    "panels/norms",
    "panels/weights",
    "panels/training",
    "panels/seeds",
    "panels/verdict",
    "panels/kinds",
    "panels/sections",
    "panels/setup",
    "slider",
    "header",
    "address",
    "lazily",
    "parts",
    "view",
    "page-element",
)


def html(page: Page, language: str = "en") -> str:
    """Return a whole document.

    Parameters
    ----------
    page : Page
    language : {"en", "zh"}
        What it opens in; the reader can change it.
    """
    style = _read("css/document.css")
    return Template(_read("page.html")).substitute(
        _parts(page, language),
        lang="zh-Hans" if language == "zh" else "en",
        title=escape(getattr(page.title, language)),
        style=style,
        style_hash=_hash(style),
        script_hash=_hash(_script()),
    )


def fragment(page: Page, language: str = "en") -> str:
    """Return an element and its script, of which a notebook may hold several."""
    return Template(_read("fragment.html")).substitute(_parts(page, language))


def _parts(page: Page, language: str) -> dict[str, str]:
    data = f'{{"words":{_words()},"page":{page.model_dump_json()}}}'
    return {
        "language": language,
        "data": _plain(_inert(data)),
        "script": _script(),
        "needs_script": escape(Words(language)("page.needs_script")),
    }


def _inert(data: str) -> str:
    """Return JSON in which nothing can end or comment out the script element around it."""
    for character in "<>&":
        data = data.replace(character, f"\\u{ord(character):04x}")
    return data


def _plain(text: str) -> str:
    """Return JSON or a script with escapes for all but ASCII: browsers keep a byte a letter."""
    return re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)


@cache
def _words() -> str:
    """All words of the interface as JSON, in every language, without the prefix of their keys."""
    prefix = "page."
    spoken: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for language, words in spoken.items():
        for key, text in catalogue(language).items():
            if key.startswith(prefix):
                words[key.removeprefix(prefix)] = text
    return json.dumps(spoken, separators=(",", ":"))


@cache
def _script() -> str:
    style = json.dumps("\n".join(_read(f"css/{name}.css") for name in STYLES))
    body = "\n".join(_read(f"js/{name}.js") for name in SCRIPTS)
    return _plain(f'(() => {{\n"use strict";\nconst STYLE = {style};\n{body}}})();\n')


@cache
def _read(name: str) -> str:
    return STATIC.joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return what a content security policy knows an inline script or style by."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
