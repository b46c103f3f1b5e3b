"""What a training step costs more with an attached Decay than with torch's own AdamW.

    python benchmarks/overhead.py [--json] [--threads N] [--pairs P] [--sequences S] [--returning]

The network is a transformer of 25 million parameters (8 layers of width 512, 64 tokens a sequence);
a step is forward, backward and that of the optimizer. What decays is the same every time:

- attached: Decay(on="step").attach, against the weight_decay of torch.optim.AdamW;
- attached, loss: Decay(on="loss").attach, against the weight_decay of torch.optim.Adam;
- penalty: weightdecay.penalty added to the loss, against the same;
- loop: the usual loop that adds λ·torch.norm(w) for each weight to the loss, against the same.

Both ways of a pair are stepped by turns, with the same network, optimizer and memory, the first
changing from pair to pair. The figure is the median over pairs of the ratio of their times, and its
95 % interval (order statistics). Times are the process's own (CPU seconds of all its threads),
which others on the machine hardly touch; wall_ratio is by the clock on the wall. step_ratio is of
optimizer.step() alone, where all the difference is for the attached ones; null for the others. An
attached decay passes over the weights whatever the batch is: its share falls as the batch grows, so
the default is small.

The C library returns large blocks to the system when they are freed and takes them again at the
next step, or does not, by the history of the process; an optimizer step takes one or two times as
long accordingly, by chance. So it is told to keep them (glibc only), unless with --returning.
"""

import argparse
import json
import logging
import os
import statistics
import sys
import time
from contextlib import contextmanager
from functools import partial

import torch
from scipy.stats import binom
from torch import nn

import weightdecay as wd

WIDTH, LAYERS, TOKENS, LENGTH = 512, 8, 256, 65
WEIGHT_DECAY = 0.1


class Transformer(nn.Module):
    """A small GPT with learned positions and a tied head."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(TOKENS, WIDTH)
        self.positions = nn.Embedding(LENGTH, WIDTH)
        layer = nn.TransformerEncoderLayer(
            WIDTH, 8, 4 * WIDTH, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, TOKENS, bias=False)
        self.head.weight = self.tokens.weight
        self.mask = nn.Transformer.generate_square_subsequent_mask(LENGTH - 1)

    def forward(self, tokens):
        at = torch.arange(tokens.shape[1])
        hidden = self.layers(self.tokens(tokens) + self.positions(at), mask=self.mask)
        return self.head(self.norm(hidden))


class Training:
    """One network and one optimizer, stepped in two ways by turns: both use the same memory."""

    def __init__(self, optimizer, sequences: int) -> None:
        torch.manual_seed(0)
        self.model = Transformer()
        self.text = torch.randint(0, TOKENS, (sequences, LENGTH))
        self.optimizer = optimizer(wd.param_groups(self.model, WEIGHT_DECAY), lr=1e-4)

    def step(self, way) -> tuple[float, float, float]:
        """Seconds of a whole step, of optimizer.step() in it, and of the whole on the wall."""
        with way(self.model, self.optimizer) as penalty:
            wall, begun = time.perf_counter(), time.process_time()
            self.optimizer.zero_grad()
            output = self.model(self.text[:, :-1])
            loss = nn.functional.cross_entropy(output.flatten(0, 1), self.text[:, 1:].flatten())
            if penalty is not None:
                loss = loss + penalty()
            loss.backward()
            before = time.process_time()
            self.optimizer.step()
            ended = time.process_time()
            return ended - begun, ended - before, time.perf_counter() - wall


@contextmanager
def own(model, optimizer):
    yield None


@contextmanager
def attached(model, optimizer, on="step"):
    decay = wd.Decay(WEIGHT_DECAY, on=on).attach(optimizer, model)
    yield None
    decay.detach()  # which gives the optimizer its own weight_decay back


@contextmanager
def _without_own(optimizer):
    before = [group["weight_decay"] for group in optimizer.param_groups]
    for group in optimizer.param_groups:
        group["weight_decay"] = 0.0
    yield
    for group, weight_decay in zip(optimizer.param_groups, before, strict=True):
        group["weight_decay"] = weight_decay


@contextmanager
def penalty(model, optimizer):
    decay = wd.Decay(WEIGHT_DECAY)
    with _without_own(optimizer):
        yield lambda: wd.penalty(model, decay)


@contextmanager
def loop(model, optimizer):
    def norms():
        total = 0.0
        for name, w in model.named_parameters():
            if "bias" not in name and "norm" not in name:
                total = total + WEIGHT_DECAY * torch.norm(w)
        return total

    with _without_own(optimizer):
        yield norms


CASES = {
    "attached": (attached, torch.optim.AdamW),
    "attached, loss": (partial(attached, on="loss"), torch.optim.Adam),
    "penalty": (penalty, torch.optim.Adam),
    "loop": (loop, torch.optim.Adam),
}


def median_interval(ratios: list[float]) -> tuple[float, float]:
    """A 95 % interval of their median, by order statistics."""
    ordered = sorted(ratios)
    rank = int(binom.ppf(0.025, len(ordered), 0.5))
    return ordered[max(rank - 1, 0)], ordered[min(len(ordered) - rank, len(ordered) - 1)]


def compare(case: str, pairs: int, sequences: int) -> dict[str, object]:
    """Step one and what it is held against by turns."""
    way, optimizer = CASES[case]
    training = Training(optimizer, sequences)
    for warm_up in (way, own) * 2:
        training.step(warm_up)  # memory is allocated, and Adam's state made
    times = {way: [], own: []}
    for pair in range(pairs):
        for this in (way, own) if pair % 2 else (own, way):
            times[this].append(training.step(this))
    whole, alone, wall = (
        [a[part] / b[part] for a, b in zip(times[way], times[own], strict=True)]
        for part in (0, 1, 2)
    )
    low, high = median_interval(whole)
    return {
        "case": case,
        "against": optimizer.__name__,
        "ratio": statistics.median(whole),
        "low": low,
        "high": high,
        "wall_ratio": statistics.median(wall),
        "step_ratio": statistics.median(alone) if case.startswith("attached") else None,
        "milliseconds": 1e3 * statistics.median(found[0] for found in times[own]),
        "optimizer_milliseconds": 1e3 * statistics.median(found[1] for found in times[own]),
    }


KEEP = {"MALLOC_MMAP_THRESHOLD_": str(2**33), "MALLOC_TRIM_THRESHOLD_": str(2**34)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--sequences", type=int, default=2)
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--returning", action="store_true")
    arguments = parser.parse_args()
    if not arguments.returning and not KEEP.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **KEEP})
    torch.set_num_threads(arguments.threads)
    # At every turn attach would say that it sets the optimizer's own weight_decay to 0.
    logging.getLogger("weightdecay").setLevel(logging.ERROR)
    rows = [compare(case, arguments.pairs, arguments.sequences) for case in arguments.case or CASES]
    if arguments.json:
        parameters = sum(w.numel() for w in Transformer().parameters())
        print(
            json.dumps(
                {
                    "torch": torch.__version__,
                    "threads": arguments.threads,
                    "parameters": parameters,
                    "pairs": arguments.pairs,
                    "returning": arguments.returning,
                    "cases": rows,
                },
                indent=2,
            )
        )
        return
    for row in rows:
        interval = f"[{row['low']:.3f}, {row['high']:.3f}]"
        base = f"{row['against']}'s own ({row['milliseconds']:.0f} ms)"
        alone = "" if row["step_ratio"] is None else f", optimizer.step {row['step_ratio']:.3f}"
        print(f"{row['case']:15} {row['ratio']:.3f} {interval} times a step with {base}")
        print(f"{'':15} {row['wall_ratio']:.3f} on the wall{alone}")


if __name__ == "__main__":
    main()
