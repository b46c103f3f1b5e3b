"""The table of the audit: one row for each parameter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn
from torch.optim import Optimizer

from weightdecay.apply._audit import _pull
from weightdecay.apply._audit._direction import directions
from weightdecay.apply._audit._kinds import kind
from weightdecay.apply._audit._normalized import followed_by_normalization
from weightdecay.apply._audit._probe import Probe
from weightdecay.apply._audit._pull import Pull, half_life
from weightdecay.decay.attaching._attachment import attachments


@dataclass(frozen=True)
class Place:
    """Where a parameter stands in an optimizer.

    Parameters
    ----------
    index : int
        Of the group, counted over all optimizers.
    optimizer : Optimizer
    group : mapping
    """

    index: int
    optimizer: Optimizer
    group: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One parameter.

    Parameters
    ----------
    name : str
        As in ``model.named_parameters()``.
    aliases : tuple of str
        The further names of the same tensor (tied weights).
    kind : str
        "linear", "convolution", "embedding", "recurrent", "normalization" (its scale), "bias",
        "flattened" (of layers, in one axis) or "other": by the type of the module that owns it.
    alias_kinds : tuple of str
        What it is under each of `aliases`.
    parameter : Parameter
    places : tuple of Place
        In the optimizers: one as a rule, none where no group reaches it.
    pulls : tuple of Pull
        Its decays. Without gradient none acts: a frozen parameter has none of the optimizer's.
    normalized : bool or None
        Whether a normalisation follows; None where that cannot be told.
    direction : bool
        Whether the layer divides it by its norm: v of weight normalisation, or a weight under
        spectral normalisation. It counts as normalized too.
    """

    name: str
    aliases: tuple[str, ...]
    kind: str
    alias_kinds: tuple[str, ...]
    parameter: nn.Parameter
    places: tuple[Place, ...]
    pulls: tuple[Pull, ...]
    normalized: bool | None
    direction: bool

    @property
    def frozen(self) -> bool:
        return not self.parameter.requires_grad

    @property
    def acting(self) -> tuple[Pull, ...]:
        """The pulls that act: an optimizer passes by a frozen parameter without gradient."""
        return () if self.frozen and self.parameter.grad is None else self.pulls

    @property
    def weight_decay(self) -> float | None:
        """λ, where it is one number: of several decays of L2 in the same place, their sum."""
        return _total([pull.weight_decay for pull in self._alike()])

    @property
    def amount(self) -> float | None:
        """η·λ, what multiplies ∂Ω(w) per step now, under the same condition."""
        return _total([pull.amount for pull in self._alike()])

    @property
    def half_life(self) -> float | None:
        """Steps until decay alone has halved the weight, at the rates of now."""
        return half_life(self.factor)

    @property
    def factor(self) -> float | None:
        """What decay alone leaves of the weight per step, at the rates of now."""
        factors = [pull.factor for pull in self.acting]
        if not factors or any(factor is None for factor in factors):
            return None
        left = 1.0
        for factor in factors:
            left *= factor or 0.0
        return left

    def left(self, steps: int) -> float | None:
        """Share of the initial weight that decay alone leaves after `steps`."""
        if not self.acting:
            return 1.0
        return None if self.factor is None else self.factor**steps

    def _alike(self) -> tuple[Pull, ...]:
        kinds = {(pull.form, pull.penalty) for pull in self.acting}
        return self.acting if len(kinds) == 1 else ()


def _total(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def rows(model: nn.Module, optimizers: Sequence[Optimizer], probe: Probe | None) -> tuple[Row, ...]:
    """A row for every parameter of `model`, in its order."""
    places = _places(optimizers)
    owners = _owners(model)
    names: dict[nn.Parameter, list[str]] = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        names.setdefault(parameter, []).append(name)
    normalized = followed_by_normalization(model)
    divided = directions(model)
    made = []
    for parameter, (name, *aliases) in names.items():
        kinds = [kind(*owners[each], parameter) for each in (name, *aliases)]
        standing = places.get(id(parameter), ())
        pulls = [*_of_optimizers(parameter, standing), *_of_penalty(name, standing, probe)]
        made.append(
            Row(
                name=name,
                aliases=tuple(aliases),
                kind=kinds[0],
                alias_kinds=tuple(kinds[1:]),
                parameter=parameter,
                places=standing,
                pulls=tuple(pulls),
                normalized=name in divided or normalized[name],
                direction=name in divided,
            )
        )
    return tuple(made)


def _places(optimizers: Sequence[Optimizer]) -> dict[int, tuple[Place, ...]]:
    found: dict[int, tuple[Place, ...]] = {}
    groups = [(optimizer, group) for optimizer in optimizers for group in optimizer.param_groups]
    for index, (optimizer, group) in enumerate(groups):
        for parameter in group["params"]:
            place = Place(index, optimizer, group)
            found[id(parameter)] = (*found.get(id(parameter), ()), place)
    return found


def _owners(model: nn.Module) -> dict[str, tuple[nn.Module, str]]:
    """For each name of a parameter: the module that owns it, and its name there.

    A parametrised weight (``torch.nn.utils.parametrize``) belongs to the layer that uses it.
    """
    modules = dict(model.named_modules(remove_duplicate=False))
    found = {}
    for name, _ in model.named_parameters(remove_duplicate=False):
        path, _, own = name.rpartition(".")
        parts = path.split(".")
        if "parametrizations" in parts:
            at = parts.index("parametrizations")
            path, own = ".".join(parts[:at]), parts[at + 1]
        found[name] = modules[path], own
    return found


def _of_optimizers(parameter: nn.Parameter, places: Sequence[Place]) -> list[Pull]:
    found = []
    for place in places:
        own = _pull.built_in(place.optimizer, place.group)
        found += [own] if own else []
    seen: list[Optimizer] = []
    for place in places:
        if any(place.optimizer is each for each in seen):
            continue
        seen.append(place.optimizer)
        for attachment in attachments(place.optimizer):
            for name, decayed in attachment.parameters.items():
                if decayed is parameter:
                    pull = _pull.of_attachment(attachment, name, place.optimizer, place.group)
                    found += [pull] if pull else []
    return found


def _of_penalty(name: str, places: Sequence[Place], probe: Probe | None) -> list[Pull]:
    if probe is None or name not in probe.reached:
        return []
    penalty, weight_decay = probe.reached[name]
    lr = _pull.number(places[0].group.get("lr")) if places else None
    amount = None if lr is None or weight_decay is None else lr * weight_decay
    left = None
    if penalty == "L2" and places:
        left = _pull.factor(_pull.LOSS, amount, places[0].optimizer, places[0].group)
    return [Pull("penalty", _pull.LOSS, penalty, weight_decay, amount, left)]
