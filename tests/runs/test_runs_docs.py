"""The example of the docstring happens."""

import doctest

import weightdecay.runs._folder


def test_example():
    found = doctest.testmod(weightdecay.runs._folder)
    assert found.attempted > 0
    assert found.failed == 0
