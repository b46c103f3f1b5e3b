"""Rules on which parameters decay."""

from collections.abc import Iterator

from weightdecay.apply._audit import _kinds
from weightdecay.apply._audit._finding import Facts, Finding, Rule, of
from weightdecay.apply._audit._table import Row


def twice(facts: Facts) -> Iterator[Finding]:
    """A weight has the optimizer's weight_decay and a penalty or a Decay besides."""

    def sources(row: Row) -> set[str]:
        return {pull.source for pull in row.acting if not _outward(pull.weight_decay)}

    yield from of("decayed-twice", [row for row in facts.rows if len(sources(row)) > 1])


def biases(facts: Facts) -> Iterator[Finding]:
    yield from of("bias-decayed", _decayed(facts, _kinds.BIAS))


def normalizations(facts: Facts) -> Iterator[Finding]:
    """By the module's type: names and shapes miss those that are called otherwise."""
    yield from of("normalization-decayed", _decayed(facts, _kinds.NORM))


def embeddings(facts: Facts) -> Iterator[Finding]:
    """Not those that are tied with an output layer: they are its weight too."""
    rows = _decayed(facts, _kinds.EMBEDDING)
    yield from of("embedding-decayed", [r for r in rows if _kinds.LINEAR not in r.alias_kinds])


def others(facts: Facts) -> Iterator[Finding]:
    """Slopes, scales and temperatures, which the selection "weights" leaves out by their shape."""
    rows = _decayed(facts, _kinds.OTHER)
    yield from of("other-decayed", [row for row in rows if row.parameter.ndim < 2])


def directions(facts: Facts) -> Iterator[Finding]:
    """What is divided by its norm decays: that changes its step, and not the network."""
    rows = [row for row in facts.rows if row.direction and _pulled_in(row)]
    yield from of("direction-decayed", rows)


def flattened(facts: Facts) -> Iterator[Finding]:
    """Groups by the number of axes take the one axis of a flattened weight for a bias."""
    meant = any(group.get("weight_decay") for o in facts.optimizers for group in o.param_groups)
    if meant:
        flat = [row for row in facts.rows if row.kind == _kinds.FLAT and not row.frozen]
        yield from of("flattened-not-decayed", [r for r in flat if r.places and not r.acting])


def _decayed(facts: Facts, kind: str) -> list[Row]:
    return [row for row in facts.rows if row.kind == kind and _pulled_in(row)]


def _pulled_in(row: Row) -> bool:
    return bool(row.acting) and not _outward(row.weight_decay)


def _outward(weight_decay: float | None) -> bool:
    """Whether λ < 0: the weight is pushed away from 0, which is a fault of the penalty's."""
    return weight_decay is not None and weight_decay < 0


RULES: tuple[Rule, ...] = (twice, biases, normalizations, embeddings, others, directions, flattened)
