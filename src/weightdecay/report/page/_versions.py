"""The versions that a page was made with."""

from importlib.metadata import version
from platform import python_version


def versions() -> dict[str, str]:
    """Return the versions of Python and of what numbers depend on; nothing is imported for it."""
    names = ("weightdecay", "torch", "numpy", "scikit-learn")
    return {"python": python_version(), **{name: version(name) for name in names}}
