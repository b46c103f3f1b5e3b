"""A verdict as plain values, for summaries."""

from typing import Any

from weightdecay.select import Verdict


def plain(verdict: Verdict) -> dict[str, Any]:
    """Return what `verdict` says as numbers, strings and lists.

    What its pairs are is left to whoever knows the experiment.
    """
    return {
        "label": verdict.label,
        "effect": verdict.effect.estimate,
        "interval": [verdict.effect.low, verdict.effect.high],
        "baseline": verdict.baseline,
        "margin": verdict.margin,
        "needed": verdict.needed,
        "failed": verdict.failed,
        "judged_on": verdict.pairs,
    }
