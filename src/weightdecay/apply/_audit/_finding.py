"""A finding, and all that there can be."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from torch.optim import Optimizer

from weightdecay.apply._audit._probe import Probe
from weightdecay.apply._audit._table import Row
from weightdecay.language import Words

Severity = Literal["error", "warning", "note"]

#: Every code, with its severity: surely wrong, likely wrong, worth knowing.
CODES: Mapping[str, Severity] = {
    "penalty-one-parameter": "error",
    "penalty-one-layer": "note",
    "penalty-no-gradient": "error",
    "penalty-exhausted": "error",
    "penalty-changes": "warning",
    "penalty-not-finite": "error",
    "penalty-signed-sum": "error",
    "penalty-negative": "error",
    "penalty-unsquared": "warning",
    "decayed-twice": "error",
    "bias-decayed": "warning",
    "normalization-decayed": "warning",
    "embedding-decayed": "note",
    "other-decayed": "note",
    "direction-decayed": "note",
    "flattened-not-decayed": "warning",
    "other-model": "error",
    "not-in-optimizer": "warning",
    "unregistered": "warning",
    "listed-twice": "error",
    "frozen-but-decaying": "error",
    "frozen-in-group": "note",
    "rounds-away": "warning",
    "overshoots": "error",
    "loaded-weight-decay": "warning",
    "adam-not-adamw": "warning",
}


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, likely wrong, or worth knowing.

    Parameters
    ----------
    code : str
        Its stable name; ``audit(..., ignore=[code])`` leaves it out.
    parameters : tuple of str
        The parameters that it is about, or the attributes that hide some; none where it is about
        the penalty or the optimizer.
    values : mapping
        The figures in its text.
    language : {"en", "zh"}, default "en"

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
    >>> (finding,) = wd.audit(model, optimizer).findings
    >>> finding.code, finding.severity, finding.parameters
    ('bias-decayed', 'warning', ('bias',))
    """

    code: str
    parameters: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"

    @property
    def severity(self) -> Severity:
        """One of "error" (surely wrong), "warning" (likely wrong), "note" (worth knowing)."""
        return CODES[self.code]

    @property
    def reason(self) -> str:
        """What is the matter, and why it matters."""
        return self._say("reason", **self._shown(), **self.values)

    @property
    def remedy(self) -> str:
        """What to do."""
        return self._say("remedy", **self._shown(), **self.values)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "code": self.code,
            "severity": self.severity,
            "parameters": list(self.parameters),
            "reason": self.reason,
            "remedy": self.remedy,
        }

    def _shown(self) -> dict[str, Any]:
        """The parameters in one phrase, the first few by name."""
        words = Words(self.language)
        few = words("audit.and").join(self.parameters[:3])
        more = len(self.parameters) - 3
        names = words("audit.more", names=few, count=more) if more > 0 else few
        return {"names": names, "count": len(self.parameters)}

    def _say(self, part: str, **values: Any) -> str:
        words = Words(self.language)
        return words(f"audit.finding.{self.code}.{part}", **values)


@dataclass(frozen=True)
class Facts:
    """What the rules see: the table and what is missing there, the optimizers, and the probe."""

    rows: tuple[Row, ...]
    unregistered: tuple[str, ...]
    optimizers: Sequence[Optimizer]
    probe: Probe | None


#: A rule finds one fault, however many parameters have it.
Rule = Callable[[Facts], Iterator[Finding]]


def of(code: str, rows: Sequence[Row], **values: Any) -> Iterator[Finding]:
    """One finding on `rows`; none if there are none."""
    if rows:
        yield Finding(code, tuple(row.name for row in rows), values)
