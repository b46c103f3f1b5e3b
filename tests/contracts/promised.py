"""Which engines stop early and weigh rows as the loop does, on what, and how closely."""

from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
import torch
from models import MODELS
from test_vmap_equals_loop import OPTIMIZERS
from torch import Tensor

from weightdecay.decay import Coupling, Decay
from weightdecay.engines import lanes, loop, vmap
from weightdecay.study import Population, Problem, Recipe, Stopping, Study, Trained


@dataclass(frozen=True)
class Promise:
    """An engine, how near to the loop it is, and what it takes; `beyond`: clipping, schedulers."""

    engine: ModuleType
    relative: float
    models: tuple[str, ...] = tuple(MODELS)
    couplings: tuple[Coupling, ...] = ("loss", "step", "prox")
    optimizers: tuple[str, ...] = tuple(OPTIMIZERS)
    beyond: bool = True


PROMISES = {
    "vmap": Promise(vmap, 1e-10),
    "lanes": Promise(
        lanes,
        1e-9,
        models=("mlp", "huber", "binary"),
        optimizers=("sgd", "momentum", "adam"),
    ),
}

#: How much the rows of the models count: one not at all, one twelve times.
WEIGHT = torch.tensor([1.0, 0.5, 2, 3, 0, 1, 0.25, 4, 1, 2, 0.5, 12, 1, 3], dtype=torch.float64)

#: Of the members: λ slowest, then seed, then fold.
PATH = (0.0, 0.01, 0.1)


def population(
    model: str,
    recipe: Recipe,
    decay: Decay,
    *,
    stopping: Stopping | None = None,
    weighted: bool = False,
    epochs: int = 16,
    seeds: int = 2,
) -> Population:
    """3 λs × `seeds` × 2 folds of 11 rows, in steps of 3 rows and what is left."""
    case = MODELS[model]
    rows = torch.arange(14)
    return Study(
        problem=Problem(
            case.x,
            case.y,
            ((rows[:11], rows[11:]), (rows[3:], rows[:3])),
            case.loss,
            WEIGHT if weighted else None,
        ),
        network=lambda: case.make().double(),
        recipe=replace(recipe, epochs=epochs, batch_size=3, stopping=stopping),
        decay=decay,
        weight_decay=PATH,
        seeds=tuple(range(seeds)),
        record=6,
    ).plan()


def with_a_lost_member(this: Population, k: int) -> Population:
    """Member `k` with a λ that blows its weights up: in the loss by SGD, on the step by any.

    Where a normalisation stands, with an infinite bias instead: what its variance does when it
    overflows before the loss does is another thing in every kernel, and on every processor.
    """
    norms = torch.nn.BatchNorm2d | torch.nn.LayerNorm
    if any(isinstance(module, norms) for module in this.network.modules()):
        weights = {name: w.clone() for name, w in this.weights.items()}
        weights["head.bias" if "head.bias" in weights else "5.bias"][k] = torch.inf
        return replace(this, weights=weights)
    weight_decay = this.weight_decay.copy()
    weight_decay[k] = 1e60
    return replace(this, weight_decay=weight_decay)


def assert_as_promised(promise: Promise, this: Population) -> Trained:
    """Every member of the engine's within what it promises of the loop's, which is returned."""
    assert promise.engine.refusal(this) is None
    expected = loop.train(this)
    assert_same(promise.engine.train(this), expected, promise.relative)
    return expected


def assert_same(found: Trained, expected: Trained, relative: float) -> None:
    """Each member by itself, within `relative` of its own largest number."""
    np.testing.assert_array_equal(found.diverged, expected.diverged)
    np.testing.assert_array_equal(found.stopped, expected.stopped)
    for parts, oracles in ((found.weights, expected.weights), (found.buffers, expected.buffers)):
        assert parts.keys() == oracles.keys()
        if oracles:
            mine = _flat([parts[name] for name in oracles])
            theirs = _flat([oracles[name] for name in oracles])
            scale = theirs.nan_to_num(0, 0, 0).abs().amax(dim=1, keepdim=True).clamp(min=1e-300)
            torch.testing.assert_close(
                mine / scale, theirs / scale, rtol=0, atol=relative, equal_nan=True
            )
    for name in ("train_loss", "test_loss", "penalty"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=relative, atol=1e-12, err_msg=name
        )


def _flat(stacks: list[Tensor]) -> Tensor:
    return torch.cat([stack.double().reshape(len(stack), -1) for stack in stacks], dim=1)
