"""How often a verdict is wrong, and its interval beside the truth, in simulated studies.

    python benchmarks/calibration.py [--studies N] [--json]

A network with an untrained first layer stands for a trained one: tanh features with random weights
(its seed), then ridge regression in closed form. Every study draws new rows, new features and new
splits. The verdict comes from weightdecay.select itself. Three questions are asked of each problem:

- exchangeable: every λ on the path is one and the same penalty with features of its own. No choice
  can help or hurt, so the effect is exactly 0.
- crossing: one λ, so large that what it saves in variance it loses in bias. The effect is 0 on
  average over data sets, but not on each of them, and folds of one data set share it.
- effect: a path of λs, chosen in inner folds (or on half of the seeds).

The truth is the mean over an independent simulation of TRUTH times as many data sets; "own" is the
expected difference of the very networks that a study trained, on its own rows. Problems without
features are ridge regression itself; they have no seeds.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from weightdecay.select import by_folds, by_seeds, judge
from weightdecay.select._needed import pairs_needed

INNER = 3
SEEDS = 2  # averaged inside a fold
FLOOR = 2e-3  # of the ridge at λ = 0: a network that is trained for a while is not least squares
TRUTH = 4
CHUNK = 50  # studies that share their splits
FRESH = 100  # rows on which the true effect of a network is measured
CANDIDATES = 4  # λs above 0
QUESTIONS = ("exchangeable", "crossing", "effect")


@dataclass(frozen=True)
class Problem:
    """Rows, inputs, features, the target's noise, and the path of λ."""

    name: str
    rows: int
    inputs: int
    features: int
    noise: Callable[[np.random.Generator, np.ndarray], np.ndarray]
    path: tuple[float, ...]
    sparse: bool = False

    def truth(self, x: np.ndarray) -> np.ndarray:
        """Return the noise-free target [..., N] of inputs [..., N, P]."""
        weight = np.ones(self.inputs) / np.sqrt(self.inputs)
        if self.sparse:
            weight = np.r_[1.0, 1.0, np.zeros(self.inputs - 2)]
        return x @ weight + 0.5 * np.tanh(2 * x[..., 0])


def normal(draw, x):
    return draw.standard_normal(x.shape[:-1])


def exponential(draw, x):
    return draw.exponential(size=x.shape[:-1]) - 1


def heteroscedastic(draw, x):
    return draw.standard_normal(x.shape[:-1]) * (0.3 + np.abs(x[..., 0]))


def lognormal(draw, x):
    return 1.5 * (draw.lognormal(size=x.shape[:-1]) - np.exp(0.5)) / 2.16


PROBLEMS = (
    Problem("normal", 60, 8, 10, normal, (0, 0.01, 0.03, 0.1, 0.3)),
    Problem("exponential", 100, 10, 16, exponential, (0, 0.01, 0.03, 0.1, 0.3)),
    Problem("heteroscedastic", 200, 20, 24, heteroscedastic, (0, 0.003, 0.01, 0.03, 0.1), True),
    Problem("lognormal", 100, 10, 24, lognormal, (0, 0.01, 0.03, 0.1, 0.3)),
    Problem("linear", 60, 20, 0, normal, (0, 0.03, 0.1, 0.3, 1.0)),
    Problem("linear, many rows", 400, 20, 0, normal, (0, 0.01, 0.03, 0.1, 0.3)),
)


@dataclass(frozen=True)
class Layout:
    """How rows are split: K folds, repeated or not, or repeated random hold-outs of n/K rows."""

    name: str
    k: int
    repeats: int = 1
    random: bool = False

    @property
    def overlap(self) -> float:
        """Rows tested over rows trained on."""
        return 1 / (self.k - 1)

    def splits(self, rows: int, draw: np.random.Generator) -> Iterator[tuple]:
        """Yield (train, test), anew at each call."""
        for _ in range(self.repeats):
            pairs = list(k_fold(draw.permutation(rows), self.k))
            yield from pairs[:1] if self.random else pairs


LAYOUTS = (
    Layout("5-fold", 5),
    Layout("10-fold", 10),
    Layout("5-fold twice", 5, 2),
    Layout("10 hold-outs of 1/5", 5, 10, random=True),
)


def k_fold(rows: np.ndarray, k: int) -> Iterator[tuple]:
    for part in np.array_split(rows, k):
        yield np.setdiff1d(rows, part), part


class Features:
    """Random tanh features, drawn anew at each call for each of the studies [B]."""

    def __init__(self, problem: Problem, studies: int, draw: np.random.Generator):
        self.shape, self.draw = (studies, problem.inputs, problem.features), draw
        self.weight, self.bias = None, None

    def renew(self) -> None:
        studies, inputs, features = self.shape
        if not features:
            return
        self.weight = self.draw.standard_normal(self.shape) / np.sqrt(inputs)
        self.bias = self.draw.standard_normal((studies, 1, features)) / 2

    def __call__(self, x: np.ndarray) -> np.ndarray:
        if self.weight is None:
            return x
        hidden = np.tanh(x @ self.weight + self.bias)
        return np.concatenate([hidden, np.ones((*hidden.shape[:2], 1))], axis=2)


def ridge(phi: np.ndarray, y: np.ndarray, path: np.ndarray) -> np.ndarray:
    """Weights [B, P, L] that minimise the mean of ½(error)² + ½λ‖w‖², for phi [B, N, P]."""
    turned = np.swapaxes(phi, 1, 2)
    values, vectors = np.linalg.eigh(turned @ phi / phi.shape[1])
    moment = np.swapaxes(vectors, 1, 2) @ (turned @ y[..., None]) / phi.shape[1]
    return vectors @ (moment / (values[..., None] + FLOOR + path))


def errors_of(problem, features, x, y, train, test, fresh, path, apart):
    """Errors [L, B] on the test rows and, where there are fresh inputs, beyond the noise on them.

    `apart`: every λ gets features of its own.
    """
    tested, risk = [], []
    for one in np.split(path, len(path)) if apart else [path]:
        features.renew()
        weight = ridge(features(x[:, train]), y[:, train], one)
        residual = features(x[:, test]) @ weight - y[:, test, None]
        tested.append(np.square(residual).mean(axis=1).T)
        if fresh is not None:
            beyond = features(fresh) @ weight - problem.truth(fresh)[..., None]
            risk.append(np.square(beyond).mean(axis=1).T)
    return np.concatenate(tested), np.concatenate(risk) if risk else None


def path_of(problem, question, crossing):
    if question == "exchangeable":
        return np.full(1 + CANDIDATES, problem.path[2])
    return np.array([0.0, crossing] if question == "crossing" else problem.path)


def fold_studies(problem, layout, path, apart, studies, draw, first=None):
    """Errors [B, L, S, F], inner errors [B, L, S, F, G] and risks [B, L, F] of B studies."""
    x = draw.standard_normal((studies, problem.rows, problem.inputs))
    y = problem.truth(x) + problem.noise(draw, x)
    fresh = draw.standard_normal((studies, FRESH, problem.inputs))
    features = Features(problem, studies, draw)
    outer, inner, risks = [], [], []
    for train, test in list(layout.splits(problem.rows, draw))[:first]:
        both = [
            errors_of(problem, features, x, y, train, test, fresh, path, apart)
            for _ in range(SEEDS)
        ]
        outer.append([tested for tested, _ in both])
        risks.append(np.mean([risk for _, risk in both], axis=0))
        if len(path) == 2:  # one candidate needs no choice
            inner.append(np.zeros((SEEDS, INNER, 2, studies)))
            continue
        inner.append(
            [
                [
                    errors_of(problem, features, x, y, a, b, None, path, apart)[0]
                    for a, b in k_fold(draw.permutation(train), INNER)
                ]
                for _ in range(SEEDS)
            ]
        )
    return (
        np.transpose(outer, (3, 2, 1, 0)),
        np.transpose(inner, (4, 3, 1, 0, 2)),
        np.transpose(risks, (2, 1, 0)),
    )


def nested_effects(studies, overlap):
    """Verdicts, and the true effect on each study's own training sets, for B studies."""
    outer, inner, risks = studies
    found = [by_folds(*pair, overlap=overlap) for pair in zip(outer, inner, strict=True)]
    own = [
        np.mean([risk[best, f] - risk[0, f] for f, best in enumerate(each.chosen)])
        for each, risk in zip(found, risks, strict=True)
    ]
    return found, np.array(own)


def crossing_of(path: np.ndarray, risk: np.ndarray) -> float:
    """The λ at which the mean risk [L], having fallen, is again what it is at λ = 0."""
    above = risk - risk[0] >= 0
    above[: np.argmin(risk)] = False
    if not above.any():
        raise ValueError(f"no λ up to {path[-1]} undoes what decay gains")
    last = int(np.argmax(above))
    gain, loss = risk[last - 1] - risk[0], risk[last] - risk[0]
    return float(path[last - 1] * (path[last] / path[last - 1]) ** (gain / (gain - loss)))


GRID = np.r_[0, np.geomspace(1e-3, 1000, 80)]


def chunks(total):
    return range(max(1, total // CHUNK))


def fold_setting(problem, layout, question, studies, seed):
    """One row of the table, for folds."""
    truth_draw, draw = (np.random.default_rng([seed, part]) for part in (0, 1))
    apart, crossing = question == "exchangeable", None
    if question == "crossing":
        risk = np.zeros(len(GRID))
        for _ in chunks(TRUTH * studies):
            found = replace(problem, path=tuple(GRID))
            one = fold_once(found, layout, CHUNK, truth_draw)
            risk += one
        crossing = crossing_of(GRID, risk)
    path = path_of(problem, question, crossing)
    truth = 0.0
    if question == "effect":
        parts = []
        for _ in chunks(TRUTH * studies):
            made = fold_studies(problem, layout, path, apart, CHUNK, truth_draw, first=1)
            parts.append(nested_effects_of_one(made))
        truth = float(np.mean(parts))
    found, own = [], []
    for _ in chunks(studies):
        made = fold_studies(problem, layout, path, apart, CHUNK, draw)
        verdicts, effects = nested_effects(made, layout.overlap)
        found += verdicts
        own += effects.tolist()
    corrected = [each.verdict for each in found]
    plain = [judge(np.zeros(len(each.differences)), each.differences) for each in found]
    return {
        "problem": problem.name,
        "layout": layout.name,
        "question": question,
        **described(corrected, truth, "", own),
        **described(plain, truth, "plain_", own),
        "right_overlap": right_overlap(np.array([each.differences for each in found])),
    }


def fold_once(problem, layout, studies, draw):
    """Mean risk [L] over studies, on their first training sets, without a choice."""
    x = draw.standard_normal((studies, problem.rows, problem.inputs))
    y = problem.truth(x) + problem.noise(draw, x)
    fresh = draw.standard_normal((studies, FRESH, problem.inputs))
    features = Features(problem, studies, draw)
    train, test = next(layout.splits(problem.rows, draw))
    path = np.array(problem.path)
    return errors_of(problem, features, x, y, train, test, fresh, path, False)[1].mean(axis=1)


def nested_effects_of_one(made):
    """Mean true effect of the nested choice on one fold of each study."""
    _, inner, risks = made
    chosen = 1 + inner[:, 1:, :, 0].mean(axis=(2, 3)).argmin(axis=1)
    each = np.arange(len(chosen))
    return float((risks[each, chosen, 0] - risks[each, 0, 0]).mean())


def right_overlap(differences: np.ndarray) -> float:
    """The overlap that would make (1/J + overlap)·s² the variance of the mean, on average."""
    return float(
        differences.mean(axis=1).var(ddof=1) / differences.var(axis=1, ddof=1).mean()
        - 1 / differences.shape[1]
    )


def described(verdicts, truth, prefix, own=None):
    """Shares of the verdicts, in per cent."""
    low, high = (np.array([v.effect[end] for v in verdicts]) for end in (1, 2))
    shares = {
        "helps": np.array([v.label == "helps" for v in verdicts]),
        "hurts": np.array([v.label == "hurts" for v in verdicts]),
        "covers": (low <= truth) & (truth <= high),
    }
    if own is not None:
        shares["covers_own"] = (low <= own) & (np.array(own) <= high)
    return {
        **({} if prefix else {"truth": truth, "studies": len(verdicts)}),
        **{prefix + name: round(100 * float(share.mean()), 2) for name, share in shares.items()},
    }


def seed_errors(problem, x, y, fresh, path, apart, seeds, draw):
    """Errors [L, seeds] against the truth of networks started anew on the same rows."""
    features, parts = Features(problem, seeds, draw), []
    for one in np.split(path, len(path)) if apart else [path]:
        features.renew()
        weight = ridge(features(x[None]), np.broadcast_to(y, (seeds, len(y))), one)
        beyond = features(fresh[None]) @ weight - problem.truth(fresh)[None, :, None]
        parts.append(np.square(beyond).mean(axis=1).T)
    return np.concatenate(parts)


def seed_setting(problem, seeds, question, studies, seed, data_sets=5):
    """One row of the table, for seeds on a known truth: on fixed rows, of several data sets."""
    draw = np.random.default_rng([seed, 2])
    apart, verdicts, truths = question == "exchangeable", [], []
    while len(verdicts) < studies // data_sets * data_sets:
        x = draw.standard_normal((problem.rows, problem.inputs))
        y = problem.truth(x) + problem.noise(draw, x)
        fresh = draw.standard_normal((FRESH, problem.inputs))

        def many(path, count, rows=(x, y, fresh)):
            sizes = [1000] * (count // 1000) + [count % 1000] * (count % 1000 > 0)
            return np.concatenate(
                [seed_errors(problem, *rows, path, apart, size, draw) for size in sizes], axis=1
            )

        crossing = None
        if question == "crossing":
            risk = many(GRID, 2000).mean(axis=1)
            if risk[0] >= risk[-1]:
                continue  # rows so noisy that no prediction at all is better than λ = 0
            crossing = crossing_of(GRID, risk)
        path = path_of(problem, question, crossing)
        effect = np.zeros(len(path))
        if question != "exchangeable":
            pool = many(path, 10_000)
            effect = (pool - pool[0]).mean(axis=1)
        made = many(path, studies // data_sets * seeds)
        for errors in np.split(made, studies // data_sets, axis=1):
            chosen, verdict = by_seeds(errors)
            verdicts.append(verdict)
            truths.append(effect[chosen])
    return {
        "problem": problem.name,
        "layout": f"{seeds} seeds",
        "question": question,
        **described(verdicts, np.array(truths), ""),
        "truth": float(np.mean(truths)),
    }


def seed_power(problem, studies, seed):
    """How often an effect is found with half, all and twice the pairs that `needed` asks for.

    The λ is the one on the grid that needs about 30; size and spread of its effect are those of
    40,000 pairs, from which the studies draw theirs.
    """
    draw = np.random.default_rng([seed, 3])
    x = draw.standard_normal((problem.rows, problem.inputs))
    y = problem.truth(x) + problem.noise(draw, x)
    fresh = draw.standard_normal((FRESH, problem.inputs))

    def differences(path, count):
        made = [seed_errors(problem, x, y, fresh, path, False, 1000, draw) for _ in range(count)]
        errors = np.concatenate(made, axis=1)
        return errors[1:] - errors[0]

    def needed_by(sample):
        pair = sample.std() * np.array([-1, 1]) / np.sqrt(2)  # two values of this very spread
        return pairs_needed(pair, abs(sample.mean())) or np.inf

    apart = [abs(needed_by(row) - 30) for row in differences(GRID, 2)]
    pool = differences(np.array([0.0, GRID[1 + int(np.argmin(apart))]]), 40)[0]
    needed = int(needed_by(pool))
    right = "helps" if pool.mean() < 0 else "hurts"
    found = {"problem": problem.name, "effect": float(pool.mean()), "needed": needed}
    for name, pairs in (("half", needed // 2), ("all", needed), ("twice", 2 * needed)):
        picked = pool[draw.integers(0, len(pool), (studies, pairs))]
        labels = [judge(np.zeros(pairs), each).label for each in picked]
        found[name] = round(100 * labels.count(right) / studies, 2)
    return found


OVERFITTING = Problem("overfitting", 60, 8, 40, normal, (0, 0.1))


def hold_out_power(studies, seed):
    """How often a large effect is found with ever more hold-outs, and what `needed` reckons with.

    That is the normal power at (1/J + overlap)·s², with size and spread as they are on average.
    """
    for repeats in (3, 5, 10, 20, 40):
        layout = Layout("", 5, repeats, random=True)
        draw = np.random.default_rng([seed, 4, repeats])
        path, found = np.array(OVERFITTING.path), []
        for _ in chunks(studies):
            made = fold_studies(OVERFITTING, layout, path, False, CHUNK, draw)
            found += nested_effects(made, layout.overlap)[0]
        differences = np.array([each.differences for each in found])
        size, spread = -differences.mean(), np.sqrt(differences.var(axis=1, ddof=1).mean())
        shift = size / (spread * np.sqrt(1 / repeats + layout.overlap))
        yield {
            "problem": OVERFITTING.name,
            "hold_outs": repeats,
            "helps": round(100 * np.mean([each.verdict.label == "helps" for each in found]), 2),
            "reckoned": round(100 * stats.norm.cdf(shift - stats.norm.ppf(0.975)), 2),
        }


def t_interval(sample: np.ndarray) -> tuple:
    """Bounds [B] for samples [B, n]: Student's."""
    half = quantile(sample) * error(sample)
    return sample.mean(axis=1) - half, sample.mean(axis=1) + half


def johnson(sample: np.ndarray) -> tuple:
    """Student's, moved by skewness/(6·n·s²): N. J. Johnson, JASA 73 (1978)."""
    n, centre = sample.shape[1], sample.mean(axis=1, keepdims=True)
    third = ((sample - centre) ** 3).mean(axis=1) * n**2 / ((n - 1) * (n - 2))
    move = third / (6 * n * sample.var(axis=1, ddof=1))
    return tuple(bound + move for bound in t_interval(sample))


def hall(sample: np.ndarray) -> tuple:
    """Hall's cubic transformation: P. Hall, J. Royal Stat. Society B 54 (1992)."""
    n, centre = sample.shape[1], sample.mean(axis=1, keepdims=True)
    skew = (((sample - centre) / sample.std(axis=1, ddof=1, keepdims=True)) ** 3).mean(axis=1)

    def inverse(z):
        return np.sqrt(n) * 3 / skew * (np.cbrt(1 + skew * (z / np.sqrt(n) - skew / (6 * n))) - 1)

    z = quantile(sample)
    centre = centre[:, 0]
    return centre - error(sample) * inverse(z), centre - error(sample) * inverse(-z)


def bootstrap_t(sample: np.ndarray) -> tuple:
    """Student's with quantiles of 999 resamples: B. Efron, R. Tibshirani (1993), section 12.5."""
    draw, n = np.random.default_rng(0), sample.shape[1]
    low, high = [], []
    for one in sample:
        again = one[draw.integers(0, n, (999, n))]
        spread = error(again)
        moved = (again.mean(axis=1) - one.mean()) / np.where(spread > 0, spread, np.inf)
        ends = np.quantile(moved, [0.025, 0.975])
        low.append(one.mean() - ends[1] * error(one[None])[0])
        high.append(one.mean() - ends[0] * error(one[None])[0])
    return np.array(low), np.array(high)


def quantile(sample):
    return stats.t.ppf(0.975, sample.shape[1] - 1)


def error(sample):
    return sample.std(axis=1, ddof=1) / np.sqrt(sample.shape[1])


def skewness(studies: int, n: int) -> Iterator[dict]:
    """How often 95 % intervals for the mean of n independent differences miss it, in per cent."""
    shapes = {
        "normal": (lambda draw, size: draw.standard_normal(size), 0.0),
        "t with 3 degrees": (lambda draw, size: draw.standard_t(3, size), 0.0),
        "exponential": (lambda draw, size: draw.exponential(size=size), 1.0),
        "lognormal": (lambda draw, size: draw.lognormal(size=size), np.exp(0.5)),
    }
    for name, (sampler, mean) in shapes.items():
        sample = sampler(np.random.default_rng([n, len(name)]), (studies, n))
        row = {"differences": name, "n": n}
        for interval in (t_interval, johnson, hall, bootstrap_t):
            low, high = interval(sample)
            row[interval.__name__] = round(100 * float(((mean < low) | (high < mean)).mean()), 2)
        yield row


def table(studies: int, report: Callable[[dict], None] = lambda row: None) -> dict:
    """Simulate every setting."""
    rows = []
    for number, problem in enumerate(PROBLEMS):
        for question in QUESTIONS if problem.features else QUESTIONS[1:]:
            for place, layout in enumerate(LAYOUTS):
                rows.append(fold_setting(problem, layout, question, studies, 10 * number + place))
                report(rows[-1])
    for number, problem in enumerate(PROBLEMS):
        for question in QUESTIONS if problem.features else ():
            rows.append(seed_setting(problem, 20, question, studies, 10 * number + 7))
            report(rows[-1])
    power = [seed_power(problem, studies, 1) for problem in PROBLEMS if problem.features]
    for row in power:
        report(row)
    splits = list(hold_out_power(studies, 2))
    for row in splits:
        report(row)
    skewed = [row for n in (5, 10, 20, 50) for row in skewness(4 * studies, n)]
    for row in skewed:
        report(row)
    return {
        "studies": studies,
        "settings": rows,
        "power": power,
        "hold_outs": splits,
        "skewness": skewed,
    }


def cells(row: Iterable) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(f'{c:.4g}' if isinstance(c, float) else str(c) for c in row)} |"


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--studies", type=int, default=1000, help="simulated studies per setting")
    asked = parser.parse_args()
    if asked.json:
        print(json.dumps(table(asked.studies)))
        return
    columns: list = []

    def report(row: dict) -> None:
        if list(row) != columns:  # another table
            columns[:] = row
            print(f"\n{cells(row)}\n{'|---' * len(row)}|")
        print(cells(row.values()), flush=True)

    table(asked.studies, report)


if __name__ == "__main__":
    main()
