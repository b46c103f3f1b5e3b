"""A large table from the command line, in a process whose memory is its own."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

resource = pytest.importorskip("resource", reason="peak memory as POSIX tells it")

ROWS, NUMBERS, CATEGORIES = 100_000, 42, 8
GIB = 2**30

# The peak of a process begins at what its parent has when it starts it. That of the tests may have
# gigabytes, and this one nothing but itself.
LAUNCHER = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


def large() -> pd.DataFrame:
    """Return numbers, a quarter of them with gaps, categories of 3 to 24 values, and a target."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, NUMBERS))
    level = rng.integers(np.linspace(3, 24, CATEGORIES).astype(int), size=(ROWS, CATEGORIES))
    y = x[:, 0] + x[:, 1] * x[:, 2] + (level[:, 0] == 1) + rng.normal(size=ROWS)
    frame = pd.DataFrame(x, columns=[f"number {k}" for k in range(NUMBERS)])
    for name in frame.columns[::4]:
        frame.loc[rng.random(ROWS) < 0.1, name] = np.nan
    for k in range(CATEGORIES):
        frame[f"category {k}"] = np.char.add("kind ", level[:, k].astype(str))
    frame.loc[rng.random(ROWS) < 0.1, "category 1"] = None
    return frame.assign(y=y)


@pytest.mark.slow
def test_a_hundred_thousand_rows_of_fifty_columns_fit_in_four_gibibytes(tmp_path: Path) -> None:
    large().to_csv(tmp_path / "large.csv", index=False)
    fit = [sys.executable, "-c", "from weightdecay.cli import main; main()", "fit", "large.csv"]
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHER, *fit, "--target", "y", "--out", "run"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "model.safetensors").stat().st_size > 0
    peak = int(done.stderr.split()[-1]) * (1 if sys.platform == "darwin" else 1024)
    assert peak < 4 * GIB
