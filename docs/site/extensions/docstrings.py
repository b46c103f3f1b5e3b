"""Numpydoc docstrings as Sphinx takes them."""

import re
from typing import Any

from sphinx.application import Sphinx


def _plain_references(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Let references be what they look like: numbers in brackets, and a list of sources.

    They are numbered anew in every docstring; as footnotes of one page they would collide.
    """
    text = "\n".join(lines)
    text = re.sub(r"\[(\d+)\]_", r"[\1]", text)
    text = re.sub(r"^(\s*)\.\. \[(\d+)\] ", r"\1\2. ", text, flags=re.MULTILINE)
    lines[:] = text.split("\n")


def _types_as_text(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Put the types of attributes beside their names: they are words, not names to link."""
    text = "\n".join(lines)
    types = dict(re.findall(r"^:vartype (.+?): (.*)$", text, re.MULTILINE))
    text = re.sub(r"^:vartype .*\n?", "", text, flags=re.MULTILINE)
    first = True

    def field(found: re.Match[str]) -> str:
        nonlocal first
        title = ".. rubric:: Attributes\n\n" if first else ""
        first = False
        name, kind = found[1].replace("\\", ""), types.get(found[1])
        return f"{title}:``{name}``: {kind + '. ' if kind else ''}"

    text = re.sub(r"^:ivar (.+?): ?", field, text, flags=re.MULTILINE)
    lines[:] = text.split("\n")


def setup(app: Sphinx) -> dict[str, Any]:
    # napoleon is at 500.
    app.connect("autodoc-process-docstring", _plain_references, priority=400)
    app.connect("autodoc-process-docstring", _types_as_text, priority=600)
    return {"parallel_read_safe": True}
