"""The examples of the docstrings happen."""

import doctest

import weightdecay.select._by_folds
import weightdecay.select._by_seeds


def test_examples():
    for module in (weightdecay.select._by_folds, weightdecay.select._by_seeds):
        found = doctest.testmod(module)
        assert found.attempted > 0
        assert found.failed == 0
