"""Rules on how much a step takes."""

from collections.abc import Iterator

import torch

from weightdecay.apply._audit._finding import Facts, Finding, Rule, of
from weightdecay.apply._audit._pull import STEP, number
from weightdecay.apply._audit._table import Row


def rounds_away(facts: Facts) -> Iterator[Finding]:
    """w·(1 − ηλ) rounds back to w: where ηλ is under a quarter of the dtype's eps (2⁻⁹ in bf16).

    At the peak learning rate, where a scheduler tells it: during warm-up nothing is wrong yet.
    A Decay attached by this package rounds 16-bit weights stochastically, and is not affected.
    """

    def lost(row: Row) -> bool:
        amounts = [
            pull.amount
            for pull in row.acting
            if pull.source == "optimizer" and pull.form == STEP and pull.amount
        ]
        return bool(amounts) and sum(amounts) * _peak(row) < threshold(row.parameter.dtype)

    rows = [row for row in facts.rows if row.parameter.is_floating_point() and lost(row)]
    for dtype in sorted({row.parameter.dtype for row in rows}, key=str):
        these = [row for row in rows if row.parameter.dtype == dtype]
        largest = max((row.amount or 0.0) * _peak(row) for row in these)
        kind = str(dtype).removeprefix("torch.")
        least = threshold(dtype)
        yield from of("rounds-away", these, dtype=kind, amount=largest, threshold=least)


def _peak(row: Row) -> float:
    """The peak learning rate over that of now."""
    ratios = [1.0]
    for place in row.places:
        lrs = [number(place.group.get(name)) or 0.0 for name in ("lr", "initial_lr", "max_lr")]
        ratios += [max(lrs) / lrs[0]] if lrs[0] else []
    return max(ratios)


def threshold(dtype: torch.dtype) -> float:
    """The relative change under which every weight rounds back: half a step of the finest."""
    return torch.finfo(dtype).eps / 4


def overshoots(facts: Facts) -> Iterator[Finding]:
    """One step takes more than the whole weight."""
    rows = [row for row in facts.rows if row.factor is not None and row.factor < 0]
    yield from of("overshoots", rows, amount=max((row.amount or 0.0 for row in rows), default=0.0))


RULES: tuple[Rule, ...] = (rounds_away, overshoots)
