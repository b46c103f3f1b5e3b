"""Whether a metric can judge every fold, found before any training."""

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from weightdecay.errors import InputError
from weightdecay.language import phrase, shown
from weightdecay.study import Problem, Study, Weighted, why_not


def check_judgeable(study: Study, metric: Weighted, name: str, outer: int) -> None:
    """Judge the rows of every fold with outputs that nobody trained for.

    Parameters
    ----------
    study : Study
        Its λs do not matter.
    metric : callable
        Of :func:`weightdecay.study.error_metric`.
    name : str
        What the metric is called.
    outer : int
        F: as many folds come first; the inner ones of each follow.

    Raises
    ------
    InputError
        If the metric raises, or gives no finite number, for a fold, which is named; and what
        :meth:`Study.plan` raises.
    """
    problem = study.problem
    loss = problem.loss
    said: dict[str, Any] = {"option": "metric", "metric": shown(name)}
    said["loss"] = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    # One member: what does not fit is told as it would be without a metric.
    one = replace(problem, splits=problem.splits[:1])
    network = replace(study, problem=one, weight_decay=(0.0,), seeds=study.seeds[:1]).plan().network
    for number, (_, test) in enumerate(problem.splits):
        reason = _why_not(network, problem, test, metric)
        if reason is None:
            continue
        everywhere = torch.cat([test for _, test in problem.splits[:outer]])
        if whole := _why_not(network, problem, everywhere, metric):
            raise InputError(phrase("metric.error.targets", **said, reason=whole))
        if number < outer:
            raise InputError(phrase("metric.error.fold", **said, fold=number, reason=reason))
        fold, inner = divmod(number - outer, (len(problem.splits) - outer) // outer)
        said |= {"fold": fold, "inner": inner, "reason": reason}
        raise InputError(phrase("metric.error.inner_fold", **said))


@torch.no_grad()
def _why_not(network: nn.Module, problem: Problem, rows: Tensor, metric: Weighted) -> Any:
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        output = network.eval()(problem.x[rows])
    weight = None if problem.sample_weight is None else problem.sample_weight[rows]
    return why_not(metric, output, problem.y[rows], weight)
