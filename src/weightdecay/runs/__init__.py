"""The run folder: what a study has trained so far, kept through anything.

::

    FOLDER/manifest.json             what was run, with which versions; the checksum of each chunk
    FOLDER/chunks/0000.safetensors   weights and history of the members of a chunk
    FOLDER/set-aside/                what was in chunks/ and torn, or not written by a run

Numbers and JSON: nothing in it is executed when it is read.
"""

from weightdecay.runs._folder import RunFolder
from weightdecay.runs._stage import Stage

__all__ = ["RunFolder", "Stage"]
