"""The parameters that the four estimators share, each written down once."""

from dataclasses import KW_ONLY, dataclass
from typing import Any

from sklearn.base import BaseEstimator

from weightdecay.decay import Decay


# A dataclass, since scikit-learn reads parameters off the signature of __init__, and this writes
# one for each public class from the fields of all its bases.
@dataclass(eq=False, repr=False)
class Parameters(BaseEstimator):
    """Documented where a public class names them."""

    hidden_layer_sizes: Any = (100,)
    activation: str = "relu"
    _: KW_ONLY
    solver: str = "adam"
    decay: Decay | None = None
    batch_size: Any = "auto"
    learning_rate: str = "constant"
    learning_rate_init: float = 0.001
    power_t: float = 0.5
    max_iter: int = 200
    shuffle: bool = True
    tol: float = 1e-4
    n_iter_no_change: float = 10
    early_stopping: bool = False
    validation_fraction: float = 0.1
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    dtype: Any = "float32"
    random_state: Any = None
