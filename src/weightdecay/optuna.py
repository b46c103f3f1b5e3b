"""An objective for Optuna that trains every seed on every fold.

For those who tune λ together with other things. It takes ``pip install "weightdecay[optuna]"``;
docs/optuna.md says how not to be fooled by the best trial.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from weightdecay import engines
from weightdecay._cutting import cut
from weightdecay._judgeable import check_judgeable
from weightdecay._judging import measured
from weightdecay._path import units
from weightdecay._search import seeds_of
from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.language import phrase
from weightdecay.study import (
    Folds,
    Loss,
    Metric,
    Population,
    Problem,
    Recipe,
    Study,
    Weighted,
    error_metric,
)

try:
    import optuna
except ImportError as error:
    raise ImportError(
        'weightdecay.optuna needs Optuna: pip install "weightdecay[optuna]"'
    ) from error

#: Initial weights are drawn from torch's one generator, so threads of a study take turns.
_TURN = Lock()

Errors = NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """What a trial tries.

    Parameters
    ----------
    make_net : callable
        Returns a fresh network each time; called once a seed, after ``torch.manual_seed(seed)``.
    recipe : Recipe, optional
        Learning rate, epochs, batch size, optimizer ...
    decay : Decay, optional
        With its own λ, in the unit and convention of :class:`weightdecay.Decay`.
    """

    make_net: Callable[[], nn.Module]
    recipe: Recipe = field(default_factory=Recipe)
    decay: Decay = field(default_factory=Decay)


def objective(
    suggest: Callable[[optuna.Trial], Candidate],
    X: Any,
    y: Any = None,
    *,
    loss: str | Loss = "mse",
    metric: str | Metric | None = None,
    seeds: int | Sequence[int] = 5,
    folds: Folds = 5,
    truth: tuple[Any, Any] | None = None,
    validation: tuple[Any, Any] | None = None,
    groups: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    transform: Any = None,
    engine: str = "auto",
    device: str = "cpu",
    random_state: int = 0,
    prune: bool = False,
) -> Callable[[optuna.Trial], float]:
    """Return what ``optuna.Study.optimize`` minimises: the mean error over seeds and folds.

    Every trial trains from the same initialisations on the same folds (common random numbers), so
    that trials differ by what they try and not by their luck.

    Parameters
    ----------
    suggest : callable
        Gets a trial, asks it for values, and returns a :class:`Candidate`. Given a finished trial,
        as ``suggest(study.best_trial)``, it returns the same candidate again.
    X, y, loss, metric, seeds, folds, truth, validation, groups, sample_weight, transform, engine, \
    device, random_state
        As of :func:`weightdecay.path`. There are no inner folds.
    prune : bool, default False
        Whether to train fold by fold, report the mean error so far after each, and stop where the
        study's pruner says so. It costs the engine some of its speed.

    Returns
    -------
    callable
        From a trial to its error, smaller is better. The trial's ``user_attrs`` then hold
        ``errors`` [S][F] (null where a run failed or was pruned), their means ``fold_errors`` [F]
        over seeds and ``seed_errors`` [S] over folds, ``standard_error`` over folds (over seeds
        where there is one fold), ``failed``, the number of runs that diverged or whose error is
        infinite, and ``engine``.

    Raises
    ------
    InputError
        If the data or an option cannot be used: at once. In a trial, and before it trains, if
        `suggest` returns something else, its network does not fit the data or the engine, the
        metric cannot judge every fold, or the study does not minimise one value; after it has
        trained, if the metric gives NaN for a network that did not diverge.
    optuna.TrialPruned
        In a trial, if a run diverges or the pruner says so. A pruned trial counts as a bad one with
        Optuna's samplers, where one that returned NaN would count as none.

    Notes
    -----
    The error of the best trial is the smallest of many, so it is too small, and the rows that it
    was measured on have chosen it. It is no verdict on decay; docs/optuna.md says how to get one.

    With ``n_jobs`` above 1 the trials of one process take turns. For several at once, start
    several processes with one storage.

    Examples
    --------
    >>> import optuna, torch
    >>> import weightdecay as wd
    >>> from weightdecay.optuna import Candidate, objective
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> X = torch.randn(40, 30, generator=torch.Generator().manual_seed(0))
    >>> y = X[:, :1] + 0.5 * torch.randn(40, 1, generator=torch.Generator().manual_seed(1))
    >>> def suggest(trial):
    ...     lr = trial.suggest_float("lr", 1e-3, 1e-1, log=True)
    ...     weight_decay = trial.suggest_float("weight_decay", 1e-3, 1e1, log=True)
    ...     return Candidate(
    ...         lambda: torch.nn.Linear(30, 1), wd.Recipe(lr, epochs=20), wd.Decay(weight_decay)
    ...     )
    >>> study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
    >>> study.optimize(objective(suggest, X, y, seeds=2, folds=3), n_trials=10)
    >>> len(study.best_trial.user_attrs["fold_errors"])
    3
    """
    if truth is not None and validation is not None:
        raise InputError("truth, validation: both are given, and one is what members are judged on")
    rows = cut(
        X,
        y,
        loss,
        folds,
        0,
        judging=validation if truth is None else truth,
        groups=groups,
        sample_weight=sample_weight,
        transform=transform,
        random_state=random_state,
    )
    engines.check_name(engine)
    engines.check_device(device)
    training = _Training(
        rows.problem,
        seeds_of(seeds),
        None if metric is None else error_metric(metric, loss),
        metric if isinstance(metric, str) else getattr(metric, "__name__", "metric"),
        engine,
        device,
    )

    def tried(trial: optuna.Trial) -> float:
        _check_direction(trial)
        candidate = suggest(trial)
        _check_candidate(candidate)
        with _TURN:
            return _run(trial, training, candidate, prune)

    return tried


@dataclass(frozen=True)
class _Training:
    """What is the same in every trial."""

    problem: Problem
    seeds: tuple[int, ...]
    metric: Weighted | None
    name: str
    engine: str
    device: str

    def study(self, candidate: Candidate) -> Study:
        value = float(candidate.decay.weight_decay)
        path = tuple(sorted({0.0, value}))
        return Study(
            self.problem,
            candidate.make_net,
            candidate.recipe,
            candidate.decay,
            path,
            self.seeds,
            record=2,
        )

    def errors(self, study: Study, members: Population, engine: str) -> tuple[Errors, int]:
        """Errors [K] of the members on the rows that judge them, and how many of them failed.

        A member failed if it diverged or its error is infinite; one that diverged has NaN.
        """
        trained = engines.train_by(engine, members, lambda epochs: None, False)
        loss = trained.test_loss[:, -1]
        if self.metric is None:
            return loss, int(np.count_nonzero(~np.isfinite(loss)))
        rows = [torch.from_numpy(test) for test in members.test]
        found = measured(study, trained, rows, self.metric)
        # A step after which no loss was taken may be the one that diverges.
        lost = (trained.diverged > 0) | ~np.isfinite(loss)
        if np.isnan(found[~lost]).any():
            reason = phrase("metric.error.undefined", value=np.nan)
            raise InputError(phrase("metric.error.predicted", option="metric", reason=reason))
        return found, int(np.count_nonzero(lost | ~np.isfinite(found)))


def _run(trial: optuna.Trial, training: _Training, candidate: Candidate, prune: bool) -> float:
    """Train seeds × folds at the candidate's λ, all at once or fold by fold."""
    study = training.study(candidate)
    if training.metric is not None:
        check_judgeable(study, training.metric, training.name, len(study.problem.splits))
    values, seeds, folds = study.shape
    first = (values - 1) * seeds * folds  # the largest λ, the other being 0
    population = study.plan().only(range(first, first + seeds * folds)).to(training.device)
    engine, _ = engines.choose(population, training.engine)
    errors = np.full((seeds, folds), np.nan)
    for some in [[fold] for fold in range(folds)] if prune else [list(range(folds))]:
        members = [seed * folds + fold for seed in range(seeds) for fold in some]
        found, failed = training.errors(study, population.only(members), engine)
        errors[:, some] = found.reshape(seeds, len(some))
        if failed or some[-1] == folds - 1:
            _keep(trial, errors, failed, engine)
        if failed:
            raise optuna.TrialPruned(f"{failed} of {len(found)} runs diverged")
        if prune:
            trial.report(float(errors[:, : some[-1] + 1].mean()), some[-1])
            if trial.should_prune():
                _keep(trial, errors, 0, engine)
                raise optuna.TrialPruned(f"after fold {some[-1] + 1} of {folds}")
    return float(errors.mean())


def _keep(trial: optuna.Trial, errors: Errors, failed: int, engine: str) -> None:
    """Write down what was measured, as plain JSON."""
    sample = units(errors[None])[0]
    spread = sample.std(ddof=1) / np.sqrt(len(sample)) if len(sample) > 1 else np.nan
    for name, value in {
        "errors": errors,
        "fold_errors": errors.mean(axis=0),
        "seed_errors": errors.mean(axis=1),
        "standard_error": spread,
    }.items():
        table = np.asarray(value, dtype=object)
        table[~np.isfinite(np.asarray(value, dtype=float))] = None
        trial.set_user_attr(name, table.tolist())
    trial.set_user_attr("failed", failed)
    trial.set_user_attr("engine", engine)


def _check_candidate(candidate: Any) -> None:
    if not isinstance(candidate, Candidate):
        kind = type(candidate).__name__
        raise InputError(f"suggest: it returns {kind}; let it return a Candidate")
    if isinstance(candidate.make_net, nn.Module):
        raise InputError("make_net: it is a network; give a function that makes a fresh one")
    if not isinstance(candidate.decay, Decay):
        raise InputError(f"decay: it is a {type(candidate.decay).__name__}; give a Decay")


def _check_direction(trial: optuna.Trial) -> None:
    # Trials that are made by hand, to try an objective out, are of no study.
    study = getattr(trial, "study", None)
    if study is not None and study.directions != [optuna.study.StudyDirection.MINIMIZE]:
        raise InputError(
            "study: an error is to be minimised, and nothing else; create_study(direction="
            '"minimize")'
        )
