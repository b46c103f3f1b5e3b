"""Dropout whose masks belong to the member.

torch draws masks from one generator for whatever it trains at the moment, so a member's masks would
depend on its company. Here a mask is a hash of the member's own number, the step, the call and the
element: the same alone or in a stack, in whatever order.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode


def _signed(number: int) -> int:
    """The int64 of the same bits."""
    return number - (1 << 64) if number >= 1 << 63 else number


# Odd constants of the golden ratio and of Steele, Lea and Flood's SplitMix64 (OOPSLA 2014).
_ELEMENT = _signed(0x9E3779B97F4A7C15)
_CALL = _signed(0xD1B54A32D192ED03)
_STEP = _signed(0x8CB92BA72F3D8DD7)
_MIX = ((30, _signed(0xBF58476D1CE4E5B9)), (27, _signed(0x94D049BB133111EB)))


def _shifted(h: Tensor, bits: int) -> Tensor:
    """h ^ (h >> bits), the shift without the sign."""
    return h ^ ((h >> bits) & ((1 << (64 - bits)) - 1))


def at_step(key: Tensor, step: int) -> Tensor:
    """What masks are drawn from in one training step.

    Parameters
    ----------
    key : Tensor, int64
        The member's number, see :meth:`weightdecay.study.Order.randomness`; or one for each member.
    step : int
        Counts the member's training steps.
    """
    return key + _signed(step * _STEP % (1 << 64))


class MemberDropout(TorchFunctionMode):
    """In this context ``torch.nn.functional``'s dropouts draw from `key`.

    Parameters
    ----------
    key : Tensor [], int64
        Of the member and the step, see :func:`at_step`.
    """

    def __init__(self, key: Tensor) -> None:
        super().__init__()
        self.key = key
        self.calls = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in _DROPOUTS:
            return _DROPOUTS[func](self, *args, **(kwargs or {}))
        return func(*args, **(kwargs or {}))

    def kept(self, shape: tuple[int, ...], p: float, like: Tensor) -> Tensor:
        """1 where a draw is p or more, else 0; of `shape`."""
        self.calls += 1
        count = 1
        for n in shape:
            count *= n
        # The key first: torch.compile makes of a product of places alone an index that overflows.
        h = (self.key + torch.arange(count, device=like.device)) * _ELEMENT
        h = h + _signed(self.calls * _CALL % (1 << 64))
        for bits, factor in _MIX:
            h = _shifted(h, bits) * factor
        h = _shifted(h, 31)
        uniform = ((h >> 11) & ((1 << 53) - 1)).double() * 2.0**-53
        return (uniform >= p).to(like.dtype).reshape(shape)


def _dropout(axes: Callable[[Tensor], int]) -> Callable[..., Tensor]:
    """A dropout whose mask has the first `axes` of its input; the others share one draw."""

    def dropout(
        mode: MemberDropout,
        input: Tensor,
        p: float = 0.5,
        training: bool = True,
        inplace: bool = False,
    ) -> Tensor:
        if not training or p == 0:
            return input
        own = axes(input)
        shape = (*input.shape[:own], *(1 for _ in input.shape[own:]))
        return input * mode.kept(shape, p, input) / max(1 - p, 1e-30)

    return dropout


# Of channels: rows and channels have a draw each, or channels alone where the input is one row;
# dropout2d takes three axes for rows, channels and a length.
_DROPOUTS: dict[Any, Callable[..., Tensor]] = {
    F.dropout: _dropout(lambda input: input.dim()),
    F.dropout1d: _dropout(lambda input: 2 if input.dim() == 3 else 1),
    F.dropout2d: _dropout(lambda input: 2),
    F.dropout3d: _dropout(lambda input: 2 if input.dim() == 5 else 1),
}


class _Listener(TorchFunctionMode):
    heard = False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.heard = self.heard or func in _DROPOUTS
        return func(*args, **(kwargs or {}))


def drops(network: nn.Module, x: Tensor) -> bool:
    """Whether `network` calls one of the dropouts above in training, found by a call on `x`."""
    listener = _Listener()
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())), torch.no_grad(), listener:
        deepcopy(network).train()(x)
    return listener.heard
