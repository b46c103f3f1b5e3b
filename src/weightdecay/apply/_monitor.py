"""What decay does to a network while it trains, written wherever the user's numbers go."""

import math
from collections.abc import Iterable, MutableMapping
from typing import Any

import torch
from torch import Tensor, nn, optim

from weightdecay.apply._measures import Measures, measures
from weightdecay.apply._number import number, shown
from weightdecay.apply._penalty import penalty
from weightdecay.decay import Decay, Selection, normalized, selected
from weightdecay.errors import InputError

Number = float | Tensor


class Monitor:
    r"""Watch a training: norms, data loss and penalty apart, decay against gradient.

    Call :meth:`record` once a step, after ``loss.backward()`` and before ``optimizer.step()``,
    where the gradients are those of the step to come. With :math:`g` the gradient of the data loss,
    :math:`\eta` the learning rate and :math:`a\,\partial\Omega(w)` what the step takes from a
    weight for all of its decays (:math:`a = \eta\lambda`, and what each unit makes of it; a
    cautious decay takes less, by a mask that is not known before the step), it measures

    - ``data_loss`` and ``penalty``, :math:`\lambda\,\Omega(w)`, as two numbers;
    - ``weight_norm``, ``gradient_norm``: :math:`\|w\|`, :math:`\|g\|` over all watched weights;
    - ``decay_to_gradient``: :math:`\|a\,\partial\Omega(w)\| / \|\eta g\|`: under SGD how much of a
      step is decay. (Adam's own step is not :math:`\eta g`; there it tells shares between layers.);
    - ``generalization_gap``: validation loss less the mean data loss since the last validation;

    and for each weight, as ``.../name``: ``weight_norm``, ``decay_to_gradient``,

    - ``relative_step``: :math:`\eta\|g\| / \|w\|`;
    - ``effective_lr``: :math:`\eta / \|w\|^2`, where a normalisation follows: there the scale of a
      weight changes nothing but the size of its steps [1]_, and decay acts through this alone.

    Parameters
    ----------
    model : torch.nn.Module
    optimizer : torch.optim.Optimizer
        Its attached decays and its own ``weight_decay`` are found.
    to : optional
        Where the numbers go: a mapping of its own, which gets a list for "step" and for each key,
        all of one length, with nan where a step or a validation has no such number, so that it can
        be plotted, and is a table for ``pandas.DataFrame``; something with
        ``add_scalar(key, value, step)``, as TensorBoard's ``SummaryWriter``; something with
        ``log(numbers, step)``, as a run of Weights & Biases; or a callable of those two. Without,
        they are only returned.
    decay : Decay, optional
        One with ``on="loss"`` that you add to your loss by :func:`weightdecay.penalty`, so that the
        gradients hold it: it is taken off them, with the λ that its schedule has at the step that
        is recorded.
    select : {"weights", "all", "last"} or callable, default "weights"
        Which parameters are watched, see :func:`weightdecay.selected`.
    scale_invariant : iterable of str, optional
        The weights that have an ``effective_lr``; found from the model by default.
    every : int, default 1
        Measure at every so many steps.
    prefix : str, default "weight_decay/"
        Put before each key.

    Raises
    ------
    InputError
        If `to` is none of these, a name unknown, or `decay` none that
        :func:`weightdecay.penalty` takes.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> attached = wd.Decay(0.5, wd.L2(), on="step").attach(optimizer, model)
    >>> history = {}
    >>> monitor = wd.Monitor(model, optimizer, to=history)
    >>> for step in range(3):
    ...     loss = model(torch.ones(4, 2)).square().mean()
    ...     loss.backward()
    ...     numbers = monitor.record(loss)
    ...     optimizer.step()
    ...     optimizer.zero_grad()
    >>> history["step"], len(history["weight_decay/penalty"])
    ([0, 1, 2], 3)

    References
    ----------
    .. [1] T. van Laarhoven, "L2 Regularization versus Batch and Weight Normalization", 2017,
       arXiv 1706.05350, section 2.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: optim.Optimizer,
        to: Any = None,
        *,
        decay: Decay | None = None,
        select: Selection = "weights",
        scale_invariant: Iterable[str] | None = None,
        every: int = 1,
        prefix: str = "weight_decay/",
    ) -> None:
        if not (number(every) >= 1 and number(every).is_integer()):
            raise InputError(f"every: {shown(every)} is not a whole number of 1 or more")
        if decay is not None and decay.on != "loss":
            raise InputError(f"decay: on={decay.on!r}: attach it, and it is found")
        if not _writable(to):
            raise InputError(
                f"to: {type(to).__name__} is no mapping, has no add_scalar or log, and cannot be "
                "called"
            )
        invariant = normalized(model) if scale_invariant is None else tuple(scale_invariant)
        self._weights = _named(model, selected(model, select))
        _named(model, invariant)
        self._model, self._decay = model, decay
        self._in_loss(0)  # says what is wrong with the decay
        self._scale_invariant = invariant
        self._optimizer, self._to, self._every, self._prefix = optimizer, to, every, prefix
        self._steps = 0
        self._loss_sum: Number = 0.0
        self._losses = 0

    def record(self, data_loss: Number | None = None, step: int | None = None) -> Measures:
        """Measure and write, if this step is one of every so many.

        Parameters
        ----------
        data_loss : float or Tensor [], optional
            Without the penalty.
        step : int, optional
            Its number; counted from 0 without.

        Returns
        -------
        dict of float
            Empty where the step is passed over.
        """
        step = self._steps if step is None else step
        self._steps = step + 1
        if data_loss is not None:
            # Added up where it is: a float would wait for the device at every step.
            data_loss = _detached(data_loss)
            self._loss_sum = self._loss_sum + data_loss
            self._losses += 1
        if step % self._every:
            return {}
        found = measures(
            self._weights,
            self._optimizer,
            in_loss=self._in_loss(step),
            scale_invariant=self._scale_invariant,
        )
        if data_loss is not None:
            found["data_loss"] = float(data_loss)
        return self._write(found, step)

    def validated(
        self, validation_loss: Number, step: int | None = None, *, data_loss: Number | None = None
    ) -> Measures:
        """Write a validation loss, without any penalty, and the generalisation gap.

        Parameters
        ----------
        validation_loss : float or Tensor []
        step : int, optional
            The last recorded one without.
        data_loss : float or Tensor [], optional
            What to hold it against; the mean of those recorded since the last validation without.

        Returns
        -------
        dict of float
            ``validation_loss``, and ``generalization_gap`` where there is a data loss.
        """
        found = {"validation_loss": float(_detached(validation_loss))}
        if data_loss is None and self._losses:
            data_loss = self._loss_sum / self._losses
        if data_loss is not None:
            found["generalization_gap"] = found["validation_loss"] - float(_detached(data_loss))
        self._loss_sum, self._losses = 0.0, 0
        return self._write(found, max(self._steps - 1, 0) if step is None else step)

    @torch.enable_grad()
    def _in_loss(self, step: int) -> Tensor | None:
        """The penalty that was added to the loss of this step."""
        return None if self._decay is None else penalty(self._model, self._decay, step=step)

    def _write(self, found: Measures, step: int) -> Measures:
        found = {f"{self._prefix}{key}": value for key, value in found.items()}
        if self._to is None:
            return found
        if isinstance(self._to, MutableMapping):
            _add_row(self._to, {"step": step, **found}, self._prefix)
        elif hasattr(self._to, "add_scalar"):
            for key, value in found.items():
                self._to.add_scalar(key, value, step)
        elif hasattr(self._to, "log"):
            self._to.log(found, step)
        else:
            self._to(found, step)
        return found


def _add_row(table: MutableMapping[str, list[float]], row: Measures, prefix: str) -> None:
    """Add `row` to columns, with nan for what it, or an earlier one, does not have."""
    before = len(table.setdefault("step", []))
    columns = [key for key in table if key.startswith(prefix)]
    for key in dict.fromkeys([*row, *columns]):
        column = table.setdefault(key, [])
        column += [math.nan] * (before - len(column))
        column.append(row.get(key, math.nan))


def _writable(to: Any) -> bool:
    return (
        to is None
        or isinstance(to, MutableMapping)
        or hasattr(to, "add_scalar")
        or hasattr(to, "log")
        or callable(to)
    )


def _named(model: nn.Module, names: Iterable[str]) -> dict[str, nn.Parameter]:
    known = dict(model.named_parameters())
    for name in names:
        if name not in known:
            raise InputError(f"scale_invariant: the model has no parameter {name!r}")
    return {name: known[name] for name in names}


def _detached(loss: Number) -> Number:
    return loss.detach() if isinstance(loss, Tensor) else float(loss)
