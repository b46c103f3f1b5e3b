"""Networks that do in a worker what a test needs; importable there, unlike a test module."""

import os
import signal
import time
from pathlib import Path

import torch
from torch import Tensor, nn


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(30, 8), nn.Tanh(), nn.Linear(8, 1))
        # As the seed draws it: so a member can tell its own.
        self.register_buffer("mark", torch.rand(()))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            self.meet(x)
        return self.layers(x)

    def meet(self, x: Tensor) -> None:
        """Do what is to be done where rows are learnt."""


class Raising(Plain):
    """Raises for the members that have one mark and learn from one row; or for all.

    Until what is around it is mended: other code would be another study.
    """

    def __init__(self, mark: float | None, row: Tensor) -> None:
        super().__init__()
        self.raising, self.row = mark, row

    def meet(self, x: Tensor) -> None:
        mine = self.raising is None or float(self.mark) == self.raising
        if "MENDED" not in os.environ and mine and (x == self.row).all(dim=1).any():
            raise ArithmeticError("row 20 \x1b[31m is not to be learnt")


class InCompany(Plain):
    """Raises where there was a member before it: no member is to blame."""

    met: float | None = None

    def meet(self, x: Tensor) -> None:
        before, InCompany.met = InCompany.met, float(self.mark)
        if before not in (None, float(self.mark)):
            raise ArithmeticError("crowded")


class Killing(Plain):
    """Kills its worker in the midst of a chunk, as often as there are files to be taken away."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.place, self.driver, self.steps = place, os.getpid(), 0

    def meet(self, x: Tensor) -> None:
        self.steps += 1
        if os.getpid() == self.driver or self.steps < 3:
            return
        for file in self.place.iterdir():
            file.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


class Telling(Plain):
    """Leaves a file with the name of its node; once there is one called joined, waits for two."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.place, self.driver = place, os.getpid()

    def meet(self, x: Tensor) -> None:
        if os.getpid() == self.driver:
            return
        import ray

        (self.place / ray.get_runtime_context().get_node_id()).touch()
        end = time.monotonic() + 120
        while (self.place / "joined").exists() and time.monotonic() < end:
            if len(list(self.place.iterdir())) == 3:
                return
            time.sleep(0.1)


def mark_of(seed: int) -> float:
    """Return the mark that a network has which `seed` draws."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return float(Plain().mark)
