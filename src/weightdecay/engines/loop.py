"""The reference engine: plain PyTorch, one member at a time.

Every other engine is measured against this one, so it is written to be read.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from weightdecay.decay import Adaptive, Attachment, Objective
from weightdecay.engines._dropout import MemberDropout, at_step, drops
from weightdecay.study import Population, Trained, Watch, put, weighted_mean

name = "loop"


def refusal(population: Population) -> None:
    """Nothing: the loop takes every population."""


def train(population: Population, progress: Callable[[int], None] = lambda epochs: None) -> Trained:
    """Train every member by itself; the contract is that of :func:`weightdecay.engines.train`."""
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        members = [_member(population, k, progress) for k in range(len(population))]
    networks, losses, diverged, stopped = zip(*members, strict=True)
    train_loss, test_loss, penalty = np.array(losses).transpose(2, 0, 1)
    return Trained(
        weights={
            name: torch.stack([network.get_parameter(name).detach() for network in networks]).cpu()
            for name in population.weights
        },
        buffers={
            name: torch.stack([network.get_buffer(name) for network in networks]).cpu()
            for name in population.buffers
        },
        train_loss=train_loss,
        test_loss=test_loss,
        penalty=penalty,
        diverged=np.array(diverged),
        stopped=np.array(stopped),
    )


def _member(
    population: Population, k: int, progress: Callable[[int], None]
) -> tuple[nn.Module, list[tuple[float, float, float]], int, int]:
    network = deepcopy(population.network)
    put(network, population, k)
    recipe, decay = population.recipe, population.decay
    weight_decay = float(population.weight_decay[k])
    trained = [w for w in network.parameters() if w.requires_grad]
    optimizer = recipe.make_optimizer(trained)
    # In the loss the penalty is a term that autograd sees; all else is what a user would attach.
    in_loss = decay.on == "loss" and not isinstance(decay.unit, Adaptive)
    objective = Objective(decay, network)
    attached: Attachment | None = None
    if weight_decay > 0 and not in_loss:
        attached = replace(decay, weight_decay=weight_decay).attach(optimizer, network)
    scheduler = recipe.scheduler(optimizer) if recipe.scheduler else None
    x, y, weight = population.x, population.y, population.sample_weight
    mean_weight = float(population.only([k]).mean_weights()[0])
    train_rows = torch.from_numpy(population.order.train[k])
    test_rows = torch.from_numpy(population.test[k])
    held_rows = torch.from_numpy(population.held[k])
    take = population.order.stream(k)
    torch.manual_seed(population.order.randomness(k))
    key = torch.tensor(population.order.randomness(k), device=x.device)
    dropping = drops(network, x[train_rows[: recipe.batch_size]])

    def data_loss(rows: Tensor, mean_weight: float) -> Tensor:
        output = network(x[rows])
        if weight is None:
            return population.loss(output, y[rows])
        return weighted_mean(population.loss, output, y[rows], weight[rows] / mean_weight)

    def measured(rows: Tensor) -> float:
        if not len(rows):
            return np.nan
        network.eval()
        with torch.no_grad():
            return float(data_loss(rows, 1.0 if weight is None else float(weight[rows].mean())))

    def randomness(step: int) -> AbstractContextManager[object]:
        return MemberDropout(at_step(key, step)) if dropping else nullcontext()

    def penalty() -> Tensor | float:
        if attached is not None and isinstance(decay.unit, Adaptive):
            return attached.penalty()
        return objective(weight_decay, steps) if weight_decay else 0.0

    def measure() -> tuple[float, float, float]:
        with torch.no_grad():
            return measured(train_rows), measured(test_rows), float(penalty())

    history = []
    diverged = stopped = step = steps = 0
    watch = Watch(recipe.stopping, 1) if recipe.stopping else None
    best = deepcopy(network.state_dict())
    for epoch in range(recipe.epochs + 1):
        if epoch and not diverged and not stopped:
            network.train()
            met = 0.0
            order = torch.from_numpy(take(1)[0].copy())
            for rows in torch.split(order, recipe.batch_size):
                step += 1
                optimizer.zero_grad()
                with randomness(step):
                    loss = data_loss(rows, mean_weight)
                if not torch.isfinite(loss):
                    diverged = epoch
                    break
                met += float(loss.detach()) * len(rows)
                total = loss + penalty() if in_loss else loss
                total.backward()  # type: ignore[no-untyped-call]
                if recipe.clip_grad_norm is not None:
                    nn.utils.clip_grad_norm_(trained, recipe.clip_grad_norm)
                optimizer.step()
                steps += 1
                if scheduler and recipe.schedule == "step":
                    scheduler.step()
            if scheduler and recipe.schedule == "epoch":
                scheduler.step()
            if watch and not diverged:
                seen = measured(held_rows) if len(held_rows) else met / len(train_rows)
                better, stop = watch.see(np.array([seen]))
                if better.item() and len(held_rows):
                    best = deepcopy(network.state_dict())
                stopped = epoch if stop.item() else 0
                if len(held_rows) and (stopped or epoch == recipe.epochs):
                    network.load_state_dict(best)
        if epoch:
            progress(1)
        if epoch in population.record:
            history.append((np.nan, np.nan, np.nan) if diverged else measure())
    return network, history, diverged, stopped
