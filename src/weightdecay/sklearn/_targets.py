"""What a network is to learn."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class Targets:
    """What a network is to learn, and how its outputs are to be read.

    Parameters
    ----------
    loss : str
        By its name in :func:`weightdecay.study.mean_loss`.
    y : Tensor [N] or [N, Q]
    outputs : int
        Q.
    activation : {"identity", "logistic", "softmax"}
        What makes of the outputs what is predicted.
    classes : array [C], optional
    """

    loss: str
    y: Tensor
    outputs: int
    activation: str
    classes: NDArray[Any] | None = None

    @property
    def labelled(self) -> bool:
        """Whether a row has one class: not where it has a number, or several labels."""
        return self.classes is not None and not self.several

    @property
    def several(self) -> bool:
        """Whether a row may have several labels."""
        return self.activation == "logistic" and self.outputs > 1
