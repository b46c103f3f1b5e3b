"""An audit for people."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from weightdecay.apply._audit._probe import NORM, OTHER, SUM
from weightdecay.apply._audit._table import Row
from weightdecay.language import Words

if TYPE_CHECKING:
    from weightdecay.apply._audit._audit import Audit

# More rows than this, and layers that are alike share one.
LONG = 24
_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def plain(audit: "Audit", words: Words) -> str:
    """The same without colours, in 80 columns."""
    out = StringIO()
    console = Console(file=out, width=80, color_system=None, force_terminal=False)
    for part in text(audit, words, 80):
        console.print(part, highlight=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def text(audit: "Audit", words: Words, width: int) -> Iterator[RenderableType]:
    """What to print: the table, how to read it, and the findings."""
    yield table(audit, words, width)
    yield ""
    yield Text(words("audit.explain"), style="dim")
    yield ""
    findings = audit.findings
    yield Text(words("audit.found" if findings else "audit.none", count=len(findings)))
    for finding in findings:
        severity = words(f"audit.severity.{finding.severity}")
        heading = words("audit.heading", severity=severity, code=finding.code)
        yield Text(heading, style=_STYLES[finding.severity])
        yield Padding(Text(finding.reason), (0, 0, 0, 2))
        yield Padding(Text(f"→ {finding.remedy}"), (0, 0, 0, 2))


def table(audit: "Audit", words: Words, width: int) -> Table:
    """A line for each parameter, or for all that are alike but for the number of their layer."""

    def say(key: str) -> str:
        return words(f"audit.{key}")

    wide = width >= 110
    made = Table(box=None, padding=(0, 1, 0, 0), show_edge=False)
    made.add_column(say("parameter"), overflow="fold")
    if wide:
        made.add_column(say("shape"), no_wrap=True)
        made.add_column(say("dtype"), no_wrap=True)
    made.add_column(say("kind.head"), no_wrap=True)
    made.add_column(say("form.head"), no_wrap=True)
    made.add_column("λ", justify="right", no_wrap=True)
    made.add_column("η·λ", justify="right", no_wrap=True)
    unit = "half_life_epochs" if audit.steps_per_epoch else "half_life"
    made.add_column(say(unit), justify="right", no_wrap=True)
    if audit.total_steps:
        made.add_column(say("left"), justify="right", no_wrap=True)
    for name, row in _lines(audit, words):
        cells = _cells(audit, row, words)
        if wide:
            cells[:0] = [_shape(row), str(row.parameter.dtype).removeprefix("torch.")]
        made.add_row(name, *cells)
    return made


def _lines(audit: "Audit", words: Words) -> Iterator[tuple[Text, Row]]:
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in audit.rows:
        numberless = re.sub(r"(?<![^.])\d+(?![^.])", "*", row.name)
        name = numberless if len(audit.rows) > LONG else row.name
        key = (name, _marks(row, words), _shape(row), *_cells(audit, row, words))
        alike.setdefault(key, []).append(row)
    for (name, marks, *_), rows in alike.items():
        shown = Text(name if len(rows) > 1 else rows[0].name)
        if len(rows) > 1:
            shown.append(f" ×{len(rows)}", style="bold")
        if marks:
            shown.append(f"\n  {marks}", style="dim")
        yield shown, rows[0]


def _cells(audit: "Audit", row: Row, words: Words) -> list[str]:
    half_life = row.half_life
    if half_life is not None and audit.steps_per_epoch:
        half_life /= audit.steps_per_epoch
    cells = [
        words(f"audit.kind.{row.kind}"),
        _form(audit, row, words),
        _number(row.weight_decay),
        _number(row.amount),
        "–" if half_life is None else _steps(half_life),
    ]
    if audit.total_steps:
        left = row.left(audit.total_steps)
        cells.append("–" if left is None else f"{left:.0%}" if left > 0.005 else f"{left:.0e}")
    return cells


def _form(audit: "Audit", row: Row, words: Words) -> str:
    """Where the decay enters, and what it measures if that is not L2; or why there is none."""
    if not row.acting:
        if row.frozen:
            return words("audit.form.frozen")
        reached = bool(row.places) or not any(each.places for each in audit.rows)
        return "–" if reached else words("audit.form.no_group")
    shown = []
    for pull in row.acting:
        form = words(f"audit.form.{pull.form}")
        if pull.source == "penalty":
            form = words("audit.form.penalty")
        named = pull.penalty in (NORM, SUM, OTHER)
        measured = words(f"audit.penalty.{pull.penalty}") if named else pull.penalty
        shown.append(form if measured == "L2" else f"{form} {measured}")
    return "+".join(dict.fromkeys(shown))


def _marks(row: Row, words: Words) -> str:
    marks = []
    if row.aliases:
        marks.append(words("audit.tied", names=", ".join(row.aliases)))
    if row.frozen and row.acting:
        marks.append(words("audit.form.frozen"))
    if row.direction:
        marks.append(words("audit.direction"))
    elif row.normalized:
        marks.append(words("audit.normalized"))
    return words("audit.and").join(marks)


def _shape(row: Row) -> str:
    return "×".join(map(str, row.parameter.shape)) or "1"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _steps(value: float) -> str:
    if value >= 1e7:
        return f"{value:.1e}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
