"""Rules on the optimizer's parameter groups."""

from collections.abc import Iterator

import torch

from weightdecay.apply._audit._finding import Facts, Finding, Rule, of
from weightdecay.apply._audit._kinds import BIAS
from weightdecay.apply._audit._pull import LOSS
from weightdecay.apply._audit._table import Row
from weightdecay.decay.attaching._attachment import attachments


def other_model(facts: Facts) -> Iterator[Finding]:
    """The optimizer was made of another model's parameters, or of these before a copy."""
    if facts.optimizers and facts.rows and not any(row.places for row in facts.rows):
        yield Finding("other-model", ())


def unreached(facts: Facts) -> Iterator[Finding]:
    """A parameter is in no group, and never trained."""
    if any(row.places for row in facts.rows):
        out = [row for row in facts.rows if not row.places and not row.frozen]
        yield from of("not-in-optimizer", out)


def unregistered(facts: Facts) -> Iterator[Finding]:
    """A layer stands in a plain list: ``model.parameters()`` does not give it to any optimizer."""
    if facts.unregistered:
        yield Finding("unregistered", facts.unregistered)


def listed_twice(facts: Facts) -> Iterator[Finding]:
    """One tensor is in the groups twice: as one parameter, or as two that share their memory."""
    seen: dict[tuple[object, ...], Row] = {}
    found = []
    for row in facts.rows:
        if len(row.places) > 1:
            found.append(row)
        elif row.places and row.parameter.numel() and row.parameter.device.type != "meta":
            p = row.parameter
            memory = (p.device, p.dtype, p.data_ptr(), *p.shape)
            if memory in seen:
                found += [seen[memory], row]
            seen[memory] = row
    yield from of("listed-twice", list({row.name: row for row in found}.values()))


def frozen_but_decaying(facts: Facts) -> Iterator[Finding]:
    """A gradient of zeros instead of none: the optimizer takes it for one, and decays."""
    moving = [
        row
        for row in facts.rows
        if row.parameter.grad is not None and bool(row.parameter.grad.any())
    ]
    # In the first pass nothing comes back through a weight that starts at 0, such as that of a
    # fresh head or the B of LoRA: zeros before it are no freezing.
    starting = any(row.kind != BIAS and not bool(row.parameter.any()) for row in moving)
    found = []
    for row in facts.rows:
        gradient = row.parameter.grad
        if gradient is None or not _in_optimizer(row):
            continue
        # Zeros everywhere are what zero_grad(set_to_none=False) leaves, and say nothing.
        zeros = bool(moving) and not bool(gradient.any())
        if row.frozen or (zeros and not starting and not _stepped_once(row)):
            found.append(row)
    yield from of("frozen-but-decaying", found)


def frozen_in_group(facts: Facts) -> Iterator[Finding]:
    """Without gradient it does not decay; with a gradient of zeros it would."""
    rows = [row for row in facts.rows if row.frozen and row.parameter.grad is None]
    yield from of("frozen-in-group", [row for row in rows if _in_optimizer(row)])


def loaded(facts: Facts) -> Iterator[Finding]:
    """``load_state_dict`` brought back another weight_decay than the optimizer was made with.

    It shows where all groups have the same: groups of several λs say nothing of what was given.
    torch's ``load_state_dict`` leaves a group with its "params" last instead of first.
    """
    for optimizer in facts.optimizers:
        groups = optimizer.param_groups
        made_with = getattr(optimizer, "defaults", {}).get("weight_decay")
        values = {group.get("weight_decay") for group in groups}
        restored = bool(groups) and all(next(iter(group)) != "params" for group in groups)
        if made_with is None or len(values) != 1 or not restored or attachments(optimizer):
            continue
        (now,) = values
        if now is not None and float(now) != float(made_with):
            parameters = {id(p) for group in groups for p in group["params"]}
            rows = [row for row in facts.rows if id(row.parameter) in parameters]
            yield from of("loaded-weight-decay", rows, now=float(now), made_with=float(made_with))


def adam(facts: Facts) -> Iterator[Finding]:
    """Adam's weight_decay goes through its moments: it is not that of AdamW."""
    for optimizer in facts.optimizers:
        name = type(optimizer).__name__
        family = isinstance(optimizer, torch.optim.Adam | torch.optim.NAdam | torch.optim.RAdam)
        rows = [
            row
            for row in facts.rows
            if any(place.optimizer is optimizer for place in row.places)
            and any(pull.source == "optimizer" and pull.form == LOSS for pull in row.acting)
        ]
        if family:
            yield from of("adam-not-adamw", rows, optimizer=name)


def _stepped_once(row: Row) -> bool:
    """Whether its gradient may be left from the first pass, though the step has been taken."""
    state = [place.optimizer.state.get(row.parameter, {}) for place in row.places]
    return any(float(each["step"]) == 1 for each in state if "step" in each)


def _in_optimizer(row: Row) -> bool:
    return any(pull.source in ("optimizer", "attached") for pull in row.pulls)


RULES: tuple[Rule, ...] = (
    other_model,
    unreached,
    unregistered,
    listed_twice,
    frozen_but_decaying,
    frozen_in_group,
    loaded,
    adam,
)
