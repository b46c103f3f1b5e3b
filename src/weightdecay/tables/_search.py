"""A path of λ for a table, and what its choices predict on rows that took no part in them."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from weightdecay import engines
from weightdecay._cutting import Cut, cut
from weightdecay._judging import Judging
from weightdecay._path import Path
from weightdecay._progress import Progress
from weightdecay._run import run
from weightdecay._search import assembled
from weightdecay.runs import RunFolder
from weightdecay.select import Verdict, by_rows, choose_in_folds
from weightdecay.sklearn._network import Network, as_arrays, outputs
from weightdecay.study import Recipe, Study, Trained, splits
from weightdecay.tables._decays import Kind
from weightdecay.tables._losses import row_losses
from weightdecay.tables._options import LARGE, MEDIUM, Options, recipe_for
from weightdecay.tables._scaling import scaling
from weightdecay.tables._table import Table
from weightdecay.tables._wrong import wrong

ACTIVATION = "relu"
#: Of a large table, the shares to judge on and, of the others, to choose λ by.
TEST_SHARE, VALIDATION_SHARE = 0.2, 0.25
#: Rows of a class with which each of these parts surely gets some.
ENOUGH = 10

Pair = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class Plan:
    """How a table is cut and trained on.

    Parameters
    ----------
    folds : tuple of pairs of arrays
        Rows that train and rows that choose, or that judge where evaluation is nested.
    inner : int
        G, where evaluation is nested.
    judging : tuple of pairs of arrays
        The same with the rows that judge.
    recipe : Recipe
    network : Network
    """

    folds: tuple[Pair, ...]
    inner: int
    judging: tuple[Pair, ...]
    recipe: Recipe
    network: Network

    @property
    def nested(self) -> bool:
        return len(self.folds) > 1


@dataclass(frozen=True)
class Judged:
    """What the choices predict on T rows that took no part in them.

    Parameters
    ----------
    chosen : tuple of F floats
        λ of each fold, above 0.
    rows, unit : array [T]
        The number of each row, and of what is drawn at random: the row or its group.
    kind : {"row", "group"}
    output : array [2, S, T, Q]
        Without decay, and at each fold's λ.
    loss : array [2, S, T]
    verdict : Verdict
    """

    chosen: tuple[float, ...]
    rows: NDArray[np.int64]
    unit: NDArray[np.int64]
    kind: Literal["row", "group"]
    output: NDArray[np.float64]
    loss: NDArray[np.float64]
    verdict: Verdict


def plan_of(table: Table, options: Options) -> Plan:
    """Cut a table.

    K folds, with inner ones in which λ is chosen; a large table once: rows that train, that choose
    and that judge. As many folds at most as the rarest class has rows, or as there are groups.
    """
    regression = table.target.task == "regression"
    labels = torch.from_numpy(np.asarray(table.y, dtype=np.float64 if regression else np.int64))
    how: dict[str, Any] = {"classes": not regression, "option": "--folds"}
    if options.folds is None and len(table.x) > LARGE:
        groups = table.groups
        if not regression:  # a class too rare for three parts is left to chance
            how["classes"] = bool(np.unique_counts(table.y).counts.min() >= ENOUGH)
        ((rest, test),) = splits(TEST_SHARE, labels, groups=groups, **how)
        inside = None if groups is None else groups[rest.numpy()]
        ((a, b),) = splits(VALIDATION_SHARE, labels[rest], groups=inside, **how)
        train, choosing = rest[a].numpy(), rest[b].numpy()
        folds: tuple[Pair, ...] = ((train, choosing),)
        judging: tuple[Pair, ...] = ((train, test.numpy()),)
    else:
        most = options.folds or (5 if len(table.x) <= MEDIUM else 3)
        if options.folds is None and table.groups is not None:
            most = min(most, len(np.unique(table.groups)))
        if options.folds is None and not regression:
            most = min(most, int(np.unique_counts(table.y).counts.min()))
        made = splits(most, labels, groups=table.groups, **how)
        folds = judging = tuple((a.numpy(), b.numpy()) for a, b in made)
    recipe = recipe_for(min(len(train) for train, _ in folds), options)
    sizes = (table.x.shape[1], *options.hidden, table.target.outputs)
    units = np.arange(len(table.x)) if table.groups is None else table.groups
    fewest = min(len(np.unique(units[train])) for train, _ in folds)
    if len(folds) > 1 and fewest < 2:
        raise wrong("one_group", "--folds", folds=len(folds))
    inner = max(2, min(3 if len(table.x) <= MEDIUM else 2, fewest))
    return Plan(folds, inner, judging, recipe, Network(sizes, ACTIVATION))


def search(
    table: Table,
    plan: Plan,
    kind: Kind,
    options: Options,
    progress: Progress = lambda done, total: None,
) -> Path:
    """Return the path of λ of one kind of decay."""
    return searched(table, plan, kind, options, progress)[0]


def searched(
    table: Table,
    plan: Plan,
    kind: Kind,
    options: Options,
    progress: Progress = lambda done, total: None,
    folder: RunFolder | None = None,
) -> tuple[Path, Trained]:
    """Return the path of λ of one kind of decay, and the networks of its F folds.

    It is what :func:`weightdecay.path` finds, which keeps no network: those of a table are small.

    Returns
    -------
    found : Path
    trained : Trained
        The L·S·F members that were trained on the training rows of each fold.
    """
    rows = cut(
        table.x,
        _targets(table),
        table.target.loss,
        plan.folds,
        plan.inner,
        groups=table.groups,
        transform=scaling(table.layout.numbers),
    )
    study = Study(
        problem=rows.problem,
        network=plan.network,
        recipe=plan.recipe,
        decay=kind.decay,
        weight_decay=kind.path,
        seeds=tuple(range(options.seeds)),
    )
    results, trained = run(study, progress=progress, folder=folder)
    judging = Judging(outer=rows.outer, metric=None, unit=rows.unit, kind=rows.kind)
    found = assembled(judging.lay_out(study, results, trained), study, rows, options.rule, "loss")
    outer = [k for k in range(len(trained.diverged)) if k % study.shape[2] < rows.outer]
    return found, trained.only(outer)


def judged(table: Table, plan: Plan, found: Path) -> Judged:
    """Train once more, without decay and at the λ that each fold has chosen, and predict.

    The members are those of the path, with the same seeds, rows and order, now with their outputs.
    """
    values = found.weight_decay
    nested = plan.nested
    # If not, the rows that chose are others than those that judge: one fold, of which not the inner
    # folds but the seeds are units of the rule, as they are of found.choice.
    inner = found.results.inner_error.to_numpy() if nested else found.errors[:, :, :, None]
    units = inner if nested else inner.swapaxes(1, 3)
    chosen = choose_in_folds(units, found.rule)  # type: ignore[arg-type]
    places = tuple(place or 1 for place in chosen)
    parts = judging_parts(table, plan)
    study = Study(
        problem=replace(parts.problem, splits=parts.problem.splits[: parts.outer]),
        network=plan.network,
        recipe=plan.recipe,
        decay=study_of(found).decay,
        weight_decay=tuple(values[place] for place in sorted({0, *places})),
        seeds=study_of(found).seeds,
        record=2,
    )
    output = _outputs(study, [values[place] for place in places])
    rows = np.concatenate([test for _, test in plan.judging])
    fold = np.repeat(np.arange(len(places)), [len(test) for _, test in plan.judging])
    loss = row_losses(table.target.task, output, table.y[rows])
    unit = rows if table.groups is None else table.groups[rows]
    kind: Literal["row", "group"] = "row" if table.groups is None else "group"
    # Two candidates are left in each fold: none, and its own choice.
    pair = np.stack([inner[0], _at_places(inner, places)])
    verdict = by_rows(loss, pair, fold, unit, kind=kind).verdict
    return Judged(tuple(values[place] for place in places), rows, unit, kind, output, loss, verdict)


def study_of(found: Path) -> Study:
    """What was run: a path that was not loaded has it."""
    assert found.study is not None
    return found.study


def judging_parts(table: Table, plan: Plan) -> Cut:
    """The rows of each judging fold, through the transformer fitted on its training rows."""
    return cut(
        table.x,
        _targets(table),
        table.target.loss,
        plan.judging,
        2,
        groups=None,
        transform=scaling(table.layout.numbers),
    )


def _at_places(inner: NDArray[np.float64], places: tuple[int, ...]) -> NDArray[np.float64]:
    return np.stack([inner[place, :, f] for f, place in enumerate(places)], axis=1)


def _outputs(study: Study, chosen: list[float]) -> NDArray[np.float64]:
    """Outputs [2, S, T, Q] on the judging rows of each fold, without decay and at its λ."""
    seeds, folds = len(study.seeds), len(chosen)
    members = [
        (study.weight_decay.index(value) * seeds + seed) * folds + fold
        for fold in range(folds)
        for value in (0.0, chosen[fold])
        for seed in range(seeds)
    ]
    trained = engines.train(study.plan().only(members))
    networks = as_arrays(trained)
    lost = trained.diverged > 0
    parts = []
    for fold, (_, test) in enumerate(study.problem.splits):
        mine = slice(2 * seeds * fold, 2 * seeds * (fold + 1))
        out = outputs(networks[mine], ACTIVATION, study.problem.x[test].numpy())
        out[lost[mine]] = np.nan
        parts.append(out.reshape(2, seeds, *out.shape[1:]))
    return np.concatenate(parts, axis=2)


def _targets(table: Table) -> Any:
    """Targets [N] as networks take them."""
    kind = np.int64 if table.target.task == "multiclass" else np.float32
    return np.asarray(table.y, dtype=kind)
