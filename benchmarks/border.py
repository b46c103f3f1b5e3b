"""From which size on vmap trains a stack of linear layers faster than lanes.

    python benchmarks/border.py [--json] [--rounds N]

A 64-H-H-10 network with cross-entropy and Adam, 32 members of 16 λs and two seeds, on random rows:
time does not depend on them. Each cell is vmap's time of a member-step over that of lanes, so above
1 lanes is the faster. vmap has the number of threads at which it is faster, one or all; lanes has
all. The engines take turns, and the median over the rounds is printed.
"""

import argparse
import json
import os
import statistics
import time

import torch
from torch import nn

from weightdecay.decay import Decay
from weightdecay.engines import lanes, vmap
from weightdecay.study import Population, Problem, Recipe, Study

HIDDEN = (16, 64, 256, 512)
BATCHES = (32, 256)
STEPS = 8


def network(hidden: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(),
        nn.Linear(hidden, 10),
    )  # fmt: skip


def numbers(hidden: int) -> int:
    return sum(p.numel() for p in network(hidden).parameters())


def population(hidden: int, batch: int, epochs: int) -> Population:
    """Members that train for `epochs` epochs of `STEPS` steps."""
    rows = torch.arange(batch * STEPS)
    x = torch.randn(len(rows), 64, generator=torch.Generator().manual_seed(0))
    return Study(
        problem=Problem(x, rows % 10, ((rows, rows[:0]),), "cross_entropy"),
        network=lambda: network(hidden),
        recipe=Recipe(lr=1e-3, epochs=epochs, batch_size=batch),
        decay=Decay(),
        weight_decay=(0.0, *(1e-5 * 2.0**k for k in range(15))),
        seeds=(0, 1),
        record=2,
    ).plan()


def seconds_per_step(engine, hidden: int, batch: int, threads: int) -> float:
    """Seconds of a member-step: what more epochs take than one does, over their steps."""
    torch.set_num_threads(threads)
    taken = []
    more = max(2, 100_000 // numbers(hidden))
    for epochs in (1, 1 + more):
        this = population(hidden, batch, epochs)
        begun = time.perf_counter()
        engine.train(this)
        taken.append(time.perf_counter() - begun)
    return (taken[1] - taken[0]) / (more * STEPS * len(this))


def measure(hidden: int, batch: int, rounds: int) -> dict[str, float]:
    """Both engines in turn."""
    cores = os.cpu_count() or 1
    threads = min((1, cores), key=lambda n: seconds_per_step(vmap, hidden, batch, n))
    lanes.train(population(hidden, batch, 1))  # compiles, or reads what was compiled
    pairs = [
        (
            seconds_per_step(lanes, hidden, batch, cores),
            seconds_per_step(vmap, hidden, batch, threads),
        )
        for _ in range(rounds)
    ]
    by_lanes, by_vmap = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "hidden": hidden,
        "batch": batch,
        "numbers": numbers(hidden),
        "lanes_seconds": by_lanes,
        "vmap_seconds": by_vmap,
        "ratio": by_vmap / by_lanes,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    found = [measure(h, b, asked.rounds) for h in HIDDEN for b in BATCHES]
    if asked.json:
        print(json.dumps({"cases": found}))
        return
    print(f"{'H':>5}{'batch':>7}{'numbers':>10}{'lanes':>14}{'vmap':>14}{'ratio':>8}")
    for f in found:
        print(
            f"{f['hidden']:>5}{f['batch']:>7}{f['numbers']:>10,}"
            f"{f['lanes_seconds'] * 1e6:>11,.0f} µs{f['vmap_seconds'] * 1e6:>11,.0f} µs"
            f"{f['ratio']:>8.2f}"
        )


if __name__ == "__main__":
    main()
