"""How often a verdict is wrong, and its interval beside the truth, in simulated studies.

    python benchmarks/calibration.py [--studies N] [--json]

A network with an untrained first layer stands for a trained one: tanh features with random weights
(its seed), then ridge regression in closed form. Every study draws new rows, new features and new
splits; all its folds and λs share the features of a seed, as networks share their start. The
verdict comes from weightdecay.select itself. Three questions are asked of each problem:

- exchangeable: every λ on the path is one and the same penalty with features of its own. No choice
  can help or hurt, so the effect is exactly 0.
- crossing: one λ, so large that what it saves in variance it loses in bias. The effect is 0 on
  average over data sets, but not on each of them.
- effect: a path of λs, chosen in inner folds (or on half of the seeds).

The truth of a study is the expected difference, on new rows and over many more seeds, of networks
trained on the training rows of its folds; the mean of that over all studies is the truth over data
sets. Problems without features are ridge regression itself; they have no seeds.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from weightdecay.select import by_folds, by_rows, by_seeds, judge
from weightdecay.select._crossed import crossed_interval
from weightdecay.select._needed import pairs_needed

INNER = 3
SEEDS = 5
MORE_SEEDS = 40  # over which the truth of a study is a mean
FLOOR = 2e-3  # of the ridge at λ = 0: a network that is trained for a while is not least squares
CHUNK = 50  # studies that share their splits
JUDGING = 100  # rows of a fixed hold-out
FRESH = 1000  # rows on which the true effect of a network is measured
CANDIDATES = 4  # λs above 0
FEW = 8  # λs for which solving for each is faster than one decomposition for all

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
    questions: tuple[str, ...] = QUESTIONS

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
    # No λ undoes what decay gains here, so there is no crossing.
    Problem(
        "overfitting",
        60,
        8,
        40,
        normal,
        (0, 0.01, 0.03, 0.1, 0.3),
        questions=("exchangeable", "effect"),
    ),
    Problem("linear", 60, 20, 0, normal, (0, 0.03, 0.1, 0.3, 1.0), questions=QUESTIONS[1:]),
    Problem(
        "linear, many rows", 400, 20, 0, normal, (0, 0.01, 0.03, 0.1, 0.3), questions=QUESTIONS[1:]
    ),
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


Network = Callable[[np.ndarray], np.ndarray]


def features(problem: Problem, studies: int, draw: np.random.Generator) -> Network:
    """Random tanh features, and a constant, of inputs [B, N, P]: one draw for each study."""
    if not problem.features:
        return lambda x: x
    shape = (studies, problem.inputs, problem.features)
    weight = draw.standard_normal(shape) / np.sqrt(problem.inputs)
    bias = draw.standard_normal((studies, 1, problem.features)) / 2

    def hidden(x: np.ndarray) -> np.ndarray:
        out = np.tanh(x @ weight + bias)
        return np.concatenate([out, np.ones((*out.shape[:2], 1))], axis=2)

    return hidden


def ridge(phi: np.ndarray, y: np.ndarray, path: np.ndarray) -> np.ndarray:
    """Weights [B, P, L] that minimise the mean of ½(error)² + ½λ‖w‖², for phi [B, N, P]."""
    turned = np.swapaxes(phi, 1, 2) / phi.shape[1]
    gram, moment = turned @ phi, turned @ y[..., None]
    if len(path) <= FEW:
        strength = (FLOOR + path)[:, None, None] * np.eye(gram.shape[1])
        return np.swapaxes(np.linalg.solve(gram[:, None] + strength, moment[:, None])[..., 0], 1, 2)
    values, vectors = np.linalg.eigh(gram)
    return vectors @ (np.swapaxes(vectors, 1, 2) @ moment / (values[..., None] + FLOOR + path))


def path_of(problem, question, crossing):
    if question == "exchangeable":
        return np.full(1 + CANDIDATES, problem.path[2])
    return np.array([0.0, crossing] if question == "crossing" else problem.path)


@dataclass(frozen=True)
class Studies:
    """B studies.

    Parameters
    ----------
    rows : array [B, L, S, T]
        Errors on the rows that are tested.
    inner : array [B, L, S, F, G]
    fold, row : array [T]
    own : array [B, L, F]
        Expected errors, beyond the noise, of networks trained as those were.
    """

    rows: np.ndarray
    inner: np.ndarray
    fold: np.ndarray
    row: np.ndarray
    own: np.ndarray

    def of_folds(self) -> np.ndarray:
        """Errors [B, L, S, F]."""
        return np.stack(
            [self.rows[..., self.fold == f].mean(axis=3) for f in np.unique(self.fold)], axis=3
        )


def fold_studies(problem, layout, path, apart, studies, draw, seeds=SEEDS) -> Studies:
    """Simulate; `apart`: every λ gets features of its own."""
    x = draw.standard_normal((studies, problem.rows, problem.inputs))
    y = problem.truth(x) + problem.noise(draw, x)
    splits = list(layout.splits(problem.rows, draw))
    inside = [list(k_fold(draw.permutation(train), INNER)) for train, _ in splits]
    alone = len(path) == 2  # one candidate needs no choice
    rows, inner = [], []
    for _ in range(seeds if problem.features else 1):
        tested, chosen = [], []
        for one in np.split(path, len(path)) if apart else [path]:
            phi = features(problem, studies, draw)(x)

            def errors(train, test, one=one, phi=phi):
                weight = ridge(phi[:, train], y[:, train], one)
                return np.square(phi[:, test] @ weight - y[:, test, None])

            tested.append(np.concatenate([errors(*split) for split in splits], axis=1))
            if not alone:
                found = [[errors(*pair).mean(axis=1) for pair in pairs] for pairs in inside]
                chosen.append(np.array(found))
        rows.append(np.concatenate(tested, axis=2))
        inner.append(
            np.zeros((len(splits), INNER, studies, len(path)))
            if alone
            else np.concatenate(chosen, axis=3)
        )
    return Studies(
        rows=np.transpose(rows, (1, 3, 0, 2)),
        inner=np.transpose(inner, (3, 4, 0, 1, 2)),
        fold=np.repeat(np.arange(len(splits)), [len(test) for _, test in splits]),
        row=np.concatenate([test for _, test in splits]),
        own=np.zeros((studies, len(path), len(splits)))
        if apart
        else own_risk(problem, splits, path, x, y, draw),
    )


def own_risk(problem, splits, path, x, y, draw):
    """Expected errors [B, L, F], beyond the noise, on new rows and over seeds."""
    fresh = np.broadcast_to(
        draw.standard_normal((FRESH, problem.inputs)), (len(x), FRESH, problem.inputs)
    )
    truth = problem.truth(fresh)[..., None]
    seeds = MORE_SEEDS if problem.features else 1
    risk = np.zeros((len(x), len(path), len(splits)))
    for _ in range(seeds):
        network = features(problem, len(x), draw)
        phi, new = network(x), network(fresh)
        for f, (train, _) in enumerate(splits):
            beyond = new @ ridge(phi[:, train], y[:, train], path) - truth
            risk[:, :, f] += np.square(beyond).mean(axis=1) / seeds
    return risk


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


def zero_on_average(problem, layout, draw):
    """The λ whose effect is 0 over data sets, on training sets of this size."""
    risk = np.zeros(len(GRID))
    for _ in chunks(2000):
        x = draw.standard_normal((CHUNK, problem.rows, problem.inputs))
        y = problem.truth(x) + problem.noise(draw, x)
        split = [next(layout.splits(problem.rows, draw))]
        risk += own_risk(problem, split, GRID, x, y, draw).mean(axis=(0, 2))
    return crossing_of(GRID, risk)


def fold_setting(problem, layout, question, studies, seed):
    """One row of the table, for folds."""
    truth_draw, draw = (np.random.default_rng([seed, part]) for part in (0, 1))
    apart = question == "exchangeable"
    crossing = zero_on_average(problem, layout, truth_draw) if question == "crossing" else None
    path = path_of(problem, question, crossing)
    by_row, by_fold, own = [], [], []
    for _ in chunks(studies):
        made = fold_studies(problem, layout, path, apart, CHUNK, draw)
        for rows, inner, folds, risk in zip(
            made.rows, made.inner, made.of_folds(), made.own, strict=True
        ):
            found = by_rows(rows, inner, made.fold, made.row)
            by_row.append(found.verdict)
            by_fold.append(by_folds(folds, inner, overlap=layout.overlap).verdict)
            own.append(np.mean([risk[c, f] - risk[0, f] for f, c in enumerate(found.chosen)]))
    truth = float(np.mean(own)) if question == "effect" else 0.0
    return {
        "problem": problem.name,
        "layout": layout.name,
        "question": question,
        **described(by_row, truth, "", own),
        **described(by_fold, truth, "folds_", own),
    }


def described(verdicts, truth, prefix, own=None):
    """Shares of the verdicts, in per cent."""
    low, high = (np.array([v.effect[end] for v in verdicts]) for end in (1, 2))
    shares = {
        "helps": np.array([v.label == "helps" for v in verdicts]),
        "hurts": np.array([v.label == "hurts" for v in verdicts]),
    }
    if own is not None:
        own = np.array(own)
        # Said to help where it does not, or to hurt where it does not.
        shares["wrong"] = (shares["helps"] & (own >= 0)) | (shares["hurts"] & (own <= 0))
        shares["covers_own"] = (low <= own) & (own <= high)
    shares["covers"] = (low <= truth) & (truth <= high)
    return {
        **({} if prefix else {"truth": truth, "studies": len(verdicts)}),
        **{prefix + name: round(100 * float(share.mean()), 2) for name, share in shares.items()},
    }


def seed_errors(problem, x, y, fresh, path, apart, seeds, draw):
    """Errors [L, seeds] against the truth of networks started anew on the same rows."""
    parts = []
    for one in np.split(path, len(path)) if apart else [path]:
        network = features(problem, seeds, draw)
        weight = ridge(network(x[None]), np.broadcast_to(y, (seeds, len(y))), one)
        beyond = network(fresh[None]) @ weight - problem.truth(fresh)[None, :, None]
        parts.append(np.square(beyond).mean(axis=1).T)
    return np.concatenate(parts)


def seed_setting(problem, seeds, question, studies, seed, data_sets=5):
    """One row of the table, for seeds on a known truth: on fixed rows, of several data sets."""
    draw = np.random.default_rng([seed, 2])
    apart, verdicts, truths = question == "exchangeable", [], []
    while len(verdicts) < studies // data_sets * data_sets:
        x = draw.standard_normal((problem.rows, problem.inputs))
        y = problem.truth(x) + problem.noise(draw, x)
        fresh = draw.standard_normal((JUDGING, problem.inputs))

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
    fresh = draw.standard_normal((JUDGING, problem.inputs))

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


POWER = Problem("exponential", 100, 10, 16, exponential, (0, 0.03))


def row_power(studies, seed):
    """How often an effect is found with more seeds, rows and folds, and what is reckoned.

    Reckoned is the power of the t test at the effect and at the variance, of rows and of seeds,
    that the studies have on average.
    """
    grid = [(100, seeds, LAYOUTS[0]) for seeds in (2, 5, 10, 20, 40)]
    grid += [(100, 5, layout) for layout in LAYOUTS[1:]]
    grid += [(rows, 5, LAYOUTS[0]) for rows in (60, 80)]
    for rows, seeds, layout in grid:
        problem, path = replace(POWER, rows=rows), np.array(POWER.path)
        draw = np.random.default_rng([seed, 4, rows, seeds])
        helps, own, variance = [], [], []
        for _ in chunks(studies):
            made = fold_studies(problem, layout, path, False, CHUNK, draw, seeds)
            own += (made.own[:, 1] - made.own[:, 0]).mean(axis=1).tolist()
            for table in made.rows:
                found = crossed_interval(table[1] - table[0], made.row)
                helps.append(found.effect.high < 0)
                variance.append((found.of_units, found.of_seeds))
        of_units, of_seeds = np.mean(variance, axis=0)
        freedom = (of_units + of_seeds) ** 2 / (
            of_units**2 / (rows - 1) + of_seeds**2 / (seeds - 1)
        )
        shift = -np.mean(own) / np.sqrt(of_units + of_seeds)
        power = stats.nct.sf(stats.t.ppf(0.975, freedom), freedom, shift)
        yield {
            "problem": problem.name,
            "rows": rows,
            "seeds": seeds,
            "layout": layout.name,
            "effect": float(np.mean(own)),
            "helps": round(100 * float(np.mean(helps)), 2),
            "reckoned": round(100 * float(power), 2),
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
        for question in problem.questions:
            for place, layout in enumerate(LAYOUTS):
                rows.append(fold_setting(problem, layout, question, studies, 10 * number + place))
                report(rows[-1])
    for number, problem in enumerate(PROBLEMS):
        for question in problem.questions if problem.features else ():
            rows.append(seed_setting(problem, 20, question, studies, 10 * number + 7))
            report(rows[-1])
    power = [
        seed_power(problem, studies, 1)
        for problem in PROBLEMS
        if "crossing" in problem.questions and problem.features
    ]
    for row in power:
        report(row)
    grown = []
    for row in row_power(studies, 2):
        grown.append(row)
        report(row)
    skewed = [row for n in (5, 10, 20, 50) for row in skewness(4 * studies, n)]
    for row in skewed:
        report(row)
    return {
        "studies": studies,
        "settings": rows,
        "power": power,
        "row_power": grown,
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
