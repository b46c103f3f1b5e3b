"""One step of an optimizer, and what an attached Decay does before and after it."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, optim

from weightdecay.decay._objective import summed
from weightdecay.decay._units import Adaptive
from weightdecay.decay.attaching import _amounts, _update
from weightdecay.decay.attaching._lagrangian import constrain
from weightdecay.decay.attaching._parts import Part
from weightdecay.decay.attaching._rounding import LOW_PRECISION, write_rounded
from weightdecay.decay.attaching._sharding import all_whole, shard, sharded_as, whole
from weightdecay.decay.attaching._work import Work
from weightdecay.decay.penalties._constraints import CPR, Constraint
from weightdecay.decay.penalties._penalty import L2, Proximal, gradients
from weightdecay.errors import InputError

#: Optimizers whose direction depends on the weights, so that the decay must not come before it.
READ_WEIGHTS = (optim.LBFGS, optim.Adafactor)


class _Met:
    """The parameters of one part that have a gradient, as a step meets them."""

    def __init__(self, part: Part, points: dict[str, Tensor], elementwise: bool) -> None:
        # A shard is enough for what looks at one entry at a time.
        take: Callable[[Tensor], Tensor] = shard if elementwise else lambda w: w
        met = {name: w for name, w in part.parameters.items() if w.grad is not None}
        self.part = part
        self.names = list(met)
        self.parameters = list(met.values())
        self.weights = [take(w.detach()) for w in self.parameters]
        self.points: list[Tensor] | None = None
        if any(name in points for name in self.names):
            self.points = [
                take(points[name]) if name in points else torch.zeros_like(w)
                for name, w in zip(self.names, self.weights, strict=True)
            ]
        self.before: list[Tensor] = []

    def in_16_bits(self) -> bool:
        return bool(self.weights) and self.weights[0].dtype in LOW_PRECISION


class Step:
    """From the hook before a step of the optimizer to the one after it.

    Parameters
    ----------
    work : Work
    seed : int
        Of what is rounded at random.
    replaced : dict of Tensor
        Where the gradients that decays in the loss replace are kept, by the parameter's id.
    """

    def __init__(self, work: Work, seed: int, replaced: dict[int, Tensor]) -> None:
        self.work = work
        self.seed = seed
        self.replaced = replaced
        penalty = work.decay.penalty
        # In the loss, gradients of whole tensors are needed; otherwise shards may do.
        self.elementwise = work.decay.on != "loss" and getattr(penalty, "elementwise", False)
        self.late = work.decay.on == "step" and isinstance(work.optimizer, READ_WEIGHTS)
        self.met: list[_Met] = []
        self.amounts: list[_update.Amount] = []
        self.copies: dict[str, Tensor] = {}
        if self.late:
            take: Callable[[Tensor], Tensor] = shard if self.elementwise else lambda w: w
            for part in work.parts:
                for name, w in part.parameters.items():
                    self.copies[name] = take(w.detach()).clone()

    def around(self, closure: Callable[[], Any]) -> Callable[[], Any]:
        """Return a closure after whose first call the decay acts, and in the loss, after each."""
        calls = 0

        def wrapped() -> Any:
            nonlocal calls
            self.give_back()
            loss = closure()
            calls += 1
            with torch.no_grad():
                if self.work.decay.on == "loss":
                    self._into_gradients()
                    # One that tells no loss is of an optimizer that asks for none.
                    return loss if loss is None else loss + self._penalty()
                if calls == 1:
                    self.before()
            return loss

        return wrapped

    def before(self) -> None:
        """Act when gradients are there, and the optimizer has not moved the weights yet."""
        decay = self.work.decay
        if decay.on == "loss":
            self._into_gradients()
            return
        self._meet()
        if decay.mask == "cautious":
            for met in self.met:
                met.before = [w.clone() for w in met.weights]
        elif decay.on == "step" and not self.late:
            self._change(self._shrink)

    def give_back(self) -> None:
        """Put the gradients of the data back where a decay in the loss has replaced them.

        Torch's own ``weight_decay`` leaves ``.grad`` alone too; and a closure that accumulates must
        not accumulate the penalty.
        """
        for part in self.work.parts if self.replaced else ():
            for w in part.parameters.values():
                if id(w) in self.replaced:
                    w.grad = self.replaced.pop(id(w))

    def after(self) -> None:
        """Act when the optimizer has moved the weights."""
        self.give_back()
        decay = self.work.decay
        if decay.on == "prox":
            self._change(self._prox)
        elif decay.on == "constraint":
            self._change(self._constrain)
        elif decay.mask == "cautious" or self.late:
            self._change(self._shrink_late)

    def _meet(self) -> None:
        work = self.work
        self.met = [
            met for part in work.parts if (met := _Met(part, work.points, self.elementwise)).names
        ]
        if isinstance(work.decay.unit, Adaptive):
            self._adapt(work.decay.unit)
        if work.decay.unit == "stable" and "betas" in work.optimizer.param_groups[0]:
            work.spread = _amounts.spread_of(work.optimizer)
        self.amounts = [work.amount(met.part) for met in self.met]

    def _adapt(self, unit: Adaptive) -> None:
        parameters = [w for met in self.met for w in met.parameters]
        if parameters:
            slopes = [w.grad for w in parameters if w.grad is not None]
            grad_scale = getattr(self.work.optimizer, "grad_scale", None)
            self.work.memory.average = _amounts.adapted(
                self.work.memory.average, unit.beta, slopes, parameters, grad_scale
            )

    def _change(self, change: Callable[[list[list[Tensor]]], None]) -> None:
        """Have `change` act on the weights of each part in place, whole and in float32 at least."""
        if not self.met:
            return
        opened = [
            [x.float() if met.in_16_bits() else x for x in all_whole(met.weights)]
            for met in self.met
        ]
        change(opened)
        for i, (met, changed) in enumerate(zip(self.met, opened, strict=True)):
            shards = [shard(sharded_as(x, w)) for x, w in zip(changed, met.weights, strict=True)]
            if met.in_16_bits():
                write_rounded([shard(w) for w in met.weights], shards, seed=self.seed + i)
            else:
                for w, x in zip(met.weights, shards, strict=True):
                    if x is not w:
                        shard(w).copy_(x)

    def _slopes(self, at: list[list[Tensor]]) -> list[list[Tensor]]:
        """∂Ω by the weights of each part, at `at`; a joint Ω is of all that have the same λ."""
        from_point = [
            _update.away(weights, met.points and all_whole(met.points))
            for met, weights in zip(self.met, at, strict=True)
        ]
        found: list[list[Tensor]] = [[] for _ in self.met]
        for together in self._of_one_lambda():
            vs = [v for i in together for v in from_point[i]]
            slopes = iter(gradients(self.work.decay.penalty, vs))
            for i in together:
                found[i] = [next(slopes) for _ in from_point[i]]
        return found

    def _of_one_lambda(self) -> list[list[int]]:
        """Which of the parts have the same λ, whatever their groups."""
        found: dict[float, list[int]] = {}
        for i, met in enumerate(self.met):
            found.setdefault(met.part.factor, []).append(i)
        return list(found.values())

    def _shrink(self, weights: list[list[Tensor]]) -> None:
        if isinstance(self.work.decay.penalty, L2) and not self.work.points:
            for amount, ws in zip(self.amounts, weights, strict=True):
                _update.scale(ws, amount)
            return
        for amount, ws, slopes in zip(self.amounts, weights, self._slopes(weights), strict=True):
            _update.subtract(ws, slopes, amount)

    def _shrink_late(self, weights: list[list[Tensor]]) -> None:
        """As :meth:`_shrink`, with the penalty of the weights before the step."""
        if self.late:
            for met in self.met:
                met.before = [self.copies[name] for name in met.names]
        before = [
            [whole(v).to(w.dtype) for v, w in zip(met.before, ws, strict=True)]
            for met, ws in zip(self.met, weights, strict=True)
        ]
        slopes = self._slopes(before)
        for amount, ws, vs, ds in zip(self.amounts, weights, before, slopes, strict=True):
            cautious = self.work.decay.mask == "cautious"
            _update.subtract(ws, _update.not_against(ds, vs, ws) if cautious else ds, amount)

    def _prox(self, weights: list[list[Tensor]]) -> None:
        penalty = self.work.decay.penalty
        assert isinstance(penalty, Proximal)
        for met, amount, ws in zip(self.met, self.amounts, weights, strict=True):
            _update.prox(penalty, ws, met.points and all_whole(met.points), amount)

    def _constrain(self, weights: list[list[Tensor]]) -> None:
        penalty, memory = self.work.decay.penalty, self.work.memory
        if isinstance(penalty, CPR):
            for met, amount, ws in zip(self.met, self.amounts, weights, strict=True):
                constrain(penalty, met.names, ws, float(amount), memory)
            return
        assert isinstance(penalty, Constraint)
        names = [name for met in self.met for name in met.names]
        flat = [w for ws in weights for w in ws]
        norms = [memory.norms[n] for n in names] if memory.norms else []
        at = iter(penalty.project(flat, norms))
        for amount, ws in zip(self.amounts, weights, strict=True):
            for w in ws:
                w.lerp_(next(at), float(amount))

    def _into_gradients(self) -> None:
        """λ·∂Ω(w) into the gradients that are there, until :meth:`give_back`."""
        self._meet()
        if not self.met:
            return
        grad_scale = getattr(self.work.optimizer, "grad_scale", None)
        slopes = self._slopes([all_whole(met.weights) for met in self.met])
        for met, found in zip(self.met, slopes, strict=True):
            directions = [sharded_as(d, w) for d, w in zip(found, met.weights, strict=True)]
            weight_decay = self._signed(met)
            plain = [w.grad for w in met.parameters if w.grad is not None]
            for name, g in zip(met.names, plain, strict=True):
                if g.is_sparse:
                    raise InputError(
                        f"on: the gradient of {name!r} is sparse, and a penalty in the loss is "
                        "not; use on='step'"
                    )
            scaled = weight_decay if grad_scale is None else weight_decay * grad_scale
            raised = _update.added(plain, directions, scaled)
            for w, g, r in zip(met.parameters, plain, raised, strict=True):
                # What was there before any Decay of this optimizer.
                self.replaced.setdefault(id(w), g)
                w.grad = r

    def _penalty(self) -> Tensor | float:
        """λ·Ω of the parameters that have a gradient."""
        coefficients = {name: self._signed(met) for met in self.met for name in met.names}
        weights = {
            name: whole(w)
            for met in self.met
            for name, w in zip(met.names, met.weights, strict=True)
        }
        points = {name: whole(w) for name, w in self.work.points.items() if name in weights}
        return summed(self.work.decay.penalty, coefficients, weights, points)

    def _signed(self, met: _Met) -> float:
        """λ as it enters the gradient: maximising, the optimizer flips the sign of that."""
        group = self.work.optimizer.param_groups[met.part.group]
        return self.work.weight_decay(met.part) * (-1.0 if group.get("maximize") else 1.0)
