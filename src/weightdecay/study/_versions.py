"""The versions that what members become depends on."""

from importlib.metadata import version
from platform import python_version

#: Packages whose version may change what a member becomes.
PACKAGES = ("weightdecay", "torch", "numpy", "numba", "scikit-learn")


def versions() -> dict[str, str]:
    """Return the versions that results depend on."""
    return {"python": python_version(), **{name: version(name) for name in PACKAGES}}
