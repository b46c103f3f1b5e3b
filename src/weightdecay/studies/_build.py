"""From a study file to the arguments of ``weightdecay.path``, ``grid`` or ``compare``."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn

from weightdecay._compare import compare
from weightdecay._comparison import Comparison
from weightdecay._grid import Grid
from weightdecay._grid_search import grid
from weightdecay._path import Path as Found
from weightdecay._search import path
from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.language import Phrase, phrase, shown
from weightdecay.studies import _importing
from weightdecay.studies._load import located
from weightdecay.studies._metric import check_metric
from weightdecay.studies._rows import Rows, in_keys, rows_of
from weightdecay.studies._schema import StudyFile
from weightdecay.studies._sources import kind_of
from weightdecay.study import Recipe, Stopping
from weightdecay.tables import KINDS

T = TypeVar("T")


#: Sentences about arguments of path, which name them.
OF_PATH = ("folds.error.", "metric.error.")
#: What else path says, of which key it is.
OF_KEYS = {
    "network.error.": "model",
    "data.error.": "data",
    "engine.error.device": "study.device",
    "engine.error.refused": "study.engine",
}


@dataclass(frozen=True)
class Arguments:
    """What a study file asks of :func:`weightdecay.path`, whose arguments have the same names.

    Parameters
    ----------
    lr : tuple of floats or None
        Learning rates, where there is a list of them: it is :func:`weightdecay.grid` that is asked.
    decays : dict or None
        Kinds of decay by name, where there is a list of them: it is :func:`weightdecay.compare`
        that is asked, and there is no `decay`.
    unit : float
        By which a loss is multiplied to be in the unit of the target: of a table's regression, the
        variance of its target, which networks learn in standard deviations; 1 otherwise, and with
        a metric. It is no argument of path.
    """

    make_net: Callable[[], nn.Module]
    X: Any
    y: Any
    decay: Decay | None
    recipe: Recipe
    loss: str
    metric: Any
    weight_decay: str | tuple[float, ...]
    seeds: int | tuple[int, ...]
    folds: int | float
    inner_folds: int
    groups: Any
    sample_weight: Any
    transform: Any
    rule: str
    engine: str
    device: str
    random_state: int
    lr: tuple[float, ...] | None = None
    decays: dict[str, Decay] | None = None
    unit: float = 1.0

    @property
    def several(self) -> bool:
        """Whether several paths are asked for."""
        return self.lr is not None or self.decays is not None

    @property
    def keywords(self) -> dict[str, Any]:
        """The arguments by name, for ``weightdecay.path(**keywords)``, ``grid`` or ``compare``."""
        left_out = {"unit", "decays" if self.decays is None else "decay"}
        if self.lr is None:
            left_out.add("lr")
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in left_out}

    def run(self, **more: Any) -> Found | Grid | Comparison:
        """Do what is asked; `more` are further arguments of path: ``out``, ``progress``."""
        search = compare if self.decays is not None else path if self.lr is None else grid
        try:
            return search(**self.keywords, **more)
        except InputError as error:
            if not isinstance(said := error.args[0], Phrase):
                raise
            if said.key.startswith(OF_PATH):
                raise InputError(in_keys(said)) from None
            for about, key in OF_KEYS.items():
                if said.key.startswith(about):
                    raise InputError(phrase("study.error.at", place=key, mistake=said)) from error
            raise


def build(study: StudyFile) -> Arguments:
    """Read the data, import what is named, and return what is to be run.

    Parameters
    ----------
    study : StudyFile
        As :func:`load` returns it; relative paths of another one start from the current folder.

    Raises
    ------
    InputError
        If data, function or factory cannot be had or used: one line that names the key.
    """
    if study.folder is None:
        study = located(study, Path.cwd())
    rows = rows_of(study)
    search = study.study
    kind, lr = study.decay.kind, study.recipe.lr
    decays: dict[str, Decay] | None = None
    if isinstance(kind, tuple):
        decays = {name: KINDS[name].decay for name in kind}
    return Arguments(
        make_net=_network(study, rows),
        X=rows.X,
        y=rows.y,
        decay=None if decays is not None else _decay(study),
        recipe=_recipe(study),
        loss=rows.loss,
        metric=_metric(study, rows),
        weight_decay=search.weight_decay,
        seeds=search.seeds,
        folds=search.folds,
        inner_folds=search.inner_folds,
        groups=rows.groups,
        sample_weight=rows.sample_weight,
        transform=rows.transform,
        rule=search.rule,
        engine=search.engine,
        device=search.device,
        random_state=search.random_state,
        lr=lr if isinstance(lr, tuple) else None,
        decays=decays,
        unit=rows.unit if search.metric is None else 1.0,
    )


def _network(study: StudyFile, rows: Rows) -> Callable[[], nn.Module]:
    model = study.model
    if model.factory is None:
        from weightdecay.sklearn._network import Network

        inputs, outputs, dtype = rows.sizes()
        return Network((inputs, *(model.hidden or ()), outputs), model.activation, dtype)
    factory = _importing.function(model.factory, study.folder or "", "model.factory")
    # Once here, so that a factory that fails does so before the study begins.
    _made(factory, model.factory, "model.factory", nn.Module, "torch.nn.Module")
    return factory


def _decay(study: StudyFile) -> Decay:
    said = study.decay
    if said.factory is None:
        assert isinstance(said.kind, str)
        return KINDS[said.kind].decay
    factory = _importing.function(said.factory, study.folder or "", "decay.factory")
    return _made(factory, said.factory, "decay.factory", Decay, "weightdecay.Decay")


def _metric(study: StudyFile, rows: Rows) -> str | Callable[..., Any] | None:
    said = study.study.metric
    if said is None:
        return None
    metric: str | Callable[..., Any] = said
    if kind_of(said) == "function":
        metric = _importing.function(said, study.folder or "", "study.metric")
    check_metric(metric, said, rows.y, rows.loss, rows.sample_weight)
    return metric


def _made(factory: Callable[[], Any], target: str, key: str, wanted: type[T], name: str) -> T:
    """What a factory returns; a draw of its own from torch's generator leaves no trace."""
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        made = factory()
    if not isinstance(made, wanted):
        said = {"key": key, "target": shown(target), "kind": type(made).__name__, "wanted": name}
        raise InputError(phrase("study.error.returns", **said))
    return made


def _recipe(study: StudyFile) -> Recipe:
    said = study.recipe
    # Of several, each takes this one's place in turn.
    lr = said.lr[0] if isinstance(said.lr, tuple) else said.lr
    stopping = None if said.stopping is None else Stopping(**said.stopping.model_dump())
    recipe = Recipe(
        lr=lr,
        epochs=said.epochs,
        batch_size=said.batch_size,
        optimizer=said.optimizer,
        shuffle=said.shuffle,
        options=dict(said.options),
        clip_grad_norm=said.clip_grad_norm,
        schedule=said.schedule,
        stopping=stopping,
    )
    if said.scheduler is None:
        return recipe
    # As it is: a run folder knows a function by its name and code.
    scheduler = _importing.imported(said.scheduler, study.folder or "", "recipe.scheduler")
    _check_scheduler(scheduler, said.scheduler, recipe)
    return replace(recipe, scheduler=scheduler)


def _check_scheduler(scheduler: Callable[..., Any], target: str, recipe: Recipe) -> None:
    """Let it take a step, so that one that cannot fails before the study begins."""
    optimizer = recipe.make_optimizer([nn.Parameter(torch.zeros(1))])
    key, kind = "recipe.scheduler", torch.optim.lr_scheduler.LRScheduler
    make = _importing.called(partial(scheduler, optimizer), target, key)
    made = _made(make, target, key, kind, "torch.optim.lr_scheduler.LRScheduler")
    optimizer.step()
    try:
        made.step()
    except Exception as error:  # ReduceLROnPlateau wants a loss
        said = {"target": shown(target), "kind": type(made).__name__, "reason": shown(error, 200)}
        raise InputError(phrase("study.error.scheduler", **said)) from None
