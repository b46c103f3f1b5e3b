"""Members that raise as they are trained: who they are, and what is said of them."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from weightdecay import engines
from weightdecay.errors import MemberError
from weightdecay.language import Phrase, listed, phrase, shown
from weightdecay.study import Population, Trained

#: Members that an error names; the others are counted.
NAMED = 5


@dataclass(frozen=True)
class Fault:
    """What a member raised.

    Parameters
    ----------
    member : int
        Its place among those that were to be trained together.
    error : str
        Type and message of the exception, in one line.
    trace : str
        Its traceback.
    """

    member: int
    error: str
    trace: str


def train_or_blame(
    engine: str, population: Population, progress: Callable[[int], None], compile: bool
) -> Trained | tuple[Fault, ...]:
    """Train all members, or find those that raise when they are alone.

    Nothing is kept of the others then: in a smaller stack the last bits may be different ones.

    Parameters
    ----------
    engine, population, progress, compile
        As of :func:`weightdecay.engines.train_by`.

    Raises
    ------
    Exception
        What the engine raises, if every member can be trained without the others (out of memory).
    """
    trained = _attempt(engine, population, progress, compile)
    if isinstance(trained, Trained):
        return trained
    if faults := _blamed(engine, population, range(len(population)), trained):
        return faults
    raise trained


def _attempt(
    engine: str, population: Population, progress: Callable[[int], None], compile: bool
) -> Trained | Exception:
    try:
        return engines.train_by(engine, population, progress, compile)
    except Exception as error:
        return error


def _blamed(
    engine: str, population: Population, members: Sequence[int], error: Exception
) -> tuple[Fault, ...]:
    """Return those of `members`, who have raised `error` together, that raise by themselves."""
    if len(members) == 1:
        said = f"{type(error).__name__}: {shown(error, 200)}"
        trace = "".join(traceback.format_exception(error))
        return (Fault(members[0], said, trace),)
    found: tuple[Fault, ...] = ()
    middle = len(members) // 2
    for half in (members[:middle], members[middle:]):
        # Not compiled: that would take long for each size.
        trained = _attempt(engine, population.only(half), lambda epochs: None, False)
        if isinstance(trained, Exception):
            found += _blamed(engine, population, half, trained)
    return found


def member_error(
    population: Population, faults: Mapping[int, Fault], tried: int, way_out: Phrase
) -> MemberError:
    """Return the error that names those who raise.

    Parameters
    ----------
    population : Population
    faults : mapping of int to Fault
        By the member's number in the population.
    tried : int
        How many members have been tried.
    way_out : Phrase
    """
    lines = [phrase("member.error.raises", count=len(faults), tried=tried)]
    for member in sorted(faults)[:NAMED]:
        seed, fold = population.order.keys[member]
        value, reason = population.weight_decay[member], faults[member].error
        said = {"value": value, "seed": seed, "fold": fold, "reason": reason}
        lines.append(phrase("member.error.one", **said))
    if len(faults) > NAMED:
        lines.append(phrase("member.error.more", count=len(faults) - NAMED))
    error = MemberError(listed([*lines, way_out], "member.error.and"))
    error.add_note(f"What the first of them raised:\n{faults[min(faults)].trace}")
    return error
