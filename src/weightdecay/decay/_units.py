"""Units of λ: what λ is multiplied by to become what a step takes from a weight."""

from dataclasses import dataclass
from typing import Literal

from weightdecay.decay._selection import Selection
from weightdecay.errors import InputError


@dataclass(frozen=True)
class Corrected:
    r"""λ·η_t²/η_max for weights that a normalisation follows, λ·η_t for the others: AdamC.

    The decay of a weight before a normalisation sets its norm, through the ratio of λ to η_t; so
    the norm swings as the schedule takes η_t to 0, and λ times η_t/η_max keeps it still [1]_.
    At a constant learning rate it is AdamW.

    Parameters
    ----------
    to : "normalized" or Selection, default "normalized"
        Those weights. "normalized": what :func:`weightdecay.decay.normalized` finds.

    References
    ----------
    .. [1] A. Defazio, "Why Gradients Rapidly Increase Near the End of Training", 2025,
       arXiv 2506.02285 (AdamC).
    """

    to: Literal["normalized"] | Selection = "normalized"


@dataclass(frozen=True)
class Adaptive:
    r"""λ_t is an average over steps of λ·‖g‖/‖w‖, over all decayed weights at once: AWD.

    .. math:: \bar\lambda_t = \beta\,\bar\lambda_{t-1} + (1-\beta)\,\lambda\,\|g_t\| / \|w_t\|

    with :math:`\bar\lambda_0 = 0` [1]_, in place of λ. On the step it is multiplied by η_t too.

    Parameters
    ----------
    beta : float, default 0.1
        β, at least 0 and under 1.

    References
    ----------
    .. [1] M. A. Ghiasi, A. Shafahi and R. Ardekani, "Improving Robustness with Adaptive Weight
       Decay", NeurIPS 2023, arXiv 2210.00094.
    """

    beta: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.beta < 1:
            raise InputError(f"unit: beta={self.beta!r} of Adaptive is not at least 0 and under 1")


Unit = Literal["lr", "independent", "step", "stable"] | Corrected | Adaptive
NAMED_UNITS = ("lr", "independent", "step", "stable")
