"""The package itself: its names come when they are asked for."""

import subprocess
import sys
from importlib.metadata import version

import pytest

import weightdecay as wd


def test_has_the_version_that_is_installed() -> None:
    assert wd.__version__ == version("weightdecay")


def test_lists_its_public_names_and_no_others() -> None:
    assert {name for name in dir(wd) if not name.startswith("__")} == set(wd.__all__)
    assert "__version__" in dir(wd)


def test_what_it_lacks_is_named() -> None:
    with pytest.raises(AttributeError, match="no attribute 'weight_decay'"):
        wd.weight_decay  # noqa: B018


def test_importing_it_imports_nothing_heavy() -> None:
    program = (
        "import sys, weightdecay; weightdecay.__version__\n"
        "assert not {'torch', 'numba', 'numpy', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
