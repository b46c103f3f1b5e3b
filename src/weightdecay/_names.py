"""The names of kinds of decay on the command line and in study files.

They stand apart from the decays themselves, which need torch: help and a schema do not.
"""

from typing import Literal, get_args

DecayName = Literal[
    "l2",
    "adamw",
    "l1",
    "l1_subgradient",
    "elastic_net",
    "norm",
    "group_lasso",
    "lp",
    "cautious",
    "to_init",
    "spectral",
]
DECAY_NAMES: tuple[DecayName, ...] = get_args(DecayName)
