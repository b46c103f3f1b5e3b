"""The examples of the docstrings are what happens."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["", "._mlp_classifier", "._mlp_classifier_cv", "._mlp_regressor", "._mlp_regressor_cv"]
)
def test_docstring_examples(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"weightdecay.sklearn{name}"))
    assert found.attempted
    assert not found.failed
