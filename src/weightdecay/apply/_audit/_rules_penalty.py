"""Rules on the user's own penalty, from what its probe saw."""

import math
from collections.abc import Iterator

from weightdecay.apply._audit._finding import Facts, Finding, Rule, of
from weightdecay.apply._audit._kinds import WEIGHTS
from weightdecay.apply._audit._probe import NORM, SUM
from weightdecay.apply._audit._table import Row


def one_parameter(facts: Facts) -> Iterator[Finding]:
    """A loop overwrites its penalty at every turn (or returns in its first)."""
    if facts.probe is None or len(facts.probe.reached) != 1:
        return
    (name,) = facts.probe.reached
    trained = [row.name for row in facts.rows if not row.frozen]
    weights = [row.name for row in facts.rows if row.kind in WEIGHTS and not row.frozen]
    if len(trained) == 1 or weights == [name]:
        return
    # Nobody means a bias alone, and a loop leaves the last; a weight alone may well be meant.
    loop = name not in weights and name in (trained[0], trained[-1])
    code = "penalty-one-parameter" if loop else "penalty-one-layer"
    yield Finding(code, (name,), {"total": len(trained)})


def no_gradient(facts: Facts) -> Iterator[Finding]:
    """The penalty reads ``.data``, ``.item()`` or a detached copy, or is of another model."""
    if facts.probe is not None and not facts.probe.reached:
        yield Finding("penalty-no-gradient", (), {"value": facts.probe.values[0]})


def exhausted(facts: Facts) -> Iterator[Finding]:
    """The penalty goes through a generator, which is empty the second time."""
    if facts.probe is None:
        return
    first, second = facts.probe.values
    if first != 0 and second == 0:
        yield Finding("penalty-exhausted", (), {"first": first})


def changes(facts: Facts) -> Iterator[Finding]:
    """The penalty is another one at each call, with the same weights and random numbers."""
    if facts.probe is None:
        return
    first, second = facts.probe.values
    same = math.isclose(first, second, rel_tol=1e-6) or (math.isnan(first) and math.isnan(second))
    if not same and second != 0:
        yield Finding("penalty-changes", (), {"first": first, "second": second})


def not_finite(facts: Facts) -> Iterator[Finding]:
    """The square root of a sum of squares has no gradient where all weights are 0."""
    if facts.probe is not None and facts.probe.not_finite:
        yield Finding("penalty-not-finite", facts.probe.not_finite)


def signed_sum(facts: Facts) -> Iterator[Finding]:
    """Σw is taken for Σ|w|: it pushes every weight one way, through 0 and beyond."""
    yield from of("penalty-signed-sum", [row for row, what, _ in _reached(facts) if what == SUM])


def negative(facts: Facts) -> Iterator[Finding]:
    """A sign is wrong: the loss falls as the weights grow."""
    yield from of("penalty-negative", [row for row, _, decay in _reached(facts) if decay < 0])


def unsquared(facts: Facts) -> Iterator[Finding]:
    """‖w‖ is taken for ‖w‖²."""
    rows = [row for row, what, decay in _reached(facts) if what == NORM and decay > 0]
    yield from of("penalty-unsquared", rows)


def _reached(facts: Facts) -> list[tuple[Row, str, float]]:
    """The rows that the penalty reaches, what it measures there, and λ: NaN if not one number."""
    reached = facts.probe.reached if facts.probe else {}
    found = [(row, *reached[row.name]) for row in facts.rows if row.name in reached]
    return [(row, what, math.nan if decay is None else decay) for row, what, decay in found]


RULES: tuple[Rule, ...] = (
    one_parameter,
    no_gradient,
    exhausted,
    changes,
    not_finite,
    signed_sum,
    negative,
    unsquared,
)
