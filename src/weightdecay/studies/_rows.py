"""The rows of a study: from a table, or from a function."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from weightdecay.errors import InputError
from weightdecay.language import Phrase, phrase, shown
from weightdecay.studies import _importing
from weightdecay.studies._sample_weight import of_column, of_function
from weightdecay.studies._schema import Data, StudyFile
from weightdecay.studies._sources import kind_of
from weightdecay.study import inputs, targets
from weightdecay.tables import Options, Source, read
from weightdecay.tables._embedded import embedded
from weightdecay.tables._scaling import scaling
from weightdecay.tables._table import Table, check_columns, table_of

#: A y whose largest class is this or more holds no classes.
MOST_CLASSES = 65_536
#: What the options of a command, and arguments of path, are in a study file. (No command has
#: --sample-weight.)
KEYS = {
    "DATA": "data.source",
    "--target": "data.target",
    "--drop": "data.drop",
    "--group": "data.group",
    "folds": "study.folds",
    "inner_folds": "study.inner_folds",
    "metric": "study.metric",
    "--sample-weight": "data.sample_weight",
    "--task classification": 'data.task = "classification"',
    "--task regression": 'data.task = "regression"',
}


@dataclass(frozen=True)
class Rows:
    """Rows, and how they are learnt.

    Parameters
    ----------
    X : Tensor or array [N, ...]
    y : Tensor or array [N, ...]
    loss : str
    groups : array [N] or None
    sample_weight : array [N] or None
        How much each row counts.
    transform : scikit-learn transformer or None
        To be fitted inside the folds.
    outputs : int or None
        Q of a network, where it is known without looking at y.
    unit : float
        By which a loss is multiplied to be in the unit of the target.
    """

    X: Any
    y: Any
    loss: str
    groups: Any = None
    sample_weight: Any = None
    transform: Any = None
    outputs: int | None = None
    unit: float = 1.0

    def sizes(self) -> tuple[int, int, str]:
        """Inputs P and outputs Q of a multilayer perceptron, and the type of its weights.

        Raises
        ------
        InputError
            If a row is no list of numbers, and so nothing for a perceptron.
        """
        try:
            x, y = inputs(self.X), targets(self.y, self.loss)
        except InputError as error:
            said = {"place": "data.source", "mistake": error}
            raise InputError(phrase("study.error.at", **said)) from None
        if x.dim() != 2 or not x.is_floating_point() or not x.numel():
            raise InputError(phrase("study.error.inputs", shape=list(x.shape), type=_type(x)))
        if y.dim() > 2 or not y.numel():
            raise InputError(phrase("study.error.targets", shape=list(y.shape)))
        return x.shape[1], self.outputs or self._outputs(y), _type(x)

    def _outputs(self, y: Tensor) -> int:
        if self.loss != "cross_entropy" or y.dim() == 2:
            return y.shape[1] if y.dim() == 2 else 1
        if (last := int(y.max())) >= MOST_CLASSES:
            raise InputError(phrase("study.error.classes", last=last))
        return last + 1


def rows_of(study: StudyFile) -> Rows:
    """Read what ``data.source`` names."""
    data = study.data
    if kind_of(data.source) == "function":
        return _of_function(data, study.folder or "")
    try:
        source = _source(data)
        table = _table(source, data)
    except InputError as error:
        raise InputError(in_keys(error.args[0])) from None
    weighing = data.sample_weight
    regression = table.target.task == "regression"
    return Rows(
        X=table.x,
        y=np.asarray(table.y, np.int64 if table.target.task == "multiclass" else np.float32),
        loss=table.target.loss,
        groups=table.groups,
        sample_weight=None if weighing is None else of_column(weighing, source, table),
        transform=scaling(table.layout.numbers),
        outputs=table.target.outputs,
        unit=table.target.scale**2 if regression else 1.0,
    )


def _source(data: Data) -> Source:
    if kind_of(data.source) == "embedded":
        # Not `read`, for which a file of that name in the current folder goes first.
        return Source(data.source, data.source, embedded(data.source), embedded=True)
    return read(data.source)


def _table(source: Source, data: Data) -> Table:
    drop = data.drop
    if data.sample_weight is not None:
        check_columns(source, {"--sample-weight": data.sample_weight})
        drop = (*drop, data.sample_weight)  # no input
    options = Options(target=data.target, task=data.task, drop=drop, group=data.group)
    return table_of(source, options)


def in_keys(said: Phrase) -> Phrase:
    """Return what is said of the options of a command, or of arguments of path, as of our keys."""
    options = {"option", "remedy"} & said.values.keys()
    return Phrase(said.key, {**said.values, **{n: KEYS[str(said.values[n])] for n in options}})


def _of_function(data: Data, folder: str) -> Rows:
    made = _importing.function(data.source, folder, "data.source")()
    if not (isinstance(made, tuple | list) and len(made) in (2, 3)):
        said = {"source": shown(data.source), "kind": type(made).__name__}
        raise InputError(phrase("study.error.source_returns", **said))
    X, y, *more = made
    loss = data.loss or _loss(y)
    weights = of_function(more[0], len(y), data.source) if more else None
    return Rows(X, y, loss, sample_weight=weights)


def _loss(y: Any) -> str:
    """The loss that the type of y speaks for."""
    try:
        values = y if isinstance(y, Tensor) else np.asarray(y)
    except ValueError:  # rows of different lengths
        raise InputError(phrase("study.error.ragged")) from None
    kind = _type(values)
    if kind.startswith(("int", "uint")) and len(values.shape) == 1:
        return "cross_entropy"
    if "float" in kind:
        return "mse"
    raise InputError(phrase("study.error.no_loss", shape=list(values.shape), type=kind))


def _type(x: Any) -> str:
    return str(x.dtype).removeprefix("torch.")
