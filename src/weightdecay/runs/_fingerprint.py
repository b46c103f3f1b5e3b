"""What a study is, as short texts that are equal where the study is."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weightdecay.runs._digest import code_of_network, digest
from weightdecay.study import Population


def fingerprint(population: Population) -> dict[str, str]:
    """Return a digest of each part of what an engine gets.

    Functions and objects (a loss, a scheduler, a module of one's own) count as in ``digest``.

    Returns
    -------
    dict of str to str
        "data", "folds", "network", "recipe", "decay", "weight_decay", "seeds": SHA-256 in hex.
    """
    order, network = population.order, population.network
    rows = [_rows(some) for some in (order.train, population.test, population.held)]
    return {
        "data": digest([population.x, population.y, population.sample_weight, population.loss]),
        "folds": digest([order.keys, rows]),
        "network": digest(
            [str(network), population.weights, population.buffers, *code_of_network(network)]
        ),
        "recipe": digest([population.recipe, population.record]),
        "decay": digest(population.decay),
        "weight_decay": digest(list(dict.fromkeys(population.weight_decay.tolist()))),
        "seeds": digest([list(dict.fromkeys(key[0] for key in order.keys)), order.shuffle]),
    }


#: What has an entry for each member, and so differs too where seeds, λs or folds do.
FOLLOWS = {
    "seeds": {"folds", "network"},
    "weight_decay": {"folds", "network"},
    "folds": {"network"},
}


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the parts in which two fingerprints differ, without those that only follow."""
    other = [name for name in now if before.get(name) != now[name]]
    return [name for name in other if not any(name in FOLLOWS.get(o, ()) for o in other)]


def _rows(rows: Sequence[NDArray[np.int64]]) -> list[Any]:
    """Which rows each member has, those that members share said once."""
    places: dict[int, int] = {}
    which = [places.setdefault(id(some), len(places)) for some in rows]
    by_id = {id(some): some for some in rows}
    return [which, [by_id[key] for key in places]]
