"""Small networks at machine speed: 16 members (8 in float64) to a vector register.

For networks that a loop of Python wastes. The members of a block lie side by side, so that one
instruction moves 16 of them; a block's numbers stay in the processor's cache for all its steps;
threads take blocks. What a member becomes does not depend on its neighbours: every operation is
lane by lane.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from numba import config

from weightdecay.engines.lanes import rule
from weightdecay.engines.lanes.crew import Crew, Outcome
from weightdecay.engines.lanes.team import described, team
from weightdecay.engines.lanes.vector import BYTES
from weightdecay.language import Phrase, phrase
from weightdecay.study import Population, Trained

name = "lanes"

#: Blocks of a crew, where members may stop early: the more, the better they close up.
BLOCKS = 8


def refusal(population: Population) -> Phrase | None:
    """Say why lanes cannot take `population`, or return None if it can."""
    if population.x.dtype not in (torch.float32, torch.float64):
        return phrase("engine.refusal.dtype", kind=population.x.dtype)
    if population.x.device.type != "cpu":
        return phrase("engine.refusal.device", device=population.x.device)
    if why := rule.refusal(population):
        return why
    found = described(population)
    return found if isinstance(found, Phrase) else None


def train(population: Population, progress: Callable[[int], None] = lambda epochs: None) -> Trained:
    """Train all members; the contract is that of :func:`weightdecay.engines.train`."""
    everyone = team(population)
    width = BYTES // everyone.flat.itemsize
    threads, blocks = _cores(), 1
    if population.recipe.stopping:
        blocks = min(BLOCKS, -(-len(population) // (width * threads)))
    crews = list(population.chunks(width * blocks))

    def trained(members: np.ndarray) -> Outcome:
        return Crew(population, everyone, members, progress).train()

    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(trained, members) for members in crews]
        try:
            done = [job.result() for job in jobs]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    place = np.argsort(np.concatenate(crews))
    outcome = Outcome(*(np.concatenate(part)[place] for part in zip(*done, strict=True)))
    train_loss, test_loss, penalty = np.moveaxis(outcome.losses, -1, 0)
    stops = np.cumsum([w[0].numel() for w in population.weights.values()])[:-1].tolist()
    parts = torch.from_numpy(outcome.weights).tensor_split(stops, dim=1)
    return Trained(
        weights={
            name: part.reshape(w.shape)
            for (name, w), part in zip(population.weights.items(), parts, strict=True)
        },
        buffers={},
        train_loss=train_loss,
        test_loss=test_loss,
        penalty=penalty,
        diverged=outcome.diverged,
        stopped=outcome.stopped,
    )


def _cores() -> int:
    """Return Numba's number of threads: all cores that this process may use, or what it is told."""
    cores: int = config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
    return cores
