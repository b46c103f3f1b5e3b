"""A Decay attached to an optimizer: its hooks, its place in the state, and what it tells."""

import logging
from typing import Any

import torch
from torch import Tensor, nn, optim

from weightdecay.decay import _around
from weightdecay.decay._decay import Decay
from weightdecay.decay._objective import summed
from weightdecay.decay.attaching import _amounts
from weightdecay.decay.attaching._company import Company, company_of
from weightdecay.decay.attaching._memory import first, needed
from weightdecay.decay.attaching._parts import Part, parts
from weightdecay.decay.attaching._step import Step
from weightdecay.decay.attaching._work import Work
from weightdecay.errors import InputError

log = logging.getLogger("weightdecay")

_KEY = "weightdecay"


def attachments(optimizer: optim.Optimizer) -> tuple["Attachment", ...]:
    """Return those attached to this optimizer, in order.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer

    Returns
    -------
    tuple of Attachment

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> attached = wd.presets.sgdw(0.01).attach(optimizer, model)
    >>> wd.attachments(optimizer) == (attached,)
    True
    """
    return tuple(company_of(optimizer).attached)


class Attachment:
    """A Decay attached to an optimizer; :meth:`weightdecay.Decay.attach` makes it.

    Attributes
    ----------
    decay : Decay
    optimizer : torch.optim.Optimizer
    parameters : dict of Parameter
        Those that decay, by their names in the model.
    groups : set of int
        Which of ``optimizer.param_groups`` hold a selected parameter, be its λ 0.
    """

    parameters: dict[str, nn.Parameter]
    groups: set[int]

    def __init__(
        self,
        decay: Decay,
        optimizer: optim.Optimizer,
        model: nn.Module,
        *,
        per_group: bool = False,
    ) -> None:
        if not hasattr(optimizer, "_optimizer_step_pre_hooks"):
            raise InputError(
                f"optimizer: {type(optimizer).__name__} has no step hooks; attach to the "
                "torch.optim.Optimizer inside it"
            )
        self.decay = decay
        self.optimizer = optimizer
        self._model = model
        if per_group and decay.weight_decay:
            raise InputError(
                f"weight_decay: {decay.weight_decay} and per_group=True are two λs; leave one out"
            )
        self._coefficients: list[float] | None = [] if per_group else None
        self._company: Company = company_of(optimizer)
        _amounts.check(decay.unit, optimizer)
        given = _around.given(model, decay.around)  # type: ignore[arg-type]
        found = self._find()
        if per_group and not found:
            raise InputError(
                "per_group: weight_decay is 0 in every parameter group of the optimizer that holds "
                "a selected parameter, so nothing would decay"
            )
        self._company.check(self)
        self._work = Work(
            decay,
            optimizer,
            found,
            first(decay, optimizer, self.parameters),
            self._decaying(given),
            base=1.0 if per_group else decay.weight_decay,
        )
        self._step: Step | None = None
        self._company.attached.append(self)
        self._take_over()
        self._handles = [
            optimizer.register_step_pre_hook(_uncompiled(self._before_step)),
            optimizer.register_step_post_hook(_uncompiled(self._after_step)),
            optimizer.register_state_dict_post_hook(self._save),
            optimizer.register_load_state_dict_pre_hook(self._load),
            optimizer.register_load_state_dict_post_hook(lambda _: self._take_over()),
        ]

    def __repr__(self) -> str:
        return f"<{self.decay} on {len(self.parameters)} parameters>"

    def weight_decay(self, name: str) -> float:
        """λ of the parameter `name` now: schedule, multiplier and group applied.

        Raises
        ------
        InputError
            If it does not decay.
        """
        return self._work.weight_decay(self._part_of(name))

    def amount(self, name: str) -> float:
        """What multiplies ∂Ω(w) on the weight per step now, with the learning rate as it is.

        η_t·λ_t with ``unit="lr"``, and otherwise as the unit says; for a decay in the loss, η_t
        times the λ_t that is added to the gradient. Not a number where it depends on gradients and
        no step has been taken.

        Raises
        ------
        InputError
            If it does not decay.
        """
        return float(self._work.amount(self._part_of(name)))

    def penalty(self) -> Tensor | float:
        """λ·Ω now, each parameter with its own λ: differentiable by the weights; 0.0 if none."""
        coefficients = {
            name: self._work.weight_decay(part)
            for part in self._work.parts
            for name in part.parameters
        }
        return summed(self.decay.penalty, coefficients, self.parameters, self._work.points)

    def detach(self) -> None:
        """End it, and give the optimizer its own ``weight_decay`` back."""
        if self in self._company.attached:
            for handle in self._handles:
                handle.remove()
            self._company.leave(self)

    def state_dict(self) -> dict[str, Any]:
        """What it must remember; a part of ``optimizer.state_dict()`` too."""
        self._catch_up()
        return self._work.memory.saved()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`state_dict` returned.

        Raises
        ------
        InputError
            If it is that of other parameters.
        """
        self._catch_up()
        self._work.memory.load(state, self.parameters)

    def _find(self) -> list[Part]:
        """Find the parameters that decay; again when there are new groups, or other dtypes."""
        groups = self.optimizer.param_groups
        if self._coefficients is not None:
            new = range(len(self._coefficients), len(groups))
            self._coefficients += [_coefficient(groups[i], i) for i in new]
        everything = parts(self.decay, self.optimizer, self._model, self._coefficients)
        self.groups = {part.group for part in everything}
        found = [part for part in everything if part.factor]
        self.parameters = {name: w for part in found for name, w in part.parameters.items()}
        self._known_groups = len(groups)
        return found

    def _decaying(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return {name: w for name, w in weights.items() if name in self.parameters}

    def _part_of(self, name: str) -> Part:
        for part in self._work.parts:
            if name in part.parameters:
                return part
        raise InputError(f"parameters: {name!r} does not decay here")

    def _take_over(self) -> None:
        """Set the optimizer's own weight_decay to 0 where this one decays, and say so."""
        if taken := self._company.take_over(self.groups, self.optimizer):
            log.warning(
                "%s: its own weight_decay is set to 0, since %s is attached; it was %s",
                type(self.optimizer).__name__,
                self.decay,
                ", ".join(f"{old:g} in parameter group {i}" for i, old in taken.items()),
            )

    def _catch_up(self) -> None:
        """Take in what a new group brings, as first seen now, and what a model that was cast is."""
        same_groups = len(self.optimizer.param_groups) == self._known_groups
        if same_groups and all(part.holds() for part in self._work.parts):
            return
        known = set(self.parameters)
        self._work.parts = self._find()
        more = {name: w for name, w in self.parameters.items() if name not in known}
        memory, new = self._work.memory, first(self.decay, self.optimizer, more, later=True)
        memory.lr += new.lr[len(memory.lr) :]
        for kept in ("start", "norms", "multipliers", "bounds"):
            getattr(memory, kept).update(getattr(new, kept))
        memory.follow(self.parameters)
        given = _around.given(self._model, self.decay.around)  # type: ignore[arg-type]
        self._work.given = self._decaying(given)
        self._take_over()

    @torch.no_grad()
    def _before_step(
        self, optimizer: optim.Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        self._step = None
        found_inf = getattr(optimizer, "found_inf", None)
        if found_inf is not None and float(found_inf) > 0:
            return None  # a GradScaler has the optimizer itself skip this step
        self._catch_up()
        order = self._company.attached.index(self)
        if order == 0:
            self._company.gradients.clear()  # of a step that raised an error
        seed = 1_000_003 * self._work.memory.steps + 1_009 * order
        step = self._step = Step(self._work, seed, self._company.gradients)
        if callable(closure := kwargs.get("closure")):
            return args, {**kwargs, "closure": step.around(closure)}
        if len(args) > 1 and callable(args[1]):
            return (args[0], step.around(args[1]), *args[2:]), kwargs
        step.before()
        return None

    @torch.no_grad()
    def _after_step(
        self, optimizer: optim.Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if self._step is not None:
            self._step.after()
            self._work.memory.steps += 1
            self._step = None

    def _save(self, optimizer: optim.Optimizer, state: dict[str, Any]) -> None:
        state.setdefault(_KEY, []).append(self.state_dict())
        self._company.put_back(state["param_groups"])

    def _load(self, optimizer: optim.Optimizer, state: dict[str, Any]) -> None:
        order = self._company.attached.index(self)
        saved = state.get(_KEY, [])
        if order < len(saved):
            self.load_state_dict(saved[order])
        elif needed(self.decay):
            raise InputError(
                f"optimizer: the loaded state has no memory of {self.decay}, since it was saved "
                "without; load it first, and attach then"
            )


def _coefficient(group: dict[str, Any], i: int) -> float:
    """λ of a group, for per_group."""
    if "weight_decay" not in group:
        raise InputError(f"per_group: parameter group {i} of the optimizer has no weight_decay")
    found: float = Decay(float(group["weight_decay"])).weight_decay
    return found


def _uncompiled(hook: Any) -> Any:
    """Return `hook`, which a compiled step calls as it is: its numbers change at every step."""
    return torch.compiler.disable(hook)  # type: ignore[no-untyped-call]
