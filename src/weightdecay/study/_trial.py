"""A metric on made-up outputs: what it cannot judge shows before any training."""

import math
import warnings

from torch import Tensor
from torch.nn import functional as F

from weightdecay.errors import InputError
from weightdecay.language import Phrase, first_line, phrase, shown
from weightdecay.study._metrics import Weighted


def why_not(
    metric: Weighted, output: Tensor, y: Tensor, weight: Tensor | None = None
) -> Phrase | str | None:
    """Return why `metric` does not judge y; None if it does.

    Parameters
    ----------
    metric : callable
        Of :func:`weightdecay.study.error_metric`.
    output : Tensor [n, ...]
        Of any network: what counts is its shape, unless y does not say what a good one is.
    y : Tensor [n, ...]
    weight : Tensor [n], optional

    Raises
    ------
    InputError
        If the metric itself says so by one.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = metric(_likely(y, output), y, weight)
    except InputError:
        raise
    except Exception as error:  # whatever a metric makes of a target that it is not for
        return shown(first_line(error), 200)
    return None if math.isfinite(value) else phrase("metric.error.undefined", value=value)


def _likely(y: Tensor, output: Tensor) -> Tensor:
    """Outputs of a good network, which are what a metric is for."""
    classes = output.shape[1] if output.dim() == y.dim() + 1 else 0
    if not y.is_floating_point() and bool(((y >= 0) & (y < classes)).all()):
        return F.one_hot(y, classes).movedim(-1, 1).to(output.dtype)
    if output.shape == y.shape and y.is_floating_point():
        # Positive, or a share, where the targets are; and not right, for the logarithm of an error.
        return 0.9 * y + 0.07
    return output
