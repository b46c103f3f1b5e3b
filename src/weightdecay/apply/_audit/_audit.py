"""Which parameters of a model decay, how, and what is wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from torch import nn
from torch.nn.parameter import UninitializedParameter
from torch.optim import Optimizer

from weightdecay.apply._audit import (
    _rules_groups,
    _rules_penalty,
    _rules_rate,
    _rules_selection,
)
from weightdecay.apply._audit._finding import CODES, Facts, Finding, Rule
from weightdecay.apply._audit._probe import Penalty, probe
from weightdecay.apply._audit._table import Row, rows
from weightdecay.apply._audit._unregistered import unregistered
from weightdecay.errors import InputError
from weightdecay.language import LANGUAGES, Words, phrase

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console, ConsoleOptions, RenderResult

RULES: tuple[Rule, ...] = (
    *_rules_penalty.RULES,
    *_rules_selection.RULES,
    *_rules_groups.RULES,
    *_rules_rate.RULES,
)


@dataclass(frozen=True)
class Audit:
    """What :func:`audit` found; ``print`` shows it in 80 columns.

    Parameters
    ----------
    rows : tuple of Row
        One for each parameter, in the model's order.
    findings : tuple of Finding
        What is wrong or worth knowing, the surest first.
    steps_per_epoch, total_steps : int or None
        As given.
    language : {"en", "zh"}

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Linear(2, 1)
    >>> found = wd.audit(model, torch.optim.AdamW(model.parameters(), weight_decay=0.1))
    >>> [finding.code for finding in found.findings]
    ['bias-decayed']
    >>> list(found.to_dataframe()["name"])
    ['weight', 'bias']
    """

    rows: tuple[Row, ...] = field(repr=False)
    findings: tuple[Finding, ...]
    steps_per_epoch: int | None = None
    total_steps: int | None = None
    language: str = "en"

    def __str__(self) -> str:
        from weightdecay.apply._audit._text import plain

        return plain(self, Words(self.language))

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        from weightdecay.apply._audit._text import text

        yield from text(self, Words(self.language), options.max_width)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values: "parameters", "findings"."""
        return {
            "parameters": [self._values(row) for row in self.rows],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """The table: a row for each parameter, columns as in ``to_dict()["parameters"]``."""
        import pandas as pd

        return pd.DataFrame([self._values(row) for row in self.rows])

    def _values(self, row: Row) -> dict[str, Any]:
        half_life = row.half_life
        epochs = half_life / self.steps_per_epoch if half_life and self.steps_per_epoch else None
        return {
            "name": row.name,
            "kind": row.kind,
            "shape": list(row.parameter.shape),
            "dtype": str(row.parameter.dtype).removeprefix("torch."),
            "decayed": bool(row.acting),
            "form": "+".join(dict.fromkeys(pull.form for pull in row.acting)) or None,
            "source": "+".join(dict.fromkeys(pull.source for pull in row.acting)) or None,
            "penalty": "+".join(dict.fromkeys(pull.penalty for pull in row.acting)) or None,
            "weight_decay": row.weight_decay,
            "amount": row.amount,
            "half_life": half_life,
            "half_life_epochs": epochs,
            "left": row.left(self.total_steps) if self.total_steps else None,
            "tied": list(row.aliases),
            "frozen": row.frozen,
            "normalized": row.normalized,
            "groups": [place.index for place in row.places],
        }


def audit(
    model: nn.Module,
    optimizer: Optimizer | Sequence[Optimizer] | None = None,
    penalty: Penalty | None = None,
    *,
    steps_per_epoch: int | None = None,
    total_steps: int | None = None,
    ignore: Iterable[str] = (),
    language: str = "en",
) -> Audit:
    r"""Say of every parameter whether it decays and how, and what is wrong.

    The model is left as it was: weights, gradients, buffers, modes and random numbers, bit for bit.

    Parameters
    ----------
    model : torch.nn.Module
    optimizer : torch.optim.Optimizer or sequence of them, optional
        With its groups and what is attached to it. After a backward pass the gradients count too: a
        parameter whose gradient is all zeros, while others' are not, is one that someone meant to
        freeze, unless it is the first pass and a weight starts at 0, which lets nothing through.
    penalty : callable, optional
        What is added to the data loss, as a function of the model or of nothing:
        ``lambda model: 1e-2 * sum(w.square().sum() for w in model.parameters())``. It is called
        four times, on the model's own weights (twice) and on others. A generator that it has used
        up stays used up.
    steps_per_epoch : int, optional
        For half-lives in epochs.
    total_steps : int, optional
        Of the run, for the share of the initial weights that is left at its end.
    ignore : iterable of str
        Codes of findings that are not wanted.
    language : {"en", "zh"}, default "en"
        Of the text.

    Returns
    -------
    Audit
        ``rows`` and ``findings``. λ (``weight_decay``) is in torch's convention: mean loss +
        λ·½Σw² for L2; a loop that adds c·Σw² has λ = 2c. ``amount`` is η·λ, what multiplies ∂Ω(w)
        per step at the current learning rate. With decay on the step, or in the loss under SGD
        (momentum included), decay alone leaves of a weight a constant factor per step, and
        ``half_life`` is :math:`\ln 2/{-\ln(\mathrm{factor})}` steps, at the current learning rate;
        through the moments of Adam it is no constant, and there is no half-life.

    Raises
    ------
    InputError
        If the model is none or not yet initialised, the optimizer is none, the penalty raises or
        does not return one number, or an option is out of range.

    Notes
    -----
    Of the common faults two cannot be seen from a model, an optimizer and a penalty: a penalty
    added to the validation loss or divided by the batch size, and data loss and penalty reported as
    one number. Both happen in the loop around them. Of weights that ``load_state_dict`` brought
    another weight_decay to it shows where all groups have the same one.

    Examples
    --------
    The loop of the article that this package starts from overwrites its penalty at every turn:

    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Sequential(torch.nn.Linear(1, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    >>> def penalty(model):
    ...     for w in model.parameters():
    ...         L2 = torch.norm(w, p=2) * 1e8
    ...     return L2
    >>> optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    >>> for finding in wd.audit(model, optimizer, penalty).findings:
    ...     print(finding.code, *finding.parameters)
    penalty-one-parameter 2.bias
    bias-decayed 2.bias
    """
    optimizers = _checked(model, optimizer)
    _check_steps(steps_per_epoch=steps_per_epoch, total_steps=total_steps)
    unwanted = {ignore} if isinstance(ignore, str) else set(ignore)
    for code in sorted(unwanted - set(CODES)):
        raise InputError(f"ignore: there is no finding {code!r}; there are: {', '.join(CODES)}")
    if language not in LANGUAGES:
        raise InputError(f"language: {language!r} is none of {', '.join(map(repr, LANGUAGES))}")
    if penalty is not None and not callable(penalty):
        raise InputError(phrase("audit.error.no_function", kind=type(penalty).__name__))
    if penalty is not None and any(p.device.type == "meta" for p in model.parameters()):
        raise InputError(phrase("audit.error.no_numbers"))
    probed = None if penalty is None else probe(model, penalty)
    table = rows(model, optimizers, probed)
    facts = Facts(table, unregistered(model), optimizers, probed)
    found = [replace(f, language=language) for rule in RULES for f in rule(facts)]
    order = ("error", "warning", "note")
    wanted = [finding for finding in found if finding.code not in unwanted]
    wanted.sort(key=lambda finding: order.index(finding.severity))
    return Audit(table, tuple(wanted), steps_per_epoch, total_steps, language)


def _checked(model: Any, optimizer: Any) -> tuple[Optimizer, ...]:
    if not isinstance(model, nn.Module):
        raise InputError(f"model: {type(model).__name__} is no torch.nn.Module")
    for name, parameter in model.named_parameters():
        if isinstance(parameter, UninitializedParameter):
            raise InputError(phrase("audit.error.no_shape", name=name))
    given = optimizer if isinstance(optimizer, list | tuple) else [optimizer]
    for each in given:
        if each is not None and not isinstance(getattr(each, "param_groups", None), list):
            raise InputError(phrase("audit.error.optimizer", kind=type(each).__name__))
    return tuple(_innermost(each) for each in given if each is not None)


def _innermost(optimizer: Any) -> Optimizer:
    """The optimizer inside wrappers, such as that of accelerate."""
    while isinstance(inner := getattr(optimizer, "optimizer", None), Optimizer):
        optimizer = inner
    return optimizer  # type: ignore[no-any-return]


def _check_steps(**steps: Any) -> None:
    for name, value in steps.items():
        if value is not None and (isinstance(value, bool) or not (int(value) == value >= 1)):
            raise InputError(f"{name}: {value!r} is not a whole number of 1 or more")
