"""Files that are there whole or not at all, whatever happens meanwhile."""

import os
from pathlib import Path


def write(file: Path, content: bytes) -> None:
    """Write `content` so that after a crash `file` is the old one or the new one, never a part.

    Raises
    ------
    OSError
        If the disk is full or read-only, say; `file` is then as it was.
    """
    place = file.with_name(f".{file.name}.writing")
    try:
        with place.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        place.replace(file)
    except OSError:
        place.unlink(missing_ok=True)
        raise
    _sync_names(file.parent)


def _sync_names(folder: Path) -> None:
    """Have the new name itself on the disk; where folders cannot be opened (Windows), it is."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
