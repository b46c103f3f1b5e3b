"""A callback that attaches decays to what a Lightning ``Trainer`` trains.

It takes ``pip install "weightdecay[lightning]"``.
"""

from collections.abc import Mapping
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor
from torch.optim import Optimizer

from weightdecay.apply._monitor import Monitor
from weightdecay.apply._several import attach_to_each
from weightdecay.decay import Attachment, Decay


class WeightDecay(Callback):
    """Attach `decays` to the optimizers that ``configure_optimizers`` returns.

    They are attached before a checkpoint is loaded, so that what they keep in the optimizer's state
    (steps taken, initial weights) is in the checkpoint and comes back from it, and stay attached
    after ``fit``, so that a checkpoint saved then has it too. Several optimizers get each what they
    train.

    Parameters
    ----------
    *decays : Decay
        λ in the unit that each says; with ``on="loss"`` it is per mean loss over the rows of a
        step. ``training_step`` stays as it is, and returns the data loss alone.
    monitor : bool or mapping, default False
        Whether to log what :class:`weightdecay.Monitor` measures; a mapping is its arguments.
        The numbers go to the loggers of the trainer, at its ``log_every_n_steps``, unless ``to``
        or ``every`` is given.
    validation_loss : str, default "val_loss"
        What the module logs as its validation loss, for the generalisation gap.

    Raises
    ------
    InputError
        As :meth:`weightdecay.Decay.attach`, when ``fit`` begins: a parameter that decays is in none
        of the optimizers, a pattern matches nothing.

    Examples
    --------
    >>> import weightdecay as wd
    >>> from weightdecay.lightning import WeightDecay
    >>> callback = WeightDecay(wd.Decay(0.05, wd.L2(), on="step"), monitor=True)
    >>> # lightning.pytorch.Trainer(callbacks=[callback]).fit(module, loader)
    """

    def __init__(
        self,
        *decays: Decay,
        monitor: bool | Mapping[str, Any] = False,
        validation_loss: str = "val_loss",
    ) -> None:
        self.decays = decays
        self.attached: list[Attachment] = []
        self._options = None if monitor is False else {} if monitor is True else dict(monitor)
        self._validation_loss = validation_loss
        self._monitors: dict[Optimizer, Monitor] = {}
        self._data_loss: Tensor | float = 0.0

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Attach: the optimizers are there, and no checkpoint is loaded into them yet."""
        self._end()
        for decay in self.decays:
            self.attached += attach_to_each(decay, list(trainer.optimizers), pl_module)
        if self._options is None:
            return

        def log(numbers: Mapping[str, float], step: int) -> None:
            for logger in trainer.loggers:
                logger.log_metrics(dict(numbers), step)

        every = getattr(trainer, "log_every_n_steps", 0) or 1
        for optimizer in trainer.optimizers:
            options = {"to": log, "every": every, **self._options}
            self._monitors[optimizer] = Monitor(pl_module, optimizer, **options)

    def on_before_backward(
        self, trainer: Trainer, pl_module: LightningModule, loss: Tensor
    ) -> None:
        """Add up the data loss: of accumulated batches, each comes divided by their number."""
        if self._monitors:
            scaler = getattr(trainer.precision_plugin, "scaler", None)
            self._data_loss += loss.detach() / (scaler.get_scale() if scaler else 1.0)

    def on_before_optimizer_step(
        self, trainer: Trainer, pl_module: LightningModule, optimizer: Optimizer
    ) -> None:
        """Measure, where the gradients are those of the step to come."""
        if monitor := self._monitors.get(optimizer):
            monitor.record(self._data_loss, trainer.global_step)
            self._data_loss = 0.0

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Log the generalisation gap."""
        found = trainer.callback_metrics.get(self._validation_loss)
        if found is not None and not trainer.sanity_checking:
            for monitor in self._monitors.values():
                monitor.validated(found)

    def _end(self) -> None:
        for attached in self.attached:
            attached.detach()
        self.attached.clear()
        self._monitors.clear()
        self._data_loss = 0.0
