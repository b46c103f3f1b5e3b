"""Recipe and decay as the machine code wants them: numbers, and what lanes cannot take of them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from weightdecay.decay import Adaptive, Corrected, amount_per_lambda
from weightdecay.engines.lanes import kernel, losses, optimizers, penalties
from weightdecay.language import Phrase, phrase, shown
from weightdecay.study import Population

# What each optimizer may be given in recipe.options; lanes refuses the rest.
_OPTIONS = {
    "sgd": {"momentum", "nesterov"},
    "adam": {"betas", "eps"},
    "adamw": {"betas", "eps"},
}

_COUPLINGS = {
    "loss": penalties.IN_LOSS,
    "step": penalties.ON_STEP,
    "prox": penalties.BY_PROX,
}


def refusal(population: Population) -> Phrase | None:
    """Say what of recipe, loss and decay lanes cannot take; None if it takes them."""
    recipe, decay = population.recipe, population.decay
    if recipe.optimizer not in _OPTIONS:
        return phrase("engine.refusal.optimizer", name=recipe.optimizer)
    if foreign := sorted(set(recipe.options) - _OPTIONS[recipe.optimizer]):
        said = {"optimizer": recipe.optimizer, "option": foreign[0]}
        return phrase("engine.refusal.option", **said)
    if losses.code(population.loss) is None:
        return phrase("engine.refusal.own_loss")
    if decay.on not in _COUPLINGS:
        return phrase("engine.refusal.coupling", on=decay.on)
    if penalties.code(decay.penalty) is None:
        return phrase("engine.refusal.penalty", name=type(decay.penalty).__name__)
    if decay.mask == "cautious" and penalties.code(decay.penalty) == (penalties.NORM, 0.0):
        return phrase("engine.refusal.cautious_norm")
    if isinstance(decay.unit, Adaptive | Corrected) or decay.unit == "stable":
        return phrase("engine.refusal.unit", unit=decay.unit)
    if recipe.scheduler is None:
        return None
    try:
        moved = _moves_momentum(population)
    except Exception as error:  # of the user's scheduler: what takes it instead says of whom
        where = phrase("engine.module.scheduler")
        return phrase("engine.refusal.raises", where=where, reason=shown(error, 200))
    return phrase("engine.refusal.momentum") if moved else None


def rule(population: Population) -> kernel.Rule:
    """Return recipe and decay in numbers, of a population that is not refused."""
    recipe, options, decay = population.recipe, population.recipe.options, population.decay
    adam = recipe.optimizer != "sgd"
    penalty, loss = penalties.code(decay.penalty), losses.code(population.loss)
    assert penalty is not None
    assert loss is not None
    beta1, beta2 = options.get("betas", (0.9, 0.999))
    cautious = decay.mask == "cautious"
    return kernel.Rule(
        optimizer=optimizers.ADAM if adam else optimizers.SGD,
        momentum=float(beta1 if adam else options.get("momentum", 0.0)),
        beta2=float(beta2),
        eps=float(options.get("eps", 1e-8)),
        nesterov=bool(options.get("nesterov", False)),
        batch_size=int(recipe.batch_size),
        largest=float(recipe.clip_grad_norm or 0.0),
        loss=loss,
        penalty=penalty[0],
        constant=penalty[1],
        coupling=penalties.CAUTIOUS if cautious else _COUPLINGS[decay.on],
    )


def pace(
    population: Population, steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return learning rates [E, steps], what multiplies λ in each step, and after each epoch.

    The first multiplies ∂Ω: the amount of a step, or what is added to the gradient. The second,
    [E + 1] from the start on, multiplies Ω. Found by stepping torch's own scheduler with an
    optimizer that has nothing to do.
    """
    recipe, decay = population.recipe, population.decay
    shape = (recipe.epochs, steps)
    factors = np.ones(recipe.epochs * steps + 1)
    if decay.schedule is not None:
        factors = np.array([float(decay.schedule(t)) for t in range(len(factors))])
    first = next(_groups(population, 1))
    rates = np.full(shape, recipe.lr)
    per_lambda = np.full(shape, float(amount_per_lambda(decay.unit, first, False, recipe.lr, 1.0)))
    if recipe.scheduler is not None:
        groups = list(_groups(population, steps))
        rates = np.array([float(group["lr"]) for group in groups]).reshape(shape)
        per_lambda = np.array(
            [float(amount_per_lambda(decay.unit, g, False, recipe.lr, 1.0)) for g in groups]
        ).reshape(shape)
    if decay.on == "loss":
        per_lambda = np.ones(shape)
    return rates, per_lambda * factors[:-1].reshape(shape), factors[::steps].copy()


def _groups(population: Population, steps: int) -> Iterator[dict[str, Any]]:
    """The parameter group at every step of training, as a scheduler leaves it."""
    recipe = population.recipe
    optimizer = recipe.make_optimizer([nn.Parameter(torch.zeros(1))])
    scheduler = recipe.scheduler(optimizer) if recipe.scheduler else None
    for _ in range(recipe.epochs):
        for _ in range(steps):
            yield dict(optimizer.param_groups[0])
            optimizer.step()
            if scheduler and recipe.schedule == "step":
                scheduler.step()
        if scheduler and recipe.schedule == "epoch":
            scheduler.step()


def _moves_momentum(population: Population) -> bool:
    steps = -(-len(population.order.train[0]) // population.recipe.batch_size)
    moved = {(group.get("momentum"), group.get("betas")) for group in _groups(population, steps)}
    return len(moved) > 1
