"""Small networks at machine speed: 16 members (8 in float64) to a vector register.

For networks that a loop of Python wastes. The members of a block lie side by side, so that one
instruction moves 16 of them; a block's numbers stay in the processor's cache for all its steps;
threads take blocks. What a member becomes does not depend on its neighbours: every operation is
lane by lane.
"""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from weightdecay.decay import selected
from weightdecay.engines._plain import beyond_plain
from weightdecay.engines.lanes import kernel, optimizers, penalties
from weightdecay.engines.lanes.layout import Network, aligned, block, read
from weightdecay.engines.lanes.vector import BYTES
from weightdecay.study import LOSSES, Population, Trained

name = "lanes"

# What each optimizer may be given in recipe.options; lanes refuses the rest.
_OPTIONS = {
    "sgd": {"momentum", "nesterov"},
    "adam": {"betas", "eps"},
    "adamw": {"betas", "eps"},
}


def refusal(population: Population) -> str | None:
    """Say why lanes cannot take `population`, or return None if it can."""
    recipe, decay = population.recipe, population.decay
    if recipe.optimizer not in _OPTIONS:
        return f"the optimizer {recipe.optimizer}"
    if recipe.scheduler is not None:
        return "a learning-rate scheduler"
    if recipe.clip_grad_norm is not None:
        return "clipped gradients"
    if decay.on == "prox":
        return "a proximal decay"
    if more := beyond_plain(decay):
        return more
    if recipe.stopping is not None:
        return "early stopping"
    if population.sample_weight is not None:
        return "sample weights"
    if population.loss is not LOSSES["mse"]:
        return "a loss other than the mean squared error"
    found = read(population.network, selected(population.network, decay.select))
    if isinstance(found, str):
        return found
    if foreign := sorted(set(recipe.options) - _OPTIONS[recipe.optimizer]):
        return f"{recipe.optimizer} with the option {foreign[0]!r}"
    if penalties.code(decay.penalty) is None:
        return f"the penalty {type(decay.penalty).__name__}"
    if population.x.dtype not in (torch.float32, torch.float64):
        return f"numbers of type {population.x.dtype}"
    if population.x.device.type != "cpu":
        return f"data on {population.x.device}"
    return None


def train(population: Population, progress: Callable[[int], None] = lambda epochs: None) -> Trained:
    """Train all members; the contract is that of :func:`weightdecay.engines.train`."""
    network = read(population.network, selected(population.network, population.decay.select))
    assert isinstance(network, Network)
    flat = torch.cat([w.flatten(1) for w in population.weights.values()], dim=1).numpy()
    width = BYTES // flat.itemsize
    blocks = list(population.chunks(width))
    with ThreadPoolExecutor(_cores()) as threads:
        jobs = [
            threads.submit(_train_block, population, network, flat, members, width, progress)
            for members in blocks
        ]
        try:
            done = [job.result() for job in jobs]
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    members = np.concatenate(blocks)
    place = np.argsort(members)
    weights, losses, diverged = (np.concatenate(part)[place] for part in zip(*done, strict=True))
    train_loss, test_loss, penalty = np.moveaxis(losses, -1, 0)
    stops = np.cumsum([w[0].numel() for w in population.weights.values()])[:-1].tolist()
    return Trained(
        weights={
            name: part.reshape(w.shape)
            for (name, w), part in zip(
                population.weights.items(),
                torch.from_numpy(weights).tensor_split(stops, dim=1),
                strict=True,
            )
        },
        buffers={},
        train_loss=train_loss,
        test_loss=test_loss,
        penalty=penalty,
        diverged=diverged,
        stopped=np.zeros(len(members), np.int64),
    )


def _train_block(
    population: Population,
    network: Network,
    flat: NDArray[np.floating],
    members: NDArray[np.int64],
    width: int,
    progress: Callable[[int], None],
) -> tuple[NDArray[np.floating], NDArray[np.float64], NDArray[np.int64]]:
    """Return final numbers [k, n], losses [k, E, 3] and epochs of divergence [k] of `members`."""
    run, measure = _machine_code()
    # An unfilled block repeats its last member: idle lanes must hold numbers like any other.
    lanes = np.pad(members, (0, width - len(members)), mode="edge")
    state = block(network, flat[lanes].T, population.weight_decay[lanes])
    rule = _rule(population)
    x, y = map(np.ascontiguousarray, (population.x.numpy(), population.y.numpy()))
    takes = [population.order.stream(int(k)) for k in lanes]
    train_rows = _side_by_side([population.order.train[k][None] for k in lanes])
    test_rows = _side_by_side([population.test[k][None] for k in lanes])
    history = np.full((len(population.record), 3, width), np.nan)
    scratch = aligned((3, width), state.target.dtype)
    epoch = 0
    for due, losses in zip(population.record, history, strict=True):
        if due > epoch:
            order = _side_by_side([take(due - epoch) for take in takes])
            run(network, rule, state, x, y, order, epoch + 1)
            progress((due - epoch) * len(members))
            epoch = due
        measure(network, rule, state, x, y, train_rows, test_rows, scratch)
        losses[:] = np.where(state.diverged == 0, scratch, np.nan)
    if not test_rows.size:
        history[:, 1] = np.nan
    final = np.where(state.diverged == 0, state.weights, state.kept)
    k = len(members)
    return final.T[:k], history.transpose(2, 0, 1)[:k], state.diverged[0, :k]


def _side_by_side(rows: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Lay W arrays [E, n] out as [E, n, W], in C order: another order would be compiled anew."""
    return np.ascontiguousarray(np.stack(rows, axis=-1))


def _rule(population: Population) -> kernel.Rule:
    recipe, options = population.recipe, population.recipe.options
    adam = recipe.optimizer != "sgd"
    penalty = penalties.code(population.decay.penalty)
    assert penalty is not None
    beta1, beta2 = options.get("betas", (0.9, 0.999))
    return kernel.Rule(
        optimizer=optimizers.ADAM if adam else optimizers.SGD,
        lr=float(recipe.lr),
        momentum=float(beta1 if adam else options.get("momentum", 0.0)),
        beta2=float(beta2),
        eps=float(options.get("eps", 1e-8)),
        nesterov=bool(options.get("nesterov", False)),
        batch_size=int(recipe.batch_size),
        penalty=penalty,
        on_step=population.decay.on == "step",
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _machine_code() -> Any:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).digest()
    return kernel.compile_for(int.from_bytes(digest[:7]))
