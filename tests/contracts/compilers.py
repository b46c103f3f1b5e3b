"""Whether ``torch.compile`` has what it needs."""

import os
import shutil
import sys

import pytest

_COMPILER = os.environ.get("CXX") or ("clang++" if sys.platform == "darwin" else "g++")

needs_a_compiler = pytest.mark.skipif(
    shutil.which(_COMPILER) is None, reason=f"torch.compile needs {_COMPILER}, not found here"
)
