"""How time and memory grow with members, rows and workers.

    python benchmarks/scale.py [--members 100 1000 ...] [--rows 100 1000 ...] [--workers 1 2]
                               [--figure FILE.png] [--json]

Every case is a process of its own, so that its peak of memory is its own; what it takes before it
plans (torch and the rest, imported and compiled) is told apart.

members
    The article's network and protocol for 300 epochs: five λs with as many seeds as it takes, each
    kept in a run folder in chunks of the default size. "a chunk's keep" is what the driver does for
    a chunk beside training it: cutting it out, serialising, checksum, two synced writes.
rows
    A network of 10-32-1 for 3 epochs in batches of 100: 16 members, a fifth of the rows held out.
workers
    4,000 of those members on a local Ray cluster of as many processors, one for each chunk.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

MEMBERS = (100, 1_000, 10_000, 100_000)
ROWS = (100, 1_000, 10_000, 100_000, 1_000_000)
WORKERS = (1, 2)
EPOCHS = 300
LAMBDAS = (0.0, 1e-3, 1e-2, 0.1, 1.0)
ON_WORKERS = 4_000


def article(members: int) -> Any:
    from weightdecay.decay import L2, Decay
    from weightdecay.reference.article import _experiment as experiment
    from weightdecay.study import Study

    return Study(
        problem=experiment.problem(),
        network=experiment.network,
        recipe=replace(experiment.RECIPE, epochs=EPOCHS),
        decay=Decay(penalty=L2(), on="loss"),
        weight_decay=LAMBDAS,
        seeds=tuple(range(members // len(LAMBDAS))),
    )


def table(rows: int) -> Any:
    import torch
    from torch import nn

    from weightdecay.decay import Decay
    from weightdecay.study import Problem, Recipe, Study, splits

    draw = torch.Generator().manual_seed(0)
    x = torch.randn(rows, 10, generator=draw)
    y = x[:, :1] * x[:, 1:2] + torch.randn(rows, 1, generator=draw)
    return Study(
        problem=Problem(x, y, splits(0.2, y)),
        network=lambda: nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1)),
        recipe=Recipe(lr=1e-3, epochs=3, batch_size=100),
        decay=Decay(),
        weight_decay=LAMBDAS[:4],
        seeds=tuple(range(4)),
    )


def peak() -> float:
    """Bytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(kind: str, size: int) -> dict[str, float]:
    """Run one case here."""
    import torch

    from weightdecay import RunFolder, engines, run
    from weightdecay.engines._executor import Work
    from weightdecay.runs import Stage

    torch.set_num_threads(1)
    study = table(size) if kind == "rows" else article(size if kind == "members" else ON_WORKERS)
    few = replace(study, seeds=study.seeds[:4], recipe=replace(study.recipe, epochs=1))
    run(few)  # compiles
    executor = engines.Ray(num_cpus=size) if kind == "workers" else None
    spent = {"train": 0.0, "keep": 0.0}

    def timed(name, function):
        def wrapped(*args, **how):
            begun = time.perf_counter()
            try:
                return function(*args, **how)
            finally:
                spent[name] += time.perf_counter() - begun

        return wrapped

    engines.train_by = timed("train", engines.train_by)
    Stage.keep = timed("keep", Stage.keep)
    Work.members = timed("keep", Work.members)
    # The cluster is there before the clock starts.
    with (
        nullcontext() if executor is None else executor.opened(),
        tempfile.TemporaryDirectory() as place,
        RunFolder(place) as folder,
    ):
        before, begun = peak(), time.perf_counter()
        results, trained = run(study, folder=folder, executor=executor)
        chunks = folder.kept
        seconds = time.perf_counter() - begun
        held = sum(file.stat().st_size for file in Path(place, "chunks").iterdir())
    assert (trained.diverged == 0).all()
    assert results.sizes["epoch"] > 1
    members = len(trained.diverged)
    return {
        "size": size,
        "members": members,
        "chunks": chunks,
        "seconds": seconds,
        "train": spent["train"],
        "keep": spent["keep"],
        "before": before,
        "more": peak() - before,
        "disk": held,
    }


def case(kind: str, size: int) -> dict[str, float]:
    """Run one case in a process of its own."""
    command = [sys.executable, __file__, "--case", kind, str(size)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def told(found: dict[str, list[dict[str, float]]]) -> str:
    """Return the tables in Markdown."""
    lines = []
    if found["members"]:
        lines += [
            "| members | chunks | time | a member | trained in | a chunk's keep | of its time "
            "| memory | on disk |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for one in found["members"]:
            share = one["keep"] / (one["keep"] + one["train"])
            lines.append(
                f"| {one['members']:,} | {one['chunks']} | {one['seconds']:.1f} s "
                f"| {one['seconds'] / one['members'] * 1e3:.1f} ms | {one['train']:.1f} s "
                f"| {one['keep'] / one['chunks'] * 1e3:.0f} ms | {share:.1%} "
                f"| {one['before'] / 1e6:.0f} + {one['more'] / 1e6:.0f} MB "
                f"| {one['disk'] / 1e6:.1f} MB |"
            )
    if found["rows"]:
        lines += ["", "| rows | time | a member's row | memory |", "|---:|---:|---:|---:|"]
        for one in found["rows"]:
            each = one["seconds"] / (one["members"] * one["size"] * 3)
            lines.append(
                f"| {one['size']:,} | {one['seconds']:.2f} s | {each * 1e9:,.0f} ns "
                f"| {one['before'] / 1e6:.0f} + {one['more'] / 1e6:.0f} MB |"
            )
    if found["workers"]:
        lines += ["", "| workers | time | against the first |", "|---:|---:|---:|"]
        first = found["workers"][0]["seconds"]
        for one in found["workers"]:
            ratio = first / one["seconds"]
            lines.append(f"| {one['size']} | {one['seconds']:.1f} s | {ratio:.2f} |")
    return "\n".join(lines).strip()


#: What the figure says, in English and in Chinese.
WORDS = {
    "": ("members", "rows", "seconds", "MB beyond the imports", "in proportion"),
    ".zh": ("网络个数", "行数", "秒", "导入之后又用的内存（MB）", "成正比"),
}


def draw(found: dict[str, list[dict[str, float]]], file: Path) -> None:
    """Draw time and memory against size, in English into `file`, in Chinese beside it."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    from weightdecay.report._drawing import TEST, drawing

    for ending, (members, rows, seconds, memory, proportion) in WORDS.items():
        kinds = [(k, name) for k, name in (("members", members), ("rows", rows)) if found[k]]
        with drawing():
            shape = {"figsize": (4.2 * len(kinds), 5.6), "squeeze": False, "sharex": "col"}
            figure, grid = plt.subplots(2, len(kinds), **shape)
            for (above, below), (kind, name) in zip(grid.T, kinds, strict=True):
                sizes = [one["size"] for one in found[kind]]
                taken = [one["seconds"] for one in found[kind]]
                held = [max(one["more"], 1e5) / 1e6 for one in found[kind]]
                for axes, values, label in ((above, taken, seconds), (below, held, memory)):
                    axes.loglog(sizes, values, "o-", color=TEST)
                    line = [values[-1] * size / sizes[-1] for size in sizes]
                    axes.loglog(sizes, line, ":", color="0.45", label=proportion)
                    axes.set_ylabel(label)
                above.legend()
                below.set_xlabel(name)
            figure.tight_layout()
            figure.savefig(file.with_suffix(f"{ending}{file.suffix}"))
            plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, nargs="*", default=MEMBERS)
    parser.add_argument("--rows", type=int, nargs="*", default=ROWS)
    parser.add_argument("--workers", type=int, nargs="*", default=WORKERS)
    parser.add_argument("--figure", type=Path, help="draw time and memory; FILE.zh.png too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--case", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.case:
        print(json.dumps(measure(asked.case[0], int(asked.case[1]))))
        return
    found = {
        kind: [case(kind, size) for size in getattr(asked, kind)]
        for kind in ("members", "rows", "workers")
    }
    print(json.dumps(found) if asked.json else told(found))
    if asked.figure:
        draw(found, asked.figure)


if __name__ == "__main__":
    main()
