"""What scikit-learn asks of an estimator, with nothing excepted."""

from collections.abc import Callable
from typing import Any

from sklearn.utils.estimator_checks import parametrize_with_checks

from weightdecay.sklearn import MLPClassifier, MLPClassifierCV, MLPRegressor, MLPRegressorCV

QUICK = {"hidden_layer_sizes": (8,), "learning_rate_init": 0.1, "max_iter": 15, "random_state": 0}
PATH = {**QUICK, "alphas": [0.01], "cv": 2, "seeds": 1}


@parametrize_with_checks(
    [MLPRegressor(**QUICK), MLPClassifier(**QUICK), MLPRegressorCV(**PATH), MLPClassifierCV(**PATH)]
)
def test_is_an_estimator_as_scikit_learn_wants_it(
    estimator: Any, check: Callable[[Any], None]
) -> None:
    check(estimator)
