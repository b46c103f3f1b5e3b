"""The function of one variable that a path fits, where the truth is known."""

import numpy as np
import xarray as xr

from weightdecay._run import predict
from weightdecay.study import Study, Trained

#: Points of the truth at which fits are kept, and members that are asked: cheap for all of them.
POINTS, MEMBERS = 112, 5_000


def with_curve(results: xr.Dataset, study: Study, trained: Trained) -> xr.Dataset:
    """Keep what every member predicts at some of the judging rows, if there is a curve to draw.

    There is if x and y are single numbers, the loss is the squared error, and one fold judges.

    Returns
    -------
    xarray.Dataset
        With ``prediction`` [L, S, point], ``point_x`` and ``point_y`` [point], the truth by
        ascending x, and ``datum_x`` and ``datum_y`` [datum], the training rows; or as it was.
    """
    problem = study.problem
    train, judging = problem.splits[0]
    single = problem.x.dim() == 2 and problem.x.shape[1] == 1 and problem.y.shape[1:] == (1,)
    if not single or problem.loss != "mse" or len(trained.diverged) > MEMBERS:
        return results
    ordered = judging[problem.x[judging, 0].argsort()]
    kept = np.unique(np.linspace(0, len(ordered) - 1, min(POINTS, len(ordered))).round())
    points = ordered[kept.astype(np.int64)]
    fits = predict(study.template(), trained, problem.x[points])[..., 0]
    fits[trained.diverged > 0] = float("nan")
    return results.assign(
        prediction=(
            ("weight_decay", "seed", "point"),
            fits.reshape(*study.shape[:2], -1).double().cpu().numpy(),
        )
    ).assign_coords(
        point_x=("point", problem.x[points, 0].double().numpy()),
        point_y=("point", problem.y[points, 0].double().numpy()),
        datum_x=("datum", problem.x[train, 0].double().numpy()),
        datum_y=("datum", problem.y[train, 0].double().numpy()),
    )
