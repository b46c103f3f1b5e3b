"""Parameters by the names that scikit-learn's users know."""

from collections.abc import Iterator
from contextlib import contextmanager

from weightdecay.errors import InputError

_THEIRS = {
    "epochs": "max_iter",
    "folds": "cv",
    "inner_folds": "cv",
    "lr": "learning_rate_init",
    "metric": "scoring",
    "optimizer": "solver",
    "patience": "n_iter_no_change",
}


@contextmanager
def scikit_learn_names(weight_decay: str) -> Iterator[None]:
    """Have an :class:`InputError` raised within name the estimator's parameter, not ours.

    Parameters
    ----------
    weight_decay : {"alpha", "alphas"}
        What λ is called.
    """
    try:
        yield
    except InputError as error:
        name, colon, rest = str(error).partition(":")
        theirs = {**_THEIRS, "weight_decay": weight_decay}.get(name, name)
        raise InputError(f"{theirs}{colon}{rest}") from None
