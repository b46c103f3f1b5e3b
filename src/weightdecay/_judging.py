"""The errors by which members are judged, laid out by fold and, where there are any, by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor

from weightdecay._run import outputs
from weightdecay.errors import InputError
from weightdecay.language import first_line, phrase, shown
from weightdecay.study import Study, Trained, Weighted, row_losses


@dataclass(frozen=True)
class Judging:
    """What a member's error is, and what is drawn at random in it.

    Parameters
    ----------
    outer : int
        F: as many of the study's folds come first; the inner ones of each follow.
    metric : callable, optional
        The loss if not given.
    unit : array [N] of int
        What each of the study's rows is as a draw, a row by itself or one of a group.
    kind : {"row", "group"}
    """

    outer: int
    metric: Weighted | None
    unit: NDArray[np.int64]
    kind: Literal["row", "group"]

    def lay_out(self, study: Study, found: xr.Dataset, trained: Trained) -> xr.Dataset:
        """Return the outer folds as folds, and of the inner ones their errors alone.

        Parameters
        ----------
        study : Study
        found : xarray.Dataset
        trained : Trained
            Of ``weightdecay.run(study)``.

        Returns
        -------
        xarray.Dataset
            With ``error`` [L, S, F]; where folds are nested, ``inner_error`` [L, S, F, G] too; and
            where, moreover, the error is a mean over rows, ``row_error`` [L, S, tested] with
            ``tested_fold`` and ``tested_unit`` [tested], the fold and the row, or group, of each,
            and ``tested_weight``, if rows have weights; the errors themselves have none.
        """
        errors = found.test_loss.isel(epoch=-1).to_numpy()
        if self.metric is not None:
            tests = [test for _, test in study.problem.splits]  # the fold is the fastest axis
            each = tests * (len(trained.diverged) // len(tests))
            errors = measured(study, trained, each, self.metric).reshape(errors.shape)
        dims = ("weight_decay", "seed", "fold")
        whole = found.isel(fold=slice(self.outer)).assign(error=(dims, errors[:, :, : self.outer]))
        if errors.shape[2] == self.outer:
            return whole
        inside = errors[:, :, self.outer :].reshape(*errors.shape[:2], self.outer, -1)
        whole = whole.assign(inner_error=((*dims, "inner_fold"), inside))
        rows = self._by_row(study, trained) if self.metric is None else None
        if rows is None:
            return whole
        tested = [test.numpy() for _, test in study.problem.splits[: self.outer]]
        numbers = np.concatenate(tested)
        whole = whole.assign(
            row_error=(("weight_decay", "seed", "tested"), rows),
            tested_fold=("tested", np.repeat(np.arange(self.outer), [len(t) for t in tested])),
            tested_unit=("tested", self.unit[numbers]),
        ).assign_attrs(unit=self.kind)
        if (weight := study.problem.sample_weight) is None:
            return whole
        return whole.assign(tested_weight=("tested", weight[numbers].double().numpy()))

    def _by_row(self, study: Study, trained: Trained) -> NDArray[np.float64] | None:
        """Losses [L, S, tested] of outer members; None if the loss is no mean over rows."""
        problem, network = study.problem, study.template()
        folds = len(problem.splits)
        members = []
        for k in (k for k in range(len(trained.diverged)) if k % folds < self.outer):
            rows = problem.splits[k % folds][1]
            losses = row_losses(
                problem.loss, outputs(network, trained, k, problem.x[rows]), problem.y[rows]
            )
            if losses is None:
                return None
            alive = trained.diverged[k] == 0
            members.append(losses.double().numpy() if alive else np.full(len(rows), np.nan))
        return np.concatenate(members).reshape(*study.shape[:2], -1)


def measured(
    study: Study, trained: Trained, rows: Sequence[Tensor], metric: Weighted
) -> NDArray[np.float64]:
    """Errors [K] of members on `rows` [K] of Tensor [m]; NaN of those that diverged.

    Raises
    ------
    InputError
        If the metric raises: made-up predictions, on which it was tried, need not be like these.
    """
    problem, network = study.problem, study.template()
    errors = np.full(len(trained.diverged), np.nan)
    for k in np.flatnonzero(trained.diverged == 0).tolist():
        mine = rows[k]
        weight = None if problem.sample_weight is None else problem.sample_weight[mine]
        output = outputs(network, trained, k, problem.x[mine])
        try:
            errors[k] = metric(output, problem.y[mine], weight)
        except InputError:
            raise
        except Exception as error:  # whatever a metric of the user's may raise
            reason = shown(first_line(error), 200)
            raise InputError(
                phrase("metric.error.predicted", option="metric", reason=reason)
            ) from error
    return errors
