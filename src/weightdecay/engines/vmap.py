"""Any torch module, a stack of members at a time: ``torch.vmap`` over parameters [K, ...].

With ``compile=True`` the gradient of a step is one graph of ``torch.compile``: of full batches, and
not of evaluation, so that a chunk needs one graph, or two where its members share their rows in
some steps. A step takes about two thirds of its time on a CPU, and a graph ten seconds or more.
"""

import warnings
from collections.abc import Callable

import numpy as np
import torch

from weightdecay.engines._chunk import train_chunk
from weightdecay.engines._compiled import why
from weightdecay.engines._memory import members_that_fit
from weightdecay.engines._plain import beyond_plain
from weightdecay.engines._running import named
from weightdecay.engines._stack import Stack
from weightdecay.language import Phrase, first_line, phrase
from weightdecay.study import Population, Trained, gathered

name = "vmap"


def refusal(population: Population, compile: bool = False) -> Phrase | str | None:
    """Say which module vmap cannot take and why, or return None.

    One step of two members tells; with `compile`, then the first steps of the first chunk as well.
    """
    if more := beyond_plain(population.decay):
        return more
    for path, module in population.network.named_modules():
        if module._backward_hooks or module._backward_pre_hooks:  # vmap would pass them by
            return phrase("engine.refusal.backward_hook", where=named(path, module))
    two = population.only([0, 0])
    rows = two.order.train[0][: population.recipe.batch_size]
    running: list[str] = []
    stack = Stack(two, np.arange(2), running)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*performance drop.*")
            stack.differentiate(np.stack([rows, rows[::-1]]))
            stack.move()
            stack.losses([rows, rows])
    except Exception as error:  # torch's own, or whatever the user's network raises
        reason = first_line(error)
        where = _innermost(population, running) or phrase("engine.module.loss")
        return phrase("engine.refusal.raises", where=where, reason=reason)
    return _refusal_to_compile(population) if compile else None


def _refusal_to_compile(population: Population) -> str | None:
    """As :func:`refusal`, of ``torch.compile``."""
    # As in training, so that torch finds in its cache there what it has compiled here.
    members = next(population.chunks(members_that_fit(population)))
    rows = np.stack([population.order.stream(k)(1)[0] for k in members.tolist()])
    rows = rows[:, : population.recipe.batch_size]
    running: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, of its own code and of what it cannot take
        try:
            stack = Stack(population, members, running, compile=True)
            stack.differentiate(rows)
            stack.move()
        except RuntimeError as error:
            where = _innermost(population, running)
            return why(error, str(where or "the loss, or the network as a whole"))
        try:
            with torch.compiler.set_stance("fail_on_recompile"):
                stack.differentiate(rows)
        except RuntimeError:
            return "the network does not do the same at every step, and each would be compiled anew"
    return None


def _innermost(population: Population, running: list[str]) -> Phrase | None:
    """Name the last of the modules that were running, if any was."""
    if not running:
        return None
    return named(running[-1], population.network.get_submodule(running[-1]))


def train(
    population: Population,
    progress: Callable[[int], None] = lambda epochs: None,
    compile: bool = False,
) -> Trained:
    """Train in chunks that fit; the contract is that of :func:`weightdecay.engines.train`."""
    chunks = population.chunks(members_that_fit(population))
    return gathered(
        population,
        ((members, train_chunk(population, members, progress, compile)) for members in chunks),
    )
