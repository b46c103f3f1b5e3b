"""Disks that are full or read-only: small ones in memory, mounted for the test alone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHILD = """
import subprocess
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from kept_study import assert_same_bits, kept, study
from weightdecay._run import run
from weightdecay.errors import InputError
from weightdecay.study import _chunks
_chunks.MOST_MEMBERS = 16
disk = Path(sys.argv[2])
def mount(*options):
    subprocess.run(["mount", "-t", "tmpfs", "-o", *options, "tmpfs", str(disk)], check=True)
"""
FULL = """
mount("size=256k")
this = study(lambdas=8, seeds=6)  # 96 members of some 5 kB
try:
    kept(this, disk / "run")
except OSError as error:
    assert "No space left" in str(error), error
else:
    raise AssertionError("it never became full")
finished = {f.name: f.read_bytes() for f in (disk / "run" / "chunks").glob("[0-9]*.safetensors")}
assert len(finished) > 0
assert not list(disk.rglob("*.writing"))  # half a chunk takes room from what is whole
mount("remount,size=8m")
said = []
again = kept(this, disk / "run", tell=said.append)
assert said == [], said
assert_same_bits(again, run(this)[1])
for name, content in finished.items():
    assert (disk / "run" / "chunks" / name).read_bytes() == content
print("kept", len(finished))
"""
READ_ONLY = """
mount("size=1m")
kept(study(), disk / "run")
before = {f: f.read_bytes() for f in disk.rglob("*") if f.is_file()}
mount("remount,ro")
for folder in ("run", "another"):
    try:
        kept(study(), disk / folder)
    except InputError as error:
        assert "Read-only file system; name another folder" in str(error), error
        assert "\\n" not in str(error)
    else:
        raise AssertionError("it was written to")
assert {f: f.read_bytes() for f in disk.rglob("*") if f.is_file()} == before
print("refused")
"""


def can_mount() -> bool:
    """Whether this system lets a process mount what only it sees."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="no mount of one's own to be had (unshare -rm)")
@pytest.mark.parametrize(("what", "said"), [(FULL, "kept"), (READ_ONLY, "refused")])
def test_a_disk_that_takes_no_more(tmp_path, what, said):
    command = [sys.executable, "-c", CHILD + what, str(HERE), str(tmp_path)]
    done = subprocess.run(["unshare", "-rm", *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(said)
