"""Leave things as they were found, whatever code of the user's runs in between."""

import copy
import random
import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import nn

Module = TypeVar("Module", bound=nn.Module)


@contextmanager
def random_numbers_kept() -> Iterator[None]:
    """Put torch's, Python's and NumPy's random numbers back afterwards."""
    python = random.getstate()
    # Without NumPy in use nobody can have drawn from it.
    numpy = sys.modules.get("numpy")
    drawn = None if numpy is None else numpy.random.get_state()
    try:
        with torch.random.fork_rng(devices=_devices()):
            yield
    finally:
        random.setstate(python)
        if numpy is not None:
            numpy.random.set_state(drawn)


def seed() -> None:
    """Start torch's random numbers anew; ``torch.manual_seed`` would reach a later CUDA start."""
    torch.default_generator.manual_seed(0)
    if _devices():
        torch.cuda.manual_seed_all(0)


def _devices() -> list[int]:
    started = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    return list(range(torch.cuda.device_count())) if started else []


@contextmanager
def preserved(model: nn.Module) -> Iterator[None]:
    """Put back parameters, buffers, gradients, modes and random numbers afterwards, bit for bit.

    Values are put back in place (through ``.data``, which counts no version): aliases of a tensor
    and graphs that wait for their backward pass stay valid.
    """
    values = [(t, t.detach().clone()) for t in (*model.parameters(), *model.buffers())]
    gradients = [
        (p, p.grad, None if p.grad is None else p.grad.detach().clone()) for p in model.parameters()
    ]
    modes = [(module, module.training) for module in model.modules()]
    try:
        with random_numbers_kept():
            yield
    finally:
        for tensor, value in values:
            tensor.data.copy_(value)
        for parameter, gradient, kept in gradients:
            parameter.grad = gradient
            if gradient is not None and kept is not None:
                gradient.data.copy_(kept)
        for module, training in modes:
            module.training = training


def double(module: Module) -> Module:
    """A copy that shares the parameters and has no hooks: what it does to itself stays in it.

    Raises
    ------
    Exception
        Whatever the copying of the user's attributes raises: modules may hold locks and files.
    """
    shared = {id(p): p for p in module.parameters()}
    hooks: dict[int, OrderedDict[object, object]] = {
        id(value): OrderedDict()  # hooks may hold a whole trainer
        for each in module.modules()
        for name, value in vars(each).items()
        if name.endswith("_hooks") and isinstance(value, dict)
    }
    return copy.deepcopy(module, {**shared, **hooks})
