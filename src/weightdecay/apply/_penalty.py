"""λ·Ω(w) as a number, for whoever adds it to the loss."""

import torch
from torch import Tensor, nn

from weightdecay.decay import Decay
from weightdecay.decay._objective import Objective
from weightdecay.decay._units import Adaptive
from weightdecay.errors import InputError


def penalty(model: nn.Module, decay: Decay, *, step: int | None = None) -> Tensor:
    r"""The penalty of `model` under `decay`, differentiable, to be added to the data loss.

    .. math:: \lambda \sum_{w\ \mathrm{selected}} \Omega(w)

    It is returned apart, so that data loss and penalty stay two numbers: report both, and compare
    models by the data loss alone. It belongs in the training loss once a step, whatever the batch
    size, and not in a validation loss.

    Parameters
    ----------
    model : torch.nn.Module
    decay : Decay
        With ``on="loss"``. Its λ is per mean loss over the rows of a step; with :class:`L2`, whose
        Ω is ½Σw², it is torch's ``weight_decay``.
    step : int, optional
        Steps taken so far, which a `decay` with a schedule needs.

    Returns
    -------
    Tensor
        A scalar, on the device of the weights; 0 where nothing is selected.

    Raises
    ------
    InputError
        If the decay is none in the loss, or needs what a model alone does not tell: its initial
        weights, or gradients.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Linear(2, 1)
    >>> x, y = torch.ones(4, 2), torch.zeros(4, 1)
    >>> data_loss = torch.nn.functional.mse_loss(model(x), y)
    >>> penalty = wd.penalty(model, wd.Decay(0.1, wd.L2()))
    >>> (data_loss + penalty).backward()
    >>> bool(penalty == 0.05 * model.weight.square().sum())
    True
    """
    if decay.on != "loss":
        raise InputError(
            f"decay: on={decay.on!r} acts beside the loss; use decay.attach(optimizer, model), or "
            "on='loss' for a penalty"
        )
    if isinstance(decay.unit, Adaptive):
        raise InputError("decay: λ of Adaptive follows the gradients; use decay.attach")
    if decay.around == "start":
        raise InputError(
            "decay: the initial weights are not known here; use decay.attach, or give them by name "
            "with around={name: weights}"
        )
    if decay.schedule is not None and step is None:
        raise InputError("step: a decay with a schedule needs the number of steps taken")
    found = Objective(decay, model)(decay.weight_decay, step or 0)
    if isinstance(found, Tensor):
        return found
    anything = next(model.parameters(), torch.zeros(()))
    return anything.new_zeros(())
