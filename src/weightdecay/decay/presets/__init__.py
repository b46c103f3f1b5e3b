"""Named points of the space of decays: each returns a :class:`~weightdecay.Decay`.

>>> import weightdecay as wd
>>> wd.presets.adamw(1e-2)
Decay(weight_decay=0.01, penalty=L2(), on='step', select='weights')
>>> wd.presets.l1(1e-4)
Decay(weight_decay=0.0001, penalty=L1(), on='prox', select='weights')

In all of them w is a weight, w0 the initial one, g the gradient of the data loss, u the direction
of the optimizer, η_t the learning rate at step t, η_max its peak, and λ the argument
`weight_decay`. Every other field of a Decay can be changed with :func:`dataclasses.replace`.
"""

from weightdecay.decay.presets._constraints import cpr, fixed_norm, max_norm
from weightdecay.decay.presets._decoupled import (
    adamc,
    adams,
    adamw,
    awd,
    cautious,
    dino,
    independent,
    normalized,
    sgds,
    sgdw,
)
from weightdecay.decay.presets._penalized import (
    elastic_net,
    group_lasso,
    l1,
    l2,
    l2_sp,
    layer_wise,
    lp,
    orthogonal,
    spectral,
    to_init,
)

__all__ = [
    "adamc",
    "adams",
    "adamw",
    "awd",
    "cautious",
    "cpr",
    "dino",
    "elastic_net",
    "fixed_norm",
    "group_lasso",
    "independent",
    "l1",
    "l2",
    "l2_sp",
    "layer_wise",
    "lp",
    "max_norm",
    "normalized",
    "orthogonal",
    "sgds",
    "sgdw",
    "spectral",
    "to_init",
]
