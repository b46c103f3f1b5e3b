"""Conversions and conventions for people, and for programs."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from weightdecay.apply._conventions import CONVENTIONS, Convention
from weightdecay.language import Words


def text(
    value: float, result: float, from_: str, to: str, given: Mapping[str, float], words: Words
) -> Iterator[str]:
    """What to print: the result, and what both coefficients are."""
    yield words("convert.is", value=_number(value), source=from_, result=_number(result), target=to)
    for name in dict.fromkeys((from_, to)):
        yield f"  {name}: {words(f'convert.means.{name}')}"
    if given:
        said = ", ".join(f"{name} = {_number(number)}" for name, number in given.items())
        yield f"  {words('convert.given', quantities=said)}"


def listing(words: Words) -> Iterator[RenderableType]:
    """A table of the conventions."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for heading in ("convention", "definition", "formula"):
        table.add_column(words(f"convert.{heading}"), overflow="fold")
    for name, convention in CONVENTIONS.items():
        table.add_row(name, words(f"convert.means.{name}"), formula(convention, words))
    yield table
    yield f"\n{words('convert.list')}"


def formula(convention: Convention, words: Words) -> str:
    """λ of a value v, and beside a decay on the step if that is another."""
    if convention.on_step is None:
        return convention.formula
    return words("convert.on_step", formula=convention.formula, on_step=convention.on_step.formula)


def summary(words: Words) -> dict[str, Any]:
    """The same as one object of plain values."""
    return {
        "conventions": [
            {
                "name": name,
                "means": words(f"convert.means.{name}"),
                "weight_decay": convention.formula,
                "penalties": list(convention.factors),
                "enters": convention.enters,
                "needs": list(convention.needs),
                "on_step": convention.on_step
                and {
                    "weight_decay": convention.on_step.formula,
                    "needs": list(convention.on_step.needs),
                },
                "source": convention.source,
            }
            for name, convention in CONVENTIONS.items()
        ]
    }


def _number(value: float) -> str:
    return f"{value:.10g}"
