"""What a worker of a cluster does: train one chunk."""

import pickle
import socket
import sys
from dataclasses import dataclass, replace

import torch
from numba import config

from weightdecay._versions import versions
from weightdecay.engines._faults import train_or_blame
from weightdecay.errors import InputError
from weightdecay.language import phrase, shown
from weightdecay.study import Population


@dataclass(frozen=True)
class How:
    """What tasks have in common, apart from the population."""

    engine: str
    compile: bool
    device: str
    threads: int
    paths: tuple[str, ...]
    versions: dict[str, str]


def train(shared: bytes, own: bytes, how: How) -> bytes:
    """Train a chunk: the task itself, on whatever machine of the cluster."""
    # Bytes, not objects: arrays that Ray hands out itself cannot be written to.
    here = versions()
    host = socket.gethostname()
    if other := [name for name, asked in how.versions.items() if here[name] != asked]:
        said = {"name": other[0], "there": here[other[0]], "here": how.versions[other[0]]}
        raise InputError(phrase("ray.error.versions", host=host, **said))
    sys.path[:] = [*how.paths, *(path for path in sys.path if path not in how.paths)]
    torch.set_num_threads(how.threads)
    config.NUMBA_NUM_THREADS = how.threads  # type: ignore[attr-defined]
    try:
        population: Population = replace(pickle.loads(shared), **pickle.loads(own))
    except ImportError as error:
        raise InputError(phrase("ray.error.lacks", host=host, reason=shown(error, 200))) from error
    if how.device != "cpu":
        population = population.to(how.device)
    outcome = train_or_blame(how.engine, population, lambda epochs: None, how.compile)
    return pickle.dumps(outcome)
