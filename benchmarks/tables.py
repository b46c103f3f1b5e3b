"""MLPRegressorCV and MLPClassifierCV against GridSearchCV over scikit-learn's MLP, side by side.

    python benchmarks/tables.py [--json] [--rounds N] [--case diabetes|digits]

20 λs × 5 folds × 4 seeds. diabetes: a 64-64 network, batches of 32, 100 epochs. digits: 100
units, batches of 200, 100 epochs. Both sides train every network for all its epochs, on the same
standardised table, with α converted (:func:`weightdecay.convert`). GridSearchCV has two processes
(n_jobs=2), each of which does its linear algebra on one thread, which is its best setting here;
ours has as many threads. GridSearchCV is done when it has its scores and one network on all rows;
ours when it has those, four networks on all rows, and a verdict, for which it trains 15 more folds
inside the five: three times the steps. "path alone" is training the 400 networks, no more.

Sides take turns. Machine code is compiled before, as it is once for each machine.
"""

import argparse
import json
import os
import statistics
import time
import warnings

# Before NumPy is imported: more threads than cores are slower for both sides.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from sklearn.datasets import load_diabetes, load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import scale

from weightdecay import engines
from weightdecay._cutting import cut
from weightdecay.decay import Decay
from weightdecay.sklearn import MLPClassifierCV, MLPRegressorCV
from weightdecay.sklearn._network import Network
from weightdecay.study import Recipe, Study

LAMBDAS = np.geomspace(1e-5, 1.0, 20)
SEEDS, FOLDS, EPOCHS, LR = 4, 5, 100, 1e-3

CASES = {
    "diabetes": {"hidden": (64, 64), "batch": 32, "load": load_diabetes, "classes": False},
    "digits": {"hidden": (100,), "batch": 200, "load": load_digits, "classes": True},
}


def data(case: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the standardised table."""
    X, y = CASES[case]["load"](return_X_y=True)
    return scale(X), y if CASES[case]["classes"] else scale(y)


def theirs(case: str, X: np.ndarray, y: np.ndarray) -> float:
    """Seconds of GridSearchCV."""
    this = CASES[case]
    batch = this["batch"]
    # Half the squared error, and α divided by the rows of the batch; cross-entropy has no half.
    alphas = LAMBDAS * batch * (1.0 if this["classes"] else 0.5)
    kind, folds = (MLPClassifier, StratifiedKFold) if this["classes"] else (MLPRegressor, KFold)
    network = kind(
        hidden_layer_sizes=this["hidden"],
        batch_size=batch,
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS,
        tol=0.0,
        learning_rate_init=LR,
    )
    search = GridSearchCV(
        network,
        {"alpha": alphas, "random_state": list(range(SEEDS))},
        scoring="neg_log_loss" if this["classes"] else "neg_mean_squared_error",
        cv=folds(FOLDS, shuffle=True, random_state=0),
        n_jobs=2,
    )
    begun = time.perf_counter()
    search.fit(X, y)
    return time.perf_counter() - begun


def ours(case: str, X: np.ndarray, y: np.ndarray, epochs: int = EPOCHS) -> float:
    """Seconds of the estimator, verdict and all."""
    this = CASES[case]
    kind = MLPClassifierCV if this["classes"] else MLPRegressorCV
    network = kind(
        this["hidden"],
        alphas=LAMBDAS,
        cv=FOLDS,
        seeds=SEEDS,
        batch_size=this["batch"],
        max_iter=epochs,
        n_iter_no_change=np.inf,
        learning_rate_init=LR,
        random_state=0,
    )
    begun = time.perf_counter()
    network.fit(X, y)
    return time.perf_counter() - begun


def path_alone(case: str, X: np.ndarray, y: np.ndarray) -> tuple[float, int]:
    """Seconds, and member-steps, of the 400 networks of the outer folds."""
    this = CASES[case]
    loss = "cross_entropy" if this["classes"] else "mse"
    whole = cut(X.astype(np.float32), y, loss, FOLDS, 2).whole
    outputs = int(y.max()) + 1 if this["classes"] else 1
    population = Study(
        problem=whole,
        network=Network((X.shape[1], *this["hidden"], outputs), "relu"),
        recipe=Recipe(lr=LR, epochs=EPOCHS, batch_size=this["batch"]),
        decay=Decay(),
        weight_decay=(0.0, *LAMBDAS[1:]),
        seeds=tuple(range(SEEDS)),
        record=2,
    ).plan()
    steps = sum(-(-len(rows) // this["batch"]) for rows in population.order.train) * EPOCHS
    begun = time.perf_counter()
    engines.train(population)
    return time.perf_counter() - begun, steps


def measure(case: str, rounds: int) -> dict[str, float]:
    """Both sides in turn."""
    X, y = data(case)
    ours(case, X[::5], y[::5], epochs=2)  # compiles, or reads what was compiled
    found = []
    for _ in range(rounds):
        mine, his = ours(case, X, y), theirs(case, X, y)
        seconds, steps = path_alone(case, X, y)
        found.append((his / mine, his / seconds, mine, his, seconds, seconds / steps))
    names = ("ratio", "ratio_path", "ours", "grid_search", "path", "member_step")
    return dict(zip(names, map(statistics.median, zip(*found, strict=True)), strict=True))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=CASES, action="append")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)  # 100 epochs are asked for, and no more
    os.environ["PYTHONWARNINGS"] = "ignore"  # in scikit-learn's processes too
    torch.set_num_threads(1)
    found = {case: measure(case, asked.rounds) for case in asked.case or CASES}
    if asked.json:
        print(json.dumps({"ratio": {c: f["ratio"] for c, f in found.items()}, "cases": found}))
        return
    print(
        f"{'':10}{'GridSearchCV':>14}{'ours':>9}{'ratio':>8}{'path alone':>13}{'ratio':>8}", end=""
    )
    print(f"{'member-step':>14}{'a second':>12}")
    for case, f in found.items():
        print(
            f"{case:10}{f['grid_search']:>12.1f} s{f['ours']:>7.1f} s{f['ratio']:>8.1f}"
            f"{f['path']:>11.1f} s{f['ratio_path']:>8.1f}{f['member_step'] * 1e6:>11.1f} µs"
            f"{1 / f['member_step']:>12,.0f}"
        )


if __name__ == "__main__":
    main()
