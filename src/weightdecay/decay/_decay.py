"""A weight decay as one value: coefficient × penalty × coupling × unit × mask × selection."""

import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from weightdecay.decay import _multipliers
from weightdecay.decay._around import Around, wrapped
from weightdecay.decay._multipliers import Multipliers
from weightdecay.decay._schedules import Schedule
from weightdecay.decay._selection import Selection
from weightdecay.decay._units import NAMED_UNITS, Adaptive, Corrected, Unit
from weightdecay.decay.penalties._constraints import CPR, Constraint
from weightdecay.decay.penalties._penalty import L2, Penalty, Proximal
from weightdecay.errors import InputError

if TYPE_CHECKING:
    from torch import nn, optim

    from weightdecay.decay.attaching._attachment import Attachment

Coupling = Literal["loss", "step", "prox", "constraint"]
Mask = Literal["all", "cautious"]


@dataclass(frozen=True, repr=False)
class Decay:
    r"""λ·Ω(w) on some of a model's parameters: in the loss, on the step, or as a constraint.

    With :math:`g` the gradient of the data loss, :math:`\eta` the learning rate,
    :math:`u(\cdot)` the optimizer's direction and :math:`a` the amount, which is
    :math:`\eta\lambda` unless `unit` says otherwise,

    .. math::
        \text{on="loss":}\quad & w \leftarrow w - \eta\, u(g + \lambda\, \partial\Omega(w)) \\
        \text{on="step":}\quad & w \leftarrow w - a\, \partial\Omega(w) - \eta\, u(g) \\
        \text{on="prox":}\quad & w \leftarrow \mathrm{prox}_{a\Omega}(w - \eta\, u(g)) \\
        \text{on="constraint":}\quad & v = w - \eta\, u(g),\quad
            w \leftarrow v + \lambda\,(\mathrm{P}(v) - v)

    "loss" is what ``weight_decay`` means in ``torch.optim.SGD`` and ``Adam``: the optimizer's
    moments see the penalty. "step" is what it means in ``torch.optim.AdamW``: as in PyTorch, and
    unlike the paper [1]_, the decay is multiplied by the learning rate. "prox" is the proximal step
    [2]_, which makes weights exactly 0 under L1; with SGD without momentum its limit minimises the
    same objective as "loss". (Momentum m adds gradients up to g/(1 − m) and leaves the step of ηλ
    as it is: unless ``dampening`` is m too, the limit is that of (1 − m)·λ.) "constraint" goes to
    the nearest point P of the set that the penalty names, all the way with λ = 1.

    Parameters
    ----------
    weight_decay : float, default 0.0
        λ, per mean loss over the rows of a step; with :class:`L2`, whose Ω is ½Σw², it is torch's
        ``weight_decay``, and twice the λ of a loop that adds λ‖w‖². Studies put their own λs in its
        place.
    penalty : Penalty, default L2()
        Ω.
    on : {"loss", "step", "prox", "constraint"}, default "loss"
        Where it enters.
    select : {"weights", "all", "last"} or callable, default "weights"
        Which parameters decay, see :func:`selected`.
    unit : {"lr", "independent", "step", "stable"}, Corrected or Adaptive, default "lr"
        The amount a of one step, with λ_t = λ·schedule(t). "lr": η_t·λ_t, as in PyTorch.
        "independent": (η_t/η_max)·λ_t, as in the paper [1]_, so that the schedule counts and the
        peak learning rate does not; η_max is what the scheduler leaves in the optimizer's groups as
        ``max_lr`` or ``initial_lr``, or the learning rate at attachment, and one above it is
        refused. "step": λ_t. "stable" [3]_: η_t·λ_t/(1 − momentum), times (1 − dampening), with
        SGD, and η_t·λ_t/sqrt(mean of v̂) with optimizers of Adam's kind. A constraint has "step".
    schedule : callable, optional
        Steps taken → what multiplies λ: :class:`~weightdecay.decay.Cosine`,
        :class:`~weightdecay.decay.Linear`, or your own.
    around : {"zero", "start"} or mapping of names to weights, default "zero"
        The point w0 around which Ω is measured: Ω(w − w0), with the initial weights for "start";
        a mapping may leave out names, which then are measured around zero, and is copied here.
    mask : {"all", "cautious"}, default "all"
        "cautious": only the entries that the optimizer's update does not drive against the decay,
        where u·∂Ω ≥ 0 [4]_. On the step only.
    multipliers : mapping or pairs of pattern and float, default none
        λ of a parameter is λ times that of the first pattern (of :mod:`fnmatch`) that its name
        matches: ``{"layers.0.*": 0.5}``. With 0 it does not decay at all. Of a penalty of
        all tensors at once (:class:`~weightdecay.decay.GlobalNorm`), those with the same λ are one
        term.

    Raises
    ------
    InputError
        If λ is negative or not finite, a field is not one of the above, or two of them do not go
        together.

    Examples
    --------
    >>> from weightdecay import L1, Decay
    >>> Decay(1e-3, L1(), on="step")
    Decay(weight_decay=0.001, penalty=L1(), on='step', select='weights')

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
       arXiv 1711.05101, algorithm 2.
    .. [2] N. Parikh and S. Boyd, "Proximal Algorithms", Foundations and Trends in Optimization 1
       (2014), section 4.2.
    .. [3] Z. Xie, Z. Xu, J. Zhang, I. Sato and M. Sugiyama, "On the Overlooked Pitfalls of Weight
       Decay and How to Mitigate Them", NeurIPS 2023, arXiv 2011.11152 (SGDS, AdamS).
    .. [4] L. Chen et al., "Cautious Weight Decay", 2025, arXiv 2510.12402, algorithm 1.
    """

    weight_decay: float = 0.0
    penalty: Penalty = field(default_factory=L2)
    on: Coupling = "loss"
    select: Selection = "weights"
    unit: Unit = "lr"
    schedule: Schedule | None = None
    around: Around = "zero"
    mask: Mask = "all"
    multipliers: Multipliers = ()

    def __post_init__(self) -> None:
        if isinstance(self.weight_decay, bool) or not (
            math.isfinite(self.weight_decay) and self.weight_decay >= 0
        ):
            raise InputError(
                f"weight_decay: {self.weight_decay} is not a finite number of 0 or more"
            )
        if self.on not in get_args(Coupling):
            raise InputError(f"on: {self.on!r} is none of {_listed(Coupling)}")
        if isinstance(self.penalty, type):
            raise InputError(f"penalty: write {self.penalty.__name__}(), not the class")
        if not isinstance(self.penalty, Penalty):
            raise InputError(f"penalty: {self.penalty!r} has no value() and gradient()")
        if self.on == "prox" and not isinstance(self.penalty, Proximal):
            raise InputError(f"penalty: {self.penalty!r} has no prox(), which on='prox' needs")
        if self.schedule is not None and not callable(self.schedule):
            raise InputError(f"schedule: {self.schedule!r} cannot be called with a step")
        if self.mask not in get_args(Mask):
            raise InputError(f"mask: {self.mask!r} is none of {_listed(Mask)}")
        object.__setattr__(self, "around", wrapped(self.around))
        object.__setattr__(self, "multipliers", _multipliers.checked(self.multipliers))
        self._check_unit()
        self._check_constraint()
        if self.mask == "cautious" and self.on != "step":
            raise InputError(f"mask: 'cautious' is for on='step', not on={self.on!r}")

    def __repr__(self) -> str:
        shown = {f.name: getattr(self, f.name) for f in fields(self)}
        for name in ("unit", "schedule", "around", "mask", "multipliers"):
            if shown[name] == getattr(type(self), name):  # as nearly every Decay has it
                del shown[name]
        return f"Decay({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def _check_unit(self) -> None:
        named = isinstance(self.unit, str) and self.unit in NAMED_UNITS
        if not named and not isinstance(self.unit, (Corrected, Adaptive)):
            raise InputError(
                f"unit: {self.unit!r} is none of {', '.join(map(repr, NAMED_UNITS))}, "
                "Corrected() or Adaptive()"
            )
        if self.on == "loss" and self.unit != "lr" and not isinstance(self.unit, Adaptive):
            raise InputError(
                f"unit: {self.unit!r} says what a step takes from a weight; in the loss "
                "(on='loss') the optimizer decides that, so use on='step'"
            )
        if self.on == "prox" and isinstance(self.unit, Adaptive):
            raise InputError("unit: Adaptive is for on='loss' or on='step', not on='prox'")

    def _check_constraint(self) -> None:
        constraint = isinstance(self.penalty, (Constraint, CPR))
        if (self.on == "constraint") != constraint:
            raise InputError(
                f"penalty: {self.penalty!r} is "
                + ("a constraint; use on='constraint'" if constraint else "no constraint")
            )
        if self.on != "constraint":
            return
        if self.unit != "step":
            raise InputError(f"unit: a constraint has unit='step', not {self.unit!r}")
        if self.around != "zero":
            raise InputError("around: a constraint is measured around 'zero'")
        if self.weight_decay > 1 and not isinstance(self.penalty, CPR):
            raise InputError(
                f"weight_decay: {self.weight_decay} of a constraint is the part of the way to it "
                "that a step goes, at most 1"
            )

    def attach(
        self, optimizer: "optim.Optimizer", model: "nn.Module", *, per_group: bool = False
    ) -> "Attachment":
        """Have every step of `optimizer` decay the parameters of `model`, from now on.

        A step decays the parameters that have a gradient, and nothing when a ``GradScaler`` skips
        it. The optimizer's own ``weight_decay`` is set to 0 in the groups that hold a decayed
        parameter, which the logger "weightdecay" tells, as a warning. What must be remembered (the
        steps taken, the initial weights ...) is in ``optimizer.state_dict()``, beside its own
        ``weight_decay`` as it was, and comes back with ``load_state_dict``: build, attach, then
        load. (``torch.distributed.checkpoint`` keeps only what torch itself puts there; give it the
        attachment too, which has both methods.) Several Decays may be attached side by side.
        ``.grad`` is after a step what it was before it, or what the last call of a closure made it.

        A group that is added later decays from its first step on, and the model may be cast or
        moved. Weights of 16 bits are decayed in float32 and rounded at random, so that ηλ under 2⁻⁹
        does not round away; in the loss, rounding is the optimizer's affair. A decay on the step
        comes before the optimizer's, with LBFGS and Adafactor, whose directions depend on the
        weights, after it, of the weights before. A copy of an optimizer has no Decay attached, as
        torch copies no hooks.

        Parameters
        ----------
        optimizer : torch.optim.Optimizer
            Of torch, or anyone's that calls torch's step hooks. With a closure, a decay in the loss
            is part of the loss that the closure returns, as a line search needs it.
        model : torch.nn.Module
            Whose parameters are selected, by its names.
        per_group : bool, default False
            Whether λ of a parameter is the ``weight_decay`` of its group in the optimizer, in place
            of ``self.weight_decay``.

        Returns
        -------
        Attachment
            Tells λ and the amount of each parameter, and detaches.

        Raises
        ------
        InputError
            If nothing is selected, a selected parameter is not in the optimizer, a pattern matches
            nothing, the initial weights are needed and the optimizer has taken steps, λ is 0 in all
            groups with `per_group`, or another Decay that excludes this one has the same parameter.

        Examples
        --------
        >>> import torch
        >>> import weightdecay as wd
        >>> model = torch.nn.Linear(2, 1)
        >>> optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        >>> attached = wd.Decay(0.5, wd.L2(), on="step").attach(optimizer, model)
        >>> list(attached.parameters), attached.amount("weight")
        (['weight'], 0.0005)
        """
        from weightdecay.decay.attaching._attachment import Attachment

        return Attachment(self, optimizer, model, per_group=per_group)


def _listed(kind: Any) -> str:
    return ", ".join(map(repr, get_args(kind)))
