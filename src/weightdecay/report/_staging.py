"""Files that appear all together or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a place to write in; what is there at the end of the block is moved into `folder`.

    If the block raises, nothing is moved and `folder` is as it was. Files of the same names are
    replaced, others stay.

    Raises
    ------
    OSError
        At once, if `folder` cannot be made or written into.
    """
    made = next((p for p in reversed([folder, *folder.parents]) if not p.exists()), None)
    folder.mkdir(parents=True, exist_ok=True)
    kept = False
    try:
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as place:
            yield Path(place)
            files = sorted(Path(place).iterdir())
            for file in files:  # before the first is moved
                if (folder / file.name).is_dir():
                    raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(folder / file.name))
            for file in files:
                file.replace(folder / file.name)
            kept = True
    finally:
        if made and not kept:
            shutil.rmtree(made, ignore_errors=True)
