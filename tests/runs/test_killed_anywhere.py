"""A study whose process is killed again and again ends with the very bits of one that was not."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kept_study import assert_same_bits, kept, study

from weightdecay._run import run
from weightdecay.runs import _atomic

HERE = Path(__file__).parent
KILLS = 20

CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from kept_study import kept, study
from weightdecay.study import _chunks
_chunks.MOST_MEMBERS = 16
print("ready", flush=True)
kept(study(epochs=200, lambdas=8, seeds=16), Path(sys.argv[2]), tell=lambda line: None)
print("done", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_random_moments(tmp_path):
    expected = run(study(epochs=200, lambdas=8, seeds=16))[1]
    draw = random.Random(0)
    kills = 0
    while kills < KILLS:
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(HERE), str(tmp_path / "run")],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout.readline() == "ready\n"
            time.sleep(draw.uniform(0, 0.5))
            child.send_signal(signal.SIGKILL)
            finished = "done" in child.stdout.read()
        kills += 1
        if finished:  # begin another, so that every kill has something to hit
            assert_same_bits(
                kept(study(epochs=200, lambdas=8, seeds=16), tmp_path / "run"), expected
            )
            (tmp_path / "run").rename(tmp_path / f"finished-{kills}")
    said = []
    assert_same_bits(
        kept(study(epochs=200, lambdas=8, seeds=16), tmp_path / "run", tell=said.append), expected
    )
    assert all(".writing" in str(line) for line in said)  # no finished chunk was ever doubted


@pytest.mark.parametrize("moment", range(1, 12))
def test_stopped_at_every_write(tmp_path, monkeypatch, moment):
    """As above, but for each write to the disk in turn: before it, half way, and after it."""
    this = study(epochs=1)
    real, writes = _atomic.write, []

    def stop(file, content):
        writes.append(file)
        if len(writes) == (moment + 2) // 3:
            if moment % 3 == 1:
                file.with_name(f".{file.name}.writing").write_bytes(content[: len(content) // 2])
            elif moment % 3 == 2:
                real(file, content)
            raise KeyboardInterrupt
        real(file, content)

    monkeypatch.setattr(_atomic, "write", stop)
    with pytest.raises(KeyboardInterrupt):
        kept(this, tmp_path)
    monkeypatch.setattr(_atomic, "write", real)
    assert_same_bits(kept(this, tmp_path, tell=lambda line: None), run(this)[1])
