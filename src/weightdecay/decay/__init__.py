"""What a weight decay is: a penalty, where it enters, and which parameters it touches."""

from weightdecay.decay import presets
from weightdecay.decay._decay import Coupling, Decay
from weightdecay.decay._normalized import normalized
from weightdecay.decay._objective import Objective
from weightdecay.decay._schedules import Cosine, Linear, Schedule
from weightdecay.decay._selection import Selection, selected
from weightdecay.decay._units import Adaptive, Corrected, Unit
from weightdecay.decay.attaching._amounts import per_lambda as amount_per_lambda
from weightdecay.decay.attaching._attachment import Attachment, attachments
from weightdecay.decay.penalties._constraints import CPR, Constraint, FixedNorm, MaxNorm
from weightdecay.decay.penalties._elastic_net import ElasticNet
from weightdecay.decay.penalties._group_lasso import GroupLasso
from weightdecay.decay.penalties._lp import Lp
from weightdecay.decay.penalties._orthogonal import Orthogonal
from weightdecay.decay.penalties._penalty import L1, L2, GlobalNorm, Joint, Norm, Penalty, Proximal
from weightdecay.decay.penalties._spectral import Spectral

__all__ = [
    "CPR",
    "L1",
    "L2",
    "Adaptive",
    "Attachment",
    "Constraint",
    "Corrected",
    "Cosine",
    "Coupling",
    "Decay",
    "ElasticNet",
    "FixedNorm",
    "GlobalNorm",
    "GroupLasso",
    "Joint",
    "Linear",
    "Lp",
    "MaxNorm",
    "Norm",
    "Objective",
    "Orthogonal",
    "Penalty",
    "Proximal",
    "Schedule",
    "Selection",
    "Spectral",
    "Unit",
    "amount_per_lambda",
    "attachments",
    "normalized",
    "presets",
    "selected",
]
