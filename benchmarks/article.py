"""Training steps a second on the article's network: one in the loop engine, a population in lanes.

    python benchmarks/article.py [--json]

Both engines run in turn, several times, so that a machine that slows down slows both. A step is
one row, one forward and backward pass, one step of Adam, with L2 in the loss; both times hold the
measuring of the losses before and after. lanes uses all cores, the loop one: a single network of
this size gains nothing from more.
"""

import argparse
import json
import statistics
import time
from dataclasses import replace

import torch

from weightdecay.decay import L2, Decay
from weightdecay.engines import lanes, loop
from weightdecay.reference.article import _experiment as experiment
from weightdecay.study import Population, Study

ROUNDS = 5


def population(lambdas: int, seeds: int, epochs: int) -> Population:
    """Return λs × seeds members of the article's protocol, with fewer epochs."""
    return Study(
        problem=experiment.problem(),
        network=experiment.network,
        recipe=replace(experiment.RECIPE, epochs=epochs),
        decay=Decay(penalty=L2(), on="loss"),
        weight_decay=(0.0, *(1e-4 * 1.3**k for k in range(1, lambdas))),
        seeds=tuple(range(seeds)),
        record=2,
    ).plan()


def seconds_per_step(engine, members: Population) -> float:
    """Wall time of one training step of one member."""
    rows = len(members.order.train[0])
    begun = time.perf_counter()
    engine.train(members)
    return (time.perf_counter() - begun) / (len(members) * members.recipe.epochs * rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    torch.set_num_threads(1)
    one, many = population(2, 1, 300).only([1]), population(16, 200, 1000)
    for engine, warm_up in ((loop, population(1, 1, 5)), (lanes, population(2, 16, 2))):
        engine.train(warm_up)  # compiles, or reads what was compiled
    pairs = [(seconds_per_step(loop, one), seconds_per_step(lanes, many)) for _ in range(ROUNDS)]
    ratio = statistics.median(slow / fast for slow, fast in pairs)
    slow, fast = (statistics.median(column) for column in zip(*pairs, strict=True))
    if as_json:
        print(json.dumps({"ratio": ratio, "loop_seconds": slow, "lanes_seconds": fast}))
        return
    print(f"{'engine':8}{'networks':>10}{'time a member-step':>22}{'steps a second':>18}")
    print(f"{'loop':8}{len(one):>10}{slow * 1e9:>19,.0f} ns{1 / slow:>18,.0f}")
    print(f"{'lanes':8}{len(many):>10}{fast * 1e9:>19,.1f} ns{1 / fast:>18,.0f}")
    print(f"\nratio (median of {ROUNDS} pairs): {ratio:,.0f}")


if __name__ == "__main__":
    main()
