"""A callback that attaches decays to what a Hugging Face ``Trainer`` trains.

It takes ``pip install "weightdecay[transformers]"``.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from weightdecay.apply._monitor import Monitor
from weightdecay.decay import Attachment, Decay
from weightdecay.decay.attaching._memory import needed
from weightdecay.errors import InputError


class WeightDecay(TrainerCallback):
    """Attach `decays` to the optimizer of the trainer when training begins.

    The trainer's own ``weight_decay`` is set to 0 for the parameters that then decay. What the
    decays keep (steps taken, initial weights) is in the checkpoint's ``optimizer.pt``, and comes
    back when training is resumed from it.

    Parameters
    ----------
    *decays : Decay
        λ in the unit that each says; with ``on="loss"`` it is per mean loss over the rows of a
        step.
    monitor : bool or mapping, default False
        Whether to measure what :class:`weightdecay.Monitor` does; a mapping is its arguments. The
        numbers go to ``trainer.state.log_history``, at its ``logging_steps``, unless ``to`` or
        ``every`` is given: a callback cannot hand them to the trainer's own reporters, so give
        their writer as ``to`` (a ``SummaryWriter``, a run of Weights & Biases).

    Raises
    ------
    InputError
        As :meth:`weightdecay.Decay.attach`, when training begins; or if training is resumed, a
        decay must remember, and there is no ``optimizer.pt`` in ``args.resume_from_checkpoint`` or
        ``checkpoint-N`` of the output folder.

    Notes
    -----
    A callback does not see the loss of a step, so there is no ``data_loss`` here: the trainer's own
    ``loss`` is it, and the generalisation gap is ``eval_loss`` less the last of those.

    Examples
    --------
    >>> import weightdecay as wd
    >>> from weightdecay.transformers import WeightDecay
    >>> callback = WeightDecay(wd.Decay(0.05, wd.L2(), on="step"), monitor=True)
    >>> # transformers.Trainer(model, arguments, ..., callbacks=[callback]).train()
    """

    def __init__(self, *decays: Decay, monitor: bool | Mapping[str, Any] = False) -> None:
        self.decays = decays
        self.attached: list[Attachment] = []
        self._options = None if monitor is False else {} if monitor is True else dict(monitor)
        self._monitor: Monitor | None = None
        self._data_loss: float | None = None

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Attach, and give back what a checkpoint holds."""
        self._end()
        optimizer, model = _inside(kwargs["optimizer"]), kwargs["model"]
        if state.global_step:
            self._resume(optimizer, model, _memories(args, state.global_step))
        else:
            self.attached = [decay.attach(optimizer, model) for decay in self.decays]
        if self._options is None:
            return

        def log(numbers: Mapping[str, float], step: int) -> None:
            state.log_history.append({**numbers, "step": step})

        options = {"to": log, "every": max(int(args.logging_steps), 1), **self._options}
        self._monitor = Monitor(model, optimizer, **options)

    def on_pre_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Measure, where the gradients are those of the step to come."""
        if self._monitor is not None:
            self._monitor.record(step=state.global_step + 1)

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Remember the trainer's data loss."""
        self._data_loss = kwargs["logs"].get("loss", self._data_loss)

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Log the generalisation gap."""
        found = kwargs["metrics"].get("eval_loss")
        if self._monitor is not None and found is not None:
            self._monitor.validated(found, state.global_step, data_loss=self._data_loss)

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Detach: the model may be trained again."""
        self._end()

    def _end(self) -> None:
        for attached in self.attached:
            attached.detach()
        self.attached = []
        self._monitor, self._data_loss = None, None

    def _resume(self, optimizer: Optimizer, model: nn.Module, memories: list[Any] | None) -> None:
        """Attach to an optimizer that the trainer has loaded a checkpoint into."""
        if memories is None or len(memories) != len(self.decays):
            if any(map(needed, self.decays)):
                raise InputError(
                    "resume_from_checkpoint: there is no optimizer.pt with what the "
                    f"{len(self.decays)} decays must remember; set args.resume_from_checkpoint to "
                    "the folder of a checkpoint that was saved with them"
                )
            memories = []
        # Where initial weights matter, attach refuses an optimizer that has taken steps; here they
        # are in the checkpoint.
        loaded, optimizer.state = optimizer.state, defaultdict(dict)
        try:
            self.attached = [decay.attach(optimizer, model) for decay in self.decays]
        finally:
            optimizer.state = loaded
        for attached, memory in zip(self.attached, memories, strict=False):
            attached.load_state_dict(memory)


def _memories(args: TrainingArguments, step: int) -> list[Any] | None:
    """What attached decays kept in the checkpoint of `step`."""
    asked = args.resume_from_checkpoint
    folders = [Path(asked)] if isinstance(asked, str) else []
    folders.append(Path(str(args.output_dir)) / f"checkpoint-{step}")
    for file in (folder / "optimizer.pt" for folder in folders):
        if file.is_file():
            state = torch.load(file, map_location="cpu", weights_only=True)
            found: list[Any] | None = state.get("weightdecay")
            return found
    return None


def _inside(optimizer: Any) -> Optimizer:
    """The optimizer itself, which Accelerate wraps."""
    inside: Optimizer = getattr(optimizer, "optimizer", optimizer)
    return inside
