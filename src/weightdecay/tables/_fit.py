"""Fit a table: choose λ, judge it, hold it against a linear model, train the final networks."""

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from weightdecay._path import Path, units
from weightdecay._progress import Report
from weightdecay._refit import refit
from weightdecay.errors import InputError
from weightdecay.language import phrase
from weightdecay.runs import RunFolder
from weightdecay.select import Verdict, compare, mean_interval
from weightdecay.sklearn._network import as_arrays
from weightdecay.study import Problem, Trained
from weightdecay.tables._baseline import baseline
from weightdecay.tables._decays import KINDS
from weightdecay.tables._losses import constant_loss, losses_of, mean_of_seeds
from weightdecay.tables._model import Model
from weightdecay.tables._options import Options
from weightdecay.tables._reading import Source
from weightdecay.tables._scaling import as_numbers
from weightdecay.tables._scores import scores
from weightdecay.tables._search import (
    ACTIVATION,
    Judged,
    Plan,
    judged,
    judging_parts,
    plan_of,
    searched,
    study_of,
)
from weightdecay.tables._shown import Shown, shown
from weightdecay.tables._table import Table, table_of


@dataclass(frozen=True)
class Fitted:
    """What a fit found.

    Parameters
    ----------
    summary : dict
        Numbers, strings and lists only, as ``weightdecay fit --json`` prints them.
    model : Model
    path : Path
        Its errors are of the standardised target.
    shown : Shown
        What a page shows besides.
    """

    summary: dict[str, Any]
    model: Model
    path: Path
    shown: Shown


def fit(
    source: Source,
    options: Options,
    progress: Report = lambda part, done, total: None,
    folder: RunFolder | None = None,
) -> Fitted:
    """Fit a table.

    Parameters
    ----------
    source : Source
    options : Options
    progress : callable, optional
        Called now and then with the part, the steps done since the last call, and all its steps.
    folder : RunFolder, optional
        Where the networks of the path are kept as they are trained, and taken from.

    Raises
    ------
    InputError
        If the table or an option cannot be used, or every final network diverged.
    """
    began = time.perf_counter()
    table = table_of(source, options)
    plan = plan_of(table, options)
    kind = KINDS["l2"]
    found, trained = searched(
        table, plan, kind, options, lambda done, total: progress("fit_path", done, total), folder
    )
    if found.picks[0] is None:
        raise InputError(phrase("table.error.diverged", place=source.place))
    return finish(source, table, plan, found, trained, options, progress, began)


def finish(
    source: Source,
    table: Table,
    plan: Plan,
    found: Path,
    trained: Trained,
    options: Options,
    progress: Report,
    began: float,
) -> Fitted:
    """Judge a path, train the final networks and say everything."""
    choice = judged(table, plan, found)
    rival = _rival(table, plan, progress)
    target, y = table.target, table.y[choice.rows]
    together = [mean_of_seeds(target.task, output) for output in choice.output]
    ours = losses_of(target.task, together[1], y)
    theirs = losses_of(target.task, rival, y)
    against = compare(theirs[None], ours[None], choice.unit, kind=choice.kind)
    model = _final(table, found, source.place)
    values = found.weight_decay
    seen = shown(table, plan, trained, len(values), values.index(found.choice))
    unit = target.scale**2 if target.task == "regression" else 1.0
    summary = {
        "verb": "fit",
        "data": source.place,
        **description(table),
        "recipe": recipe_of(plan, options),
        "evaluation": _evaluation(plan, choice),
        "metric": "mse" if target.task == "regression" else "log_loss",
        "constant_error": constant_loss(target.task, table.y) * unit,
        "path": path_rows(found, unit),
        "choice": found.choice,
        "rule": found.rule,
        "at_edge": found.choice > 0 and found.at_edge,
        "chosen_in_folds": list(choice.chosen),
        "verdict": plain(choice.verdict, unit),
        "scores": {
            "with_decay": scores(target, together[1], y),
            "without_decay": scores(target, together[0], y),
            "baseline": scores(target, rival, y),
        },
        "baseline": {
            "model": "RidgeCV" if target.task == "regression" else "LogisticRegressionCV",
            "verdict": plain(against, unit),
        },
        "engine": found.results.attrs["engine"],
        "seconds": time.perf_counter() - began,
    }
    return Fitted(summary, model, replace(found, study=None, transform=None), seen)


def description(table: Table) -> dict[str, Any]:
    """What was read, as plain values."""
    kinds = ("number", "category", "date")
    return {
        "rows": len(table.x),
        "rows_without_target": table.without_target,
        "features": table.x.shape[1],
        "columns": {
            kind: [column.name for column in table.layout.columns if column.kind == kind]
            for kind in kinds
        },
        "dropped": [{"name": d.name, "reason": d.reason} for d in table.dropped],
        "imputed": dict(table.imputed),
        "marks": {name: list(marks) for name, marks in table.marks.items()},
        "notations": table.layout.notations | table.target.notations,
        "target": table.target.name,
        "task": table.target.task,
        "classes": list(table.target.classes),
        "groups": None if table.groups is None else len(np.unique(table.groups)),
    }


def recipe_of(plan: Plan, options: Options) -> dict[str, Any]:
    """How networks are trained, as plain values."""
    return {
        "hidden": list(options.hidden),
        "activation": ACTIVATION,
        "optimizer": plan.recipe.optimizer,
        "lr": plan.recipe.lr,
        "epochs": plan.recipe.epochs,
        "batch_size": plan.recipe.batch_size,
        "seeds": options.seeds,
        "decay": "l2",
    }


def path_rows(found: Path, unit: float) -> list[dict[str, Any]]:
    """The path as plain values: λ, held-out error with its interval, training error, failures.

    `unit` is what errors are multiplied by.
    """
    errors = units(found.errors)
    train = found.results.train_loss.isel(epoch=-1).to_numpy().mean(axis=(1, 2))
    rows = []
    for place, value in enumerate(found.weight_decay):
        middle, low, high = (float(bound) * unit for bound in mean_interval(errors[place]))
        rows.append(
            {
                "weight_decay": value,
                "error": middle,
                "interval": [low, high],
                "train_error": float(train[place]) * unit,
                "failed": found.failures[value],
            }
        )
    return rows


def plain(verdict: Verdict, unit: float) -> dict[str, Any]:
    """Return what `verdict` says as plain values, errors multiplied by `unit`."""
    return {
        "label": verdict.label,
        "effect": verdict.effect.estimate * unit,
        "interval": [verdict.effect.low * unit, verdict.effect.high * unit],
        "error_of_first": verdict.baseline * unit,
        "margin": verdict.margin * unit,
        "pairs": verdict.pairs,
        "unit": verdict.unit,
        "seeds": verdict.seeds,
        "failed": verdict.failed,
        "needed": verdict.needed,
        "needed_seeds": verdict.needed_seeds,
    }


def _evaluation(plan: Plan, choice: Judged) -> dict[str, Any]:
    return {
        "nested": plan.nested,
        "folds": len(plan.folds),
        "rows_judged": len(np.unique(choice.rows)),
    }


def _rival(table: Table, plan: Plan, progress: Report) -> NDArray[np.float64]:
    """Predictions [T] or [T, C] of a linear model on the judging rows, fold by fold."""
    parts = judging_parts(table, plan)
    x = parts.problem.x.double().numpy()
    predicted = []
    for (train, test), (rows, _) in zip(
        parts.problem.splits[: parts.outer], plan.judging, strict=True
    ):
        predicted.append(
            baseline(
                table.target.task,
                x[train.numpy()],
                table.y[rows],
                len(table.target.classes),
                x[test.numpy()],
            )
        )
        progress("fit_baseline", 1, parts.outer)
    return np.concatenate(predicted)


def _final(table: Table, found: Path, place: str) -> Model:
    """Train one network from each seed on all rows, with the chosen λ."""
    study = study_of(found)
    rows = torch.arange(len(study.problem.x))
    problem = Problem(study.problem.x, study.problem.y, ((rows, rows[:0]),), study.problem.loss)
    trained = refit(replace(study, problem=problem), found.choice, study.seeds)
    alive = [
        layers for layers, k in zip(as_arrays(trained), trained.diverged, strict=True) if not k
    ]
    if not alive:
        raise InputError(phrase("table.error.diverged", place=place))
    fitted = as_numbers(found.transform, table.layout.numbers, table.x.shape[1])
    return Model(table.layout, fitted, table.target, tuple(alive), ACTIVATION)
