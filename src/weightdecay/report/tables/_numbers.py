"""Numbers of tables, as people read them."""

from collections.abc import Mapping, Sequence
from math import isfinite, sqrt
from typing import Any

from weightdecay.language import Words, shown


def four(value: float) -> str:
    """Four digits that count, without an exponent where there can be."""
    if not isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1e4 and abs(value) < 1e12 else f"{value:.4g}"


def error(value: float, metric: str) -> str:
    """An error as it is shown: the root of a squared one; a bound below 0 is 0."""
    return four(sqrt(max(value, 0.0)) if metric == "mse" else max(value, 0.0))


def percent(part: float, whole: float) -> str:
    """A change as a share, its sign always there."""
    share = 100 * part / whole if whole else float("nan")
    if not isfinite(share):
        return "–"
    return f"{share:+.3g}\u00a0%".replace("-", "−")


def change(verdict: Mapping[str, Any]) -> dict[str, str]:
    """The effect of a verdict, its interval and its margin, as shares of the error without."""
    whole = verdict["error_of_first"]
    low, high = (percent(bound, whole) for bound in verdict["interval"])
    return {
        "change": percent(verdict["effect"], whole),
        "interval": f"{low} … {high}",
        "margin": percent(verdict["margin"], abs(whole)).lstrip("+"),
    }


def pairs(verdict: Mapping[str, Any], words: Words) -> str:
    """What an interval is over, in words."""
    kind = "seeds" if (verdict["seeds"] or 1) > 1 else "pairs"
    values = {"pairs": verdict["pairs"], "seeds": verdict["seeds"]}
    return words(f"fit.{verdict['unit']}_{kind}", **values)


def names(listed: Sequence[str], most: int = 8) -> str:
    """Names of the user's, safe to show, the first of them if they are many."""
    if not listed:
        return "–"
    said = ", ".join(shown(name, 40) for name in listed[:most])
    return said if len(listed) <= most else f"{said}, … ({len(listed)})"
