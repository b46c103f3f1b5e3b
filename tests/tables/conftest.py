"""Small tables, and the fewest settings with which one is fitted."""

import numpy as np
import pandas as pd
import pytest

from weightdecay.tables import Options, fit, read

#: Tests ask whether things fit together, not whether the network is any good.
TINY = {"seeds": 2, "folds": 2, "hidden": (3,), "epochs": 2}


def made(rows=60, seed=0):
    """A table with numbers, categories, dates, gaps, an identifier and names that need quotes."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    frame = pd.DataFrame(
        {
            'size, "in" cm': x,
            "colour": rng.choice(["red", "green", "[bold]blue[/bold]"], rows),
            "when": pd.date_range("2024-01-01", periods=rows, freq="37h").astype(str),
            "income": np.where(rng.random(rows) < 0.25, np.nan, rng.lognormal(size=rows)),
            "id": [f"row {k}" for k in range(rows)],
            "patient": np.arange(rows) // 4,
            "y": 100 + 20 * x + rng.normal(size=rows),
        }
    )
    frame["kind"] = np.where(frame["y"] > 100, "=1+1", "no")
    return frame


@pytest.fixture(scope="session")
def regression(tmp_path_factory):
    """A table's file, and what was fitted to it."""
    file = tmp_path_factory.mktemp("regression") / "table.csv"
    made().drop(columns=["kind"]).to_csv(file, index=False)
    return file, fit(read(file), Options(target="y", **TINY))


@pytest.fixture(scope="session")
def classification(tmp_path_factory):
    file = tmp_path_factory.mktemp("classification") / "table.csv"
    made().drop(columns=["y"]).to_csv(file, index=False)
    return file, fit(read(file), Options(target="kind", **TINY))
