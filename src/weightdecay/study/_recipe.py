"""How one member is trained, decay aside."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import nn, optim

from weightdecay.errors import InputError
from weightdecay.study._stopping import Stopping
from weightdecay.study._whole import whole

#: Optimizers that treat every weight by itself, so that a stack of members is to them what its
#: members are; LBFGS, Adafactor and Muon do not.
OPTIMIZERS: dict[str, Callable[..., optim.Optimizer]] = {
    "sgd": optim.SGD,
    "adam": optim.Adam,
    "adamw": optim.AdamW,
    "rmsprop": optim.RMSprop,
    "adagrad": optim.Adagrad,
    "adadelta": optim.Adadelta,
    "adamax": optim.Adamax,
    "nadam": optim.NAdam,
    "radam": optim.RAdam,
}

Scheduler = Callable[[optim.Optimizer], optim.lr_scheduler.LRScheduler]


@dataclass(frozen=True)
class Recipe:
    """Optimizer, learning rate, epochs, batch size and the order of the rows.

    Parameters
    ----------
    lr : float, default 1e-3
        Learning rate η; the first one, with a scheduler.
    epochs : int, default 100
        Passes over the training rows.
    batch_size : int, default 32
        Rows of a step; the last step of an epoch takes what is left.
    optimizer : {"sgd", "adam", "adamw", "rmsprop", "adagrad", ...}, default "adam"
        The class of ``torch.optim``. Its own ``weight_decay`` is always 0, that of AdamW too: the
        decay of a study is its :class:`~weightdecay.Decay`, so that every optimizer can be had with
        every decay. torch's ``AdamW(weight_decay=λ)`` is "adamw" with ``Decay(λ, on="step")``.
    shuffle : bool, default True
        Whether each epoch takes the rows in a new order, or always in their own.
    options : mapping, optional
        Further keyword arguments of the optimizer: ``momentum``, ``betas``, ``eps`` ...
    clip_grad_norm : float, optional
        The largest norm that the gradient of all of a member's parameters may have; a larger one is
        scaled down to it. A penalty in the loss is part of that gradient.
    scheduler : callable, optional
        Gets the optimizer and returns one of ``torch.optim.lr_scheduler``.
    schedule : {"epoch", "step"}, default "epoch"
        When the scheduler takes its step.
    stopping : Stopping, optional
        When a member stops before its last epoch; it does not if this is not given.

    Raises
    ------
    InputError
        If a number is out of its range, the optimizer is unknown, or `options` names
        ``weight_decay``.

    Examples
    --------
    >>> from weightdecay import Recipe
    >>> Recipe(lr=0.1, epochs=5, optimizer="sgd", options={"momentum": 0.9}).batch_size
    32
    """

    lr: float = 1e-3
    epochs: int = 100
    batch_size: int = 32
    optimizer: str = "adam"
    shuffle: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)
    clip_grad_norm: float | None = None
    scheduler: Scheduler | None = None
    schedule: Literal["epoch", "step"] = "epoch"
    stopping: Stopping | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lr) and self.lr > 0):
            raise InputError(f"lr: {self.lr} is not a finite number above 0")
        for name in ("epochs", "batch_size"):
            # As Python's own, so that a run folder knows it by the same digest.
            object.__setattr__(self, name, whole(name, getattr(self, name), least=1))
        if self.optimizer not in OPTIMIZERS:
            raise InputError(
                f"optimizer: {self.optimizer!r} is none of {', '.join(map(repr, OPTIMIZERS))}: "
                "it must treat every weight by itself"
            )
        if self.clip_grad_norm is not None and not self.clip_grad_norm > 0:
            raise InputError(f"clip_grad_norm: {self.clip_grad_norm} is not above 0")
        if self.schedule not in ("epoch", "step"):
            raise InputError(f"schedule: {self.schedule!r} is neither 'epoch' nor 'step'")
        if not isinstance(self.stopping, Stopping | None):
            raise InputError(f"stopping: {self.stopping!r} is not a Stopping; write Stopping()")
        if "lr" in self.options:
            raise InputError("options: lr is an argument of the Recipe itself")
        if "weight_decay" in self.options:
            raise InputError("options: weight_decay belongs into the Decay, not into the optimizer")

    def make_optimizer(self, parameters: list[nn.Parameter], **more: Any) -> optim.Optimizer:
        """Torch's own optimizer, without a decay of its own; `more` gives way to `options`."""
        return OPTIMIZERS[self.optimizer](
            parameters, lr=self.lr, weight_decay=0.0, **{**more, **self.options}
        )
