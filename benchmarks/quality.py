"""Our networks that choose their α, and GridSearchCV over scikit-learn's: error on new rows.

    python benchmarks/quality.py [--json] [--rounds N] [--case diabetes|breast_cancer|wine|digits]

The claim: ours are at least as good. MLPRegressorCV and MLPClassifierCV, with one network and with
three that are averaged, stand against GridSearchCV over scikit-learn's MLPRegressor and
MLPClassifier. One against one tells whether choosing λ and training are as good; three have besides
what averaging brings. All have the same architecture, Adam, learning rate, batches and epochs,
nobody stops early, and all choose by the same error among the same strengths of penalty
(:func:`weightdecay.convert`) in the same five inner folds of the training rows of five outer ones,
on which inputs, and numbers as targets, are standardised. Initial weights and the order of rows are
each library's own.

A round cuts the folds anew and starts from other weights; each row is tested once a round. The
intervals are for the mean difference over rows and rounds, both as samples
(:func:`weightdecay.select.compare`), with one round over rows alone; each by itself is of 95 %.

Better, worse: 0 lies outside the interval. At least as good: it does not, and the upper end is no
more than a twentieth of GridSearchCV's error. Undecided: the rest.
"""

import argparse
import json
import os
import time
import warnings
from collections import defaultdict
from dataclasses import asdict
from typing import Any, NamedTuple

# Before NumPy is imported: more threads than cores are slower for both sides.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import weightdecay as wd
from weightdecay.select import Verdict, compare
from weightdecay.sklearn import MLPClassifierCV, MLPRegressorCV

LAMBDAS = np.geomspace(1e-4, 1.0, 7)
FOLDS, EPOCHS, LR = 5, 100, 1e-3
RIVAL, OURS = "GridSearchCV", {"one network": 1, "three networks": 3}


class Case(NamedTuple):
    """A table, and the network for it."""

    load: Any
    hidden: tuple[int, ...]
    # Such that no training set, inner or outer, leaves a last batch much smaller than the others:
    # scikit-learn divides α by its rows, and of two left over would make another penalty.
    batch: int
    classes: bool = True


CASES = {
    "diabetes": Case(load_diabetes, (32,), 36, classes=False),
    "breast_cancer": Case(load_breast_cancer, (32,), 46),
    "wine": Case(load_wine, (32,), 29),
    "digits": Case(load_digits, (100,), 144),
}


def searches(this: Case, seed: int) -> dict[str, BaseEstimator]:
    """Return the three of them, not fitted."""
    kind = StratifiedKFold if this.classes else KFold
    inner = kind(FOLDS, shuffle=True, random_state=seed)
    same = {
        "hidden_layer_sizes": this.hidden,
        "batch_size": this.batch,
        "max_iter": EPOCHS,
        "learning_rate_init": LR,
        "random_state": seed,
    }
    meaning = "torch" if this.classes else "torch-mse"
    alphas = [wd.convert(v, meaning, "mlp", batch_size=this.batch) for v in LAMBDAS]
    network = (MLPClassifier if this.classes else MLPRegressor)(
        n_iter_no_change=EPOCHS, tol=0.0, **same
    )
    found: dict[str, BaseEstimator] = {
        RIVAL: GridSearchCV(
            network,
            {"alpha": [0.0, *alphas]},
            scoring="neg_log_loss" if this.classes else "neg_mean_squared_error",
            cv=inner,
            n_jobs=2,
        )
    }
    ours = MLPClassifierCV if this.classes else MLPRegressorCV
    for name, seeds in OURS.items():
        found[name] = ours(alphas=LAMBDAS, cv=inner, seeds=seeds, n_iter_no_change=np.inf, **same)
    return found


def losses(model: BaseEstimator, X: np.ndarray, y: np.ndarray, variance: float) -> dict[str, Any]:
    """Return what is measured on each row, [n] each.

    The squared error is a share of `variance`, so that R² is 1 less its mean; 0 stands for classes.
    """
    if variance:
        return {"squared error": (y - model.predict(X)) ** 2 / variance}
    probability = model.predict_proba(X)
    label = np.searchsorted(model.classes_, y)
    right = probability[np.arange(len(y)), label]
    return {
        "log loss": -np.log(np.maximum(right, np.finfo(float).eps)),
        "share of wrong classes": (probability.argmax(axis=1) != label).astype(float),
    }


def place(search: Any) -> int:
    """Where the chosen λ stands in the grid, whose 0 is λ = 0."""
    if isinstance(search, GridSearchCV):
        return int(search.best_index_)
    return int(np.flatnonzero(search.alphas_ == search.alpha_)[0])


def measure(
    case: str, rounds: int
) -> tuple[dict[str, dict[str, np.ndarray]], dict[str, list[int]]]:
    """Return errors [R, N] by measure and search, and the places of the λs chosen by search."""
    this = CASES[case]
    X, y = this.load(return_X_y=True)
    outer = StratifiedKFold if this.classes else KFold
    errors: Any = defaultdict(lambda: defaultdict(lambda: np.full((rounds, len(y)), np.nan)))
    places = defaultdict(list)
    for turn in range(rounds):
        folds = outer(FOLDS, shuffle=True, random_state=turn).split(X, y)
        for fold, (train, test) in enumerate(folds):
            for who, search in searches(this, turn * FOLDS + fold).items():
                model = make_pipeline(StandardScaler(), search)
                if not this.classes:
                    model = TransformedTargetRegressor(model, transformer=StandardScaler())
                model.fit(X[train], y[train])
                places[who].append(place((model if this.classes else model.regressor_)[-1]))
                variance = 0.0 if this.classes else y.var()
                for name, values in losses(model, X[test], y[test], variance).items():
                    errors[name][who][turn, test] = values
    return errors, places


def judged(errors: dict[str, dict[str, np.ndarray]]) -> dict[str, dict[str, Verdict]]:
    """Judge ours against GridSearchCV by each measure."""
    return {
        name: {who: compare(of[RIVAL], of[who], np.arange(of[who].shape[1])) for who in OURS}
        for name, of in errors.items()
    }


def said(verdict: Verdict) -> str:
    """Name what an interval says of the second against the first."""
    if verdict.effect.high < 0:
        return "better"
    if verdict.effect.low > 0:
        return "worse"
    return "at least as good" if verdict.effect.high <= verdict.margin else "undecided"


def show(found: dict[str, Any]) -> None:
    """Print a Markdown table, a sentence for each table, and the λs chosen."""
    print(f"| table | measure | {RIVAL} | ours | ours | difference, 95 % | ours is |")
    print("|---|---|---|---|---|---|---|")
    for case, (verdicts, _, _) in found.items():
        for name, pair in verdicts.items():
            for who, v in pair.items():
                estimate, low, high = v.effect
                print(
                    f"| {case} | {name} | {v.baseline:.4f} | {who} | {v.baseline + estimate:.4f} "
                    f"| {estimate:+.4f} ({low:+.4f} … {high:+.4f}) | {said(v)} |"
                )
    print()
    for case, (verdicts, _, _) in found.items():
        parts = (
            f"{who}, "
            + ", ".join(f"{said(pair[who])} in {name}" for name, pair in verdicts.items())
            for who in OURS
        )
        print(f"- {case}: {'; '.join(parts)}.")
    print()
    for case, (_, places, seconds) in found.items():
        chosen = (f"{who}: {' '.join(map(str, at))}" for who, at in places.items())
        print(f"{case} ({seconds:.0f} s), places of λ in the grid. {'; '.join(chosen)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--case", choices=CASES, action="append")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)  # 100 epochs are asked for, and no more
    os.environ["PYTHONWARNINGS"] = "ignore"  # in scikit-learn's processes too
    torch.set_num_threads(1)
    found = {}
    for case in asked.case or CASES:
        begun = time.perf_counter()
        errors, places = measure(case, asked.rounds)
        found[case] = judged(errors), places, time.perf_counter() - begun
    if not asked.json:
        show(found)
        return
    print(
        json.dumps(
            {
                case: {
                    "verdicts": {
                        name: {who: {**asdict(v), "ours is": said(v)} for who, v in pair.items()}
                        for name, pair in verdicts.items()
                    },
                    "places": places,
                    "seconds": seconds,
                }
                for case, (verdicts, places, seconds) in found.items()
            }
        )
    )


if __name__ == "__main__":
    main()
