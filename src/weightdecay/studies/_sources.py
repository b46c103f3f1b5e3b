"""What ``data.source`` names: an embedded table, a function, or a file."""

import os
import re
from pathlib import Path
from typing import Literal

Kind = Literal["embedded", "function", "file"]

#: The names of :data:`weightdecay.tables.EMBEDDED`, here too since that room imports torch.
EMBEDDED = ("breast_cancer", "diabetes", "digits", "iris", "wine")
#: What the target of an embedded table is called.
TARGET = "target"
_NAME = r"[^\W\d]\w*(\.[^\W\d]\w*)*"
#: ``module:function``, both with dots where they are nested.
FUNCTION = rf"^{_NAME}:{_NAME}$"


def kind_of(source: str) -> Kind:
    """Return what `source` names.

    An embedded name goes before a file of that name, so that what a study means does not depend on
    what else is in the folder; such a file is ``./diabetes``.
    """
    if source in EMBEDDED:
        return "embedded"
    return "function" if re.fullmatch(FUNCTION, source) else "file"


def absolute(path: str, folder: str | Path) -> str:
    """Return `path`, if it is relative one from `folder`, as an absolute one.

    By its text alone: a link is not followed, and nothing need be there.
    """
    return os.path.abspath(os.path.join(folder, path))
