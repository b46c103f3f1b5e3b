"""Training steps a second of any torch module: one member in the loop engine, a stack in vmap.

    python benchmarks/vmap.py [--json] [--compile]

mlp: 64 members of a 10-64-64-1 network on 442 rows of 10 features at batch 32. cnn: 32 members of
a small convolutional network on 8 × 8 pictures at batch 32. Both with Adam and L2 in the loss. Each
engine has the number of threads at which it is faster, one or all. They run in turn, several times,
so that a machine that slows down slows both. The data are random: time does not depend on them.
Peak and plan are of a stack of 1,024 members: how far the memory of the process grew, and what the
plan allows for.

--compile measures compile=True against without it instead: steps once compiled, the seconds from an
empty cache to the first of them, and how many steps of the whole stack win these back.
"""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from functools import partial

import torch
from torch import nn

from weightdecay.decay import L2, Decay
from weightdecay.engines import loop, vmap
from weightdecay.engines._memory import bytes_per_member, members_that_fit
from weightdecay.study import Population, Problem, Recipe, Study

ROUNDS = 5


def mlp() -> nn.Module:
    """Two hidden layers."""
    return nn.Sequential(
        nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)
    )


def cnn() -> nn.Module:
    """Two convolutions of stride 2."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


def population(case: str, members: int, epochs: int) -> Population:
    """λ = 0 and 0.01, each with half the members as seeds."""
    rows = 442
    if case == "mlp":
        make, x, y, loss = mlp, torch.randn(rows, 10), torch.randn(rows, 1), "mse"
    else:
        x, y = torch.randn(rows, 1, 8, 8), torch.arange(rows) % 10
        make, loss = cnn, "cross_entropy"
    every = torch.arange(rows)
    return Study(
        problem=Problem(x, y, ((every, every[:0]),), loss),
        network=make,
        recipe=Recipe(lr=1e-3, epochs=epochs, batch_size=32),
        decay=Decay(penalty=L2()),
        weight_decay=(0.0, 0.01),
        seeds=tuple(range(members // 2)),
        record=2,
    ).plan()


def seconds_per_step(engine, this: Population) -> float:
    """Wall time of one training step of one member."""
    steps = this.recipe.epochs * -(-len(this.x) // this.recipe.batch_size)
    begun = time.perf_counter()
    engine.train(this)
    return (time.perf_counter() - begun) / (len(this) * steps)


def best_threads(engine, this: Population) -> int:
    """One or all: whichever is faster."""

    def seconds(threads: int) -> float:
        torch.set_num_threads(threads)
        return min(seconds_per_step(engine, this) for _ in range(2))

    return min((1, os.cpu_count() or 1), key=seconds)


def measure(case: str, members: int) -> dict[str, float]:
    """Both engines in turn; and what the stack took against what the plan expects."""
    torch.manual_seed(0)
    one, many = population(case, 2, 10).only([1]), population(case, members, 10)
    # Of a stack large enough to stand out from what torch loads at its first use.
    large = population(case, 1024, 1)
    vmap.train(population(case, 16, 1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    vmap.train(large)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    loop.train(one)
    threads = {engine: best_threads(engine, this) for engine, this in ((loop, one), (vmap, many))}
    pairs = []
    for _ in range(ROUNDS):
        pair = []
        for engine, this in ((loop, one), (vmap, many)):
            torch.set_num_threads(threads[engine])
            pair.append(seconds_per_step(engine, this))
        pairs.append(pair)
    slow, fast = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "ratio": statistics.median(a / b for a, b in pairs),
        "loop_seconds": slow,
        "vmap_seconds": fast,
        "peak_bytes": grown * 1024,
        "planned_bytes": bytes_per_member(large) * members_that_fit(large),
    }


def measure_compiled(case: str, members: int) -> dict[str, float]:
    """Steps of the whole stack without and with compile=True, in turn, on one thread."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    short, long = population(case, members, 1), population(case, members, 41)
    steps = 40 * -(-len(short.x) // short.recipe.batch_size)

    def seconds(train, this: Population) -> float:
        begun = time.perf_counter()
        train(this)
        return time.perf_counter() - begun

    plain, compiled = vmap.train, partial(vmap.train, compile=True)
    seconds(plain, short)
    # The probe compiles; what it has compiled is found again by the training, not for nothing.
    compiling = seconds(partial(vmap.refusal, compile=True), short) + seconds(compiled, short)
    # What a training takes before its first step, tracing above all, is in both and falls out.
    pairs = [
        [(seconds(train, long) - seconds(train, short)) / steps for train in (plain, compiled)]
        for _ in range(ROUNDS)
    ]
    slow, fast = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "ratio": statistics.median(a / b for a, b in pairs),
        "plain_seconds": slow,
        "compiled_seconds": fast,
        "compile_seconds": compiling,
        "steps_to_win_back": compiling / (slow - fast) if slow > fast else float("inf"),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--compile", action="store_true", help="measure compile=True")
    asked = parser.parse_args()
    cases = (("mlp", 64), ("cnn", 32))
    if asked.compile:
        with tempfile.TemporaryDirectory() as empty:
            os.environ["TORCHINDUCTOR_CACHE_DIR"] = empty
            found = {case: measure_compiled(case, members) for case, members in cases}
    else:
        found = {case: measure(case, members) for case, members in cases}
    if asked.json:
        print(json.dumps({"ratio": {c: f["ratio"] for c, f in found.items()}, "cases": found}))
    elif asked.compile:
        print(f"{'case':6}{'vmap, a step':>16}{'compiled':>12}{'ratio':>8}", end="")
        print(f"{'to compile':>13}{'won back after':>16}")
        for case, f in found.items():
            plain, compiled = (f[name] * 1e3 for name in ("plain_seconds", "compiled_seconds"))
            print(
                f"{case:6}{plain:>13.2f} ms{compiled:>9.2f} ms"
                f"{f['ratio']:>8.2f}{f['compile_seconds']:>11.1f} s"
                f"{f['steps_to_win_back']:>10,.0f} steps"
            )
    else:
        print(f"{'case':6}{'loop, a step':>16}{'vmap, a member-step':>22}", end="")
        print(f"{'ratio':>8}{'peak':>10}{'plan':>10}")
        for case, f in found.items():
            print(
                f"{case:6}{f['loop_seconds'] * 1e6:>13,.0f} µs{f['vmap_seconds'] * 1e6:>19,.1f} µs"
                f"{f['ratio']:>8.1f}{f['peak_bytes'] / 2**20:>6,.0f} MiB"
                f"{f['planned_bytes'] / 2**20:>6,.0f} MiB"
            )


if __name__ == "__main__":
    main()
