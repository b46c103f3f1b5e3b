"""What figures have in common: fonts, colours, an axis for λ with 0 on it, intervals, files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

#: Errors on judging and on training rows, in every figure: two of Okabe and Ito's colours.
TEST, TRAIN = "#0072b2", "#d55e00"

STYLE: dict[Any, Any] = {
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.titlesize": "medium",
    "figure.titlesize": "large",
    "grid.alpha": 0.3,
    "legend.fontsize": "small",
    "legend.framealpha": 0.85,
    "mathtext.fontset": "dejavusans",
    "savefig.dpi": 150,
    "svg.hashsalt": "weightdecay",  # the same figure gives the same file
}


@cache
def _chinese_font() -> str:
    """Register the Chinese font that zhplot carries; return its name."""
    # Not imported: its import would change everyone's matplotlib settings.
    spec = find_spec("zhplot")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0], "fonts", "NotoSansSC-Regular.ttf")
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in this project's style, whatever the user's own settings are."""
    family = ["DejaVu Sans", _chinese_font()]
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE | {"font.family": family})
        yield


def lambda_axis(axes: Axes, values: ArrayLike, label: str) -> NDArray[np.float64]:
    """Prepare a logarithmic x axis for ascending λs [L] that begin with 0.

    Returns
    -------
    array [L]
        Where to draw each λ: log10 λ, and 0 a decade to the left of the others, behind a dotted
        line.
    """
    path = np.asarray(values, dtype=float)
    logs = np.log10(path[1:])
    first, last = int(np.floor(logs[0] + 1e-9)), int(np.ceil(logs[-1] - 1e-9))
    place = np.concatenate([[logs[0] - 1], logs])
    decades = [k for k in range(first, last + 1) if logs[0] - 0.01 <= k <= logs[-1] + 0.01]
    axes.set_xticks([place[0], *decades], ["0", *(f"$10^{{{k}}}$" for k in decades)])
    axes.set_xticks(
        [x for k in range(first, last) for x in k + np.log10(range(2, 10)) if x > logs[0]],
        minor=True,
    )
    axes.axvline(place[0] + 0.5, color="0.6", linestyle=":", linewidth=1)
    axes.set_xlim(place[0] - 0.2, logs[-1] + 0.2)
    axes.set_xlabel(label)
    return place


def interval_bars(
    axes: Axes,
    place: NDArray[np.float64],
    estimates: Sequence[float],
    intervals: Sequence[Sequence[float]],
    label: str,
    **style: Any,
) -> None:
    """Draw estimates [L] at `place` [L], a bar for each interval [L, 2].

    A sample too small for an interval has NaN bounds: a point without a bar.
    """
    middle = np.array(estimates, dtype=float)
    low, high = np.array(intervals, dtype=float).T
    reach = np.nan_to_num(np.maximum([middle - low, high - middle], 0))
    axes.errorbar(place, middle, yerr=reach, capsize=2, label=label, **style)


def save(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Write every figure into `folder` as NAME.png and NAME.svg; return the files."""
    files = []
    with drawing():
        for name, figure in figures.items():
            for kind in ("png", "svg"):
                file = folder / f"{name}.{kind}"
                figure.savefig(file, metadata={"Date": None} if kind == "svg" else None)
                files.append(file)
    return files
