"""What scikit-learn asks of an estimator."""

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.base import BaseEstimator
from sklearn.utils.estimator_checks import parametrize_with_checks

from weightdecay.sklearn import MLPClassifier, MLPClassifierCV, MLPRegressor, MLPRegressorCV

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

QUICK = {"hidden_layer_sizes": (4,), "learning_rate_init": 0.1, "max_iter": 10, "random_state": 0}
PATH = {**QUICK, "alphas": [0.01], "cv": 2, "seeds": 1}
KINDS = [(MLPRegressor, QUICK), (MLPClassifier, QUICK), (MLPRegressorCV, PATH)]
KINDS.append((MLPClassifierCV, PATH))


def weights_in_single_precision(_: BaseEstimator) -> dict[str, str]:
    """A row of weight 2 and two rows must give the same to 1e-7, which single precision has not."""
    check = "check_sample_weight_equivalence_on_{}_data"
    return {check.format(kind): "rounding of float32" for kind in ("dense", "sparse")}


@parametrize_with_checks([kind(**how, dtype="float64") for kind, how in KINDS])
def test_is_an_estimator_as_scikit_learn_wants_it(
    estimator: Any, check: Callable[[Any], None]
) -> None:
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(
    [kind(**how) for kind, how in KINDS], expected_failed_checks=weights_in_single_precision
)
def test_so_it_is_in_single_precision(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)
