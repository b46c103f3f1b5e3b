"""Where in the user's own code an error came up."""

import sysconfig
import traceback
from pathlib import Path

_NOT_THE_USERS = (
    str(Path(__file__).parents[2]),  # this package
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    "<frozen",
)


def place(error: BaseException) -> tuple[str, int | None]:
    """File and line: of a syntax error its own, else the last outside packages and Python."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(_NOT_THE_USERS)]
    last = (own or list(frames))[-1]
    return last.filename, last.lineno
