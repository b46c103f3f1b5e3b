"""The examples of the docstrings are what happens."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["_convert", "_groups", "_monitor", "_penalty", "_suggest"], ids=lambda name: name[1:]
)
def test_docstring_examples(name):
    found = doctest.testmod(importlib.import_module(f"weightdecay.apply.{name}"))
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize("library", ["lightning", "transformers"])
def test_docstring_examples_of_the_adapters(library):
    pytest.importorskip(library, reason=f"{library} is not installed")
    found = doctest.testmod(importlib.import_module(f"weightdecay.{library}"))
    assert found.attempted
    assert not found.failed
