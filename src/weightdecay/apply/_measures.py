"""What a decay does to a network at one moment of its training, in numbers."""

import math
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn, optim

from weightdecay.decay import attachments

Measures = dict[str, float]


@torch.no_grad()
def measures(
    weights: dict[str, nn.Parameter],
    optimizer: optim.Optimizer,
    *,
    in_loss: Tensor | None = None,
    scale_invariant: Iterable[str] = (),
) -> Measures:
    """Norms, decay against gradient and effective learning rates, before a step is taken.

    Parameters
    ----------
    weights : dict of Parameter
        Those to be measured, by name.
    optimizer : torch.optim.Optimizer
        With the decays attached to it, and its own ``weight_decay``.
    in_loss : Tensor [], optional
        A penalty that is in the gradients already, since it was added to the loss: differentiable.
    scale_invariant : iterable of str
        Names of weights whose scale does not change the network.

    Returns
    -------
    dict of float
        The keys that :class:`weightdecay.Monitor` documents.
    """
    rates = {w: float(group["lr"]) for group in optimizer.param_groups for w in group["params"]}
    pull, penalty = _pull(optimizer, rates)
    push: dict[Tensor, Tensor] = {w: w.grad for w in weights.values() if w.grad is not None}
    if in_loss is not None:
        penalty += float(in_loss)
        for w, slope in _slopes(in_loss, dict.fromkeys([*weights.values(), *rates])):
            if w in push:
                push[w] = -slope + push[w]  # in this order, since a gradient may be sparse
            _add(pull, w, rates.get(w, 0.0) * slope)

    seen = [w for w in weights.values() if w in push and w in rates]
    norms = dict(zip(weights.values(), _norms(list(weights.values())), strict=True))
    push_norms = dict(zip(seen, _norms([push[w] for w in seen]), strict=True))
    pulled = [w for w in weights.values() if w in pull]
    pull_norms = dict(zip(pulled, _norms([pull[w] for w in pulled]), strict=True))

    found: Measures = {"weight_norm": _total(norms.values()), "penalty": penalty}
    found["gradient_norm"] = _total(push_norms.values())
    steps = _total(rates[w] * push_norms[w] for w in seen)
    found["decay_to_gradient"] = _ratio(_total(pull_norms.get(w, 0.0) for w in seen), steps)
    invariant = set(scale_invariant)
    for name, w in weights.items():
        found[f"weight_norm/{name}"] = norms[w]
        if w not in push_norms:
            continue
        step = rates[w] * push_norms[w]
        found[f"decay_to_gradient/{name}"] = _ratio(pull_norms.get(w, 0.0), step)
        found[f"relative_step/{name}"] = _ratio(step, norms[w])
        if name in invariant:
            found[f"effective_lr/{name}"] = _ratio(rates[w], norms[w] ** 2)
    # Some units of λ follow the gradients, and are not known before the first step.
    return {key: number for key, number in found.items() if not math.isnan(number)}


def _pull(
    optimizer: optim.Optimizer, rates: dict[Tensor, float]
) -> tuple[dict[Tensor, Tensor], float]:
    """What a step takes from each weight for its decay, and the sum of the penalties λ·Ω."""
    pull: dict[Tensor, Tensor] = {}
    penalty = 0.0
    for group in optimizer.param_groups:
        own = float(group.get("weight_decay") or 0.0)
        for w in group["params"] if own else ():
            pull[w] = rates[w] * own * w
            penalty += own * 0.5 * float(w.square().sum())
    for attached in attachments(optimizer):
        if attached.decay.on == "constraint":
            continue
        with torch.enable_grad():
            here = attached.penalty()
        penalty += float(here)
        moved = {name: w for name, w in attached.parameters.items() if w.requires_grad}
        if not (isinstance(here, Tensor) and here.requires_grad):
            continue
        slopes = torch.autograd.grad(here, list(moved.values()))
        for (name, w), slope in zip(moved.items(), slopes, strict=True):
            if weight_decay := attached.weight_decay(name):
                _add(pull, w, attached.amount(name) / weight_decay * slope)
    return pull, penalty


def _slopes(penalty: Tensor, weights: Iterable[Tensor]) -> list[tuple[Tensor, Tensor]]:
    """The weights that `penalty` depends on, each with its gradient by them."""
    moved = [w for w in weights if w.requires_grad]
    if not (moved and penalty.requires_grad):
        return []
    slopes = torch.autograd.grad(penalty, moved, allow_unused=True)
    return [(w, d) for w, d in zip(moved, slopes, strict=True) if d is not None]


def _add(pull: dict[Tensor, Tensor], w: Tensor, more: Tensor) -> None:
    pull[w] = pull[w] + more if w in pull else more


def _norms(tensors: Sequence[Tensor]) -> list[float]:
    """The L2 norm of each, with one transfer from the device."""
    if not tensors:
        return []
    # What a sparse tensor has at one place twice is a sum.
    entries = [t.coalesce().values() if t.is_sparse else t for t in tensors]
    found: list[float] = torch.stack(
        [torch.linalg.vector_norm(t.float()) for t in entries]
    ).tolist()
    return found


def _total(norms: Iterable[float]) -> float:
    return math.sqrt(sum(norm**2 for norm in norms))


def _ratio(over: float, under: float) -> float:
    if under:
        return over / under
    return float("inf") if over else 0.0
