"""What a weight decay is: a penalty, where it enters, and which parameters it touches."""

from weightdecay.decay._decay import Coupling, Decay
from weightdecay.decay._penalties import L1, L2, Norm, Penalty, Proximal
from weightdecay.decay._selection import Selection, selected

__all__ = ["L1", "L2", "Coupling", "Decay", "Norm", "Penalty", "Proximal", "Selection", "selected"]
