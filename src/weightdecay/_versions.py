"""The versions that results depend on; nothing is imported for them."""

from importlib.metadata import version
from platform import python_version

#: Packages whose version may change what a member becomes.
PACKAGES = ("weightdecay", "torch", "numpy", "numba", "scikit-learn")


def versions(*more: str) -> dict[str, str]:
    """Return the versions of Python, of what members depend on, and of `more` packages."""
    return {"python": python_version(), **{name: version(name) for name in (*PACKAGES, *more)}}
