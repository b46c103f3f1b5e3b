"""Two ways of training held against each other, in words."""

from typing import Literal

from weightdecay.report.page._data import Pair, Text
from weightdecay.report.page._numbers import share
from weightdecay.report.page._text import text

Unit = Literal["pair", "seed", "fold", "row", "group"]


def pair(
    first: Text,
    second: Text,
    *,
    effect: float,
    interval: tuple[float, float],
    baseline: float,
    margin: float,
    label: str,
    failed: int,
) -> Pair:
    """Return what a verdict on `second` against `first` says, its effect as a share of `baseline`.

    Parameters
    ----------
    first, second : Text
    effect, interval, baseline, margin, label, failed
        As of :class:`weightdecay.Verdict`.
    """
    change, low, high = (share(part, baseline) for part in (effect, *interval))
    about = share(margin, abs(baseline))
    said = {
        "first": first,
        "second": second,
        "margin": "–" if about is None else f"{100 * about:.3g}\u00a0%",
    }
    verdict = text(f"compare.{'lost' if failed else label}", **said)
    return Pair(first=first, second=second, change=change, low=low, high=high, verdict=verdict)


def over(unit: Unit, pairs: int, seeds: int | None) -> Text:
    """Return what the interval of a verdict is over: rows, and seeds if there are several ..."""
    if unit in ("seed", "fold"):
        return text(f"report.path.{unit}_{'pair' if pairs == 1 else 'pairs'}", pairs=pairs)
    kind = "seeds" if (seeds or 1) > 1 else "pairs"
    return text(f"fit.{unit}_{kind}", pairs=pairs, seeds=seeds)


def correction(count: int, over: Text) -> Text:
    """Return how `count` intervals are to be read."""
    key = "compare.correction_of_one" if count == 1 else "compare.correction"
    return text(key, count=count, pairs=over)
