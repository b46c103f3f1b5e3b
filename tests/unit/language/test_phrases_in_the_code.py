"""Every phrase in the code has its words, and gives what they take.

A phrase is looked up where it is shown: one without words would fail there, instead of being said.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import weightdecay
from weightdecay.language import catalogue

SOURCE = Path(weightdecay.__file__).parent


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Where `phrase` is called with a key that stands there."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="phrase"), args=[ast.Constant()]):
                    yield f"{file.relative_to(SOURCE)}:{node.lineno}", node


@pytest.mark.parametrize("call", [pytest.param(call, id=place) for place, call in calls()])
def test_it_has_words_that_take_its_values(call):
    words = catalogue("en")[call.args[0].value]
    taken = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    given = {keyword.arg for keyword in call.keywords}
    if None in given:  # with ** more may be given than can be seen here
        assert given - {None} <= taken
    else:
        assert given == taken
