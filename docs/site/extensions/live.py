"""Directives of a page whose code runs when the site is built.

``{run}``: Python, then what it prints and the figure that its last line is. ``{command}``: a shell
command and what it prints. ``{claim}``: assertions that the text rests on, not shown. The role
``{v}``: the value of an expression, so that a number in the text is that of the code.
"""

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

import running


class _Live(SphinxDirective):
    has_content = True
    option_spec: ClassVar = {"alt": directives.unchanged, "wide": directives.flag}

    def outcome(self) -> running.Outcome:
        """What came of this block, which is the next of its page."""
        state = self.env.temp_data["live"]
        state["next"] += 1
        return state["ran"].outcomes[state["next"] - 1]


class Run(_Live):
    """Python that is run."""

    def run(self) -> list[nodes.Node]:
        outcome = self.outcome()
        code = "\n".join(self.content)
        shown: list[nodes.Node] = [nodes.literal_block(code, code, language="python")]
        if outcome.text:
            shown.append(_output(outcome.text))
        alt = self.options.get("alt", "")
        if outcome.figures and not alt:
            raise self.error("a figure needs :alt:, what it shows in words")
        for file in outcome.figures:
            here = Path(self.env.doc2path(self.env.docname)).parent
            image = nodes.image(uri=_relative(Path(file), here), alt=alt)
            wide = ["wide"] if "wide" in self.options else []
            shown.append(nodes.figure("", image, classes=["drawn", *wide]))
        return shown


class Command(_Live):
    """A shell command that is run."""

    def run(self) -> list[nodes.Node]:
        outcome = self.outcome()
        typed = "\n".join(f"$ {line}" for line in self.content)
        return [
            nodes.literal_block(typed, typed, language="console", classes=["typed"]),
            *([_output(outcome.text)] if outcome.text else []),
        ]


class Claim(_Live):
    """Assertions: the site is not built if one fails."""

    def run(self) -> list[nodes.Node]:
        self.outcome()
        return []


class Value(SphinxRole):
    """The value of an expression."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        text = self.env.temp_data["live"]["ran"].values[self.text]
        return [nodes.inline(text, text, classes=["value"])], []


def _output(text: str) -> nodes.literal_block:
    text = text.rstrip("\n")
    return nodes.literal_block(text, text, language="none", classes=["output"])


def _relative(file: Path, folder: Path) -> str:
    return Path(
        *[".."] * len(folder.relative_to(running.ROOT).parts), file.relative_to(running.ROOT)
    ).as_posix()


def _run_page(app: Sphinx, name: str, source: list[str]) -> None:
    language = "zh" if app.config.language.startswith("zh") else "en"
    app.env.temp_data["live"] = {"ran": running.run(name)[language], "next": 0}


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("source-read", _run_page)
    app.add_directive("run", Run)
    app.add_directive("command", Command)
    app.add_directive("claim", Claim)
    app.add_role("v", Value())
    return {"parallel_read_safe": False}
