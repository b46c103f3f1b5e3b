"""The examples in the docstrings of decay print what they say."""

import doctest
import importlib
import pkgutil

import pytest

from weightdecay import decay

MODULES = [found.name for found in pkgutil.walk_packages(decay.__path__, "weightdecay.decay.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_every_preset_has_one():
    for name in decay.presets.__all__:
        examples = doctest.DocTestFinder().find(getattr(decay.presets, name), name)
        assert examples[0].examples, name
