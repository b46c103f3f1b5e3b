"""The penalties Ω(w): what is measured, tensor by tensor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import torch
from torch import Tensor


@runtime_checkable
class Penalty(Protocol):
    """Ω of one parameter tensor; a model's penalty is the sum over its decayed tensors.

    One that sets ``elementwise = True`` is a sum over entries, so that a shard of a tensor can be
    decayed by itself.
    """

    def value(self, w: Tensor) -> Tensor:
        """Ω(w), a scalar, differentiable wherever Ω is."""

    def gradient(self, w: Tensor) -> Tensor:
        """One subgradient ∂Ω(w), of w's shape; 0 where w is 0."""


@runtime_checkable
class Joint(Penalty, Protocol):
    """A penalty of all decayed tensors at once, which is no sum over them."""

    def value_of_all(self, weights: Sequence[Tensor]) -> Tensor:
        """Ω of the tensors together, a scalar."""

    def gradients(self, weights: Sequence[Tensor]) -> list[Tensor]:
        """∂Ω by each of the tensors."""


@runtime_checkable
class Proximal(Penalty, Protocol):
    """A penalty with a proximal map, as ``Decay(on="prox")`` needs."""

    def prox(self, w: Tensor, amount: Tensor | float) -> Tensor:
        """The proximal map, argmin over u of ½‖u − w‖² + amount·Ω(u)."""


@dataclass(frozen=True)
class L2:
    """Half the squared L2 norm, Ω(w) = ½ Σ w²: with it λ is the ``weight_decay`` of torch.

    Whoever writes λ‖w‖² or ``l2(l)`` (Keras, most hand-written loops) has half of this λ. In the
    limit of full training a linear network under it is ridge regression [1]_.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> w = torch.tensor([[3.0, -4.0]])
    >>> wd.L2().value(w), wd.L2().gradient(w)
    (tensor(12.5000), tensor([[ 3., -4.]]))

    References
    ----------
    .. [1] A. E. Hoerl and R. W. Kennard, "Ridge Regression: Biased Estimation for Nonorthogonal
       Problems", Technometrics 12 (1970), equation 2.1.
    """

    elementwise: ClassVar[bool] = True

    def value(self, w: Tensor) -> Tensor:
        return 0.5 * squares(w).sum()

    def gradient(self, w: Tensor) -> Tensor:
        return w

    def prox(self, w: Tensor, amount: Tensor | float) -> Tensor:
        return w / (1 + amount)


@dataclass(frozen=True)
class L1:
    """The sum of absolute values, Ω(w) = Σ ``|w|``.

    Through a (sub)gradient it never makes a weight exactly 0; a proximal step would [1]_.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> w = torch.tensor([[3.0, -0.5]])
    >>> wd.L1().value(w), wd.L1().prox(w, 1.0)  # what is smaller than the step becomes 0
    (tensor(3.5000), tensor([[2., -0.]]))

    References
    ----------
    .. [1] R. Tibshirani, "Regression Shrinkage and Selection via the Lasso", JRSS B 58 (1996),
       equation 1.
    """

    elementwise: ClassVar[bool] = True

    def value(self, w: Tensor) -> Tensor:
        return w.abs().sum()

    def gradient(self, w: Tensor) -> Tensor:
        return w.sgn()

    def prox(self, w: Tensor, amount: Tensor | float) -> Tensor:
        return w.sgn() * (w.abs() - amount).clamp(min=0)


@dataclass(frozen=True)
class Norm:
    """The L2 norm without the square, Ω(w) = ‖w‖, tensor by tensor.

    This is what ``torch.norm(w)`` in a training loop penalises. It is not ridge: it is a group
    lasso whose groups are the tensors [1]_. Its pull has the same strength however small the tensor
    is, so it drives whole tensors to 0.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> w = torch.tensor([[3.0, -4.0]])
    >>> wd.Norm().value(w), wd.Norm().gradient(w / 100)  # as strong on small weights
    (tensor(5.), tensor([[ 0.6000, -0.8000]]))

    References
    ----------
    .. [1] M. Yuan and Y. Lin, "Model Selection and Estimation in Regression with Grouped
       Variables", JRSS B 68 (2006), equation 2.1.
    """

    def value(self, w: Tensor) -> Tensor:
        norm: Tensor = torch.linalg.vector_norm(w)
        return norm

    def gradient(self, w: Tensor) -> Tensor:
        norm = torch.linalg.vector_norm(w)
        return torch.where(norm == 0, torch.zeros_like(w), w / norm)

    def prox(self, w: Tensor, amount: Tensor | float) -> Tensor:
        norm = torch.linalg.vector_norm(w)
        return torch.where(norm > amount, w * (1 - amount / norm), torch.zeros_like(w))


@dataclass(frozen=True)
class GlobalNorm:
    """The L2 norm, without the square, of all decayed weights together: Ω(w) = sqrt(Σ w²).

    One group lasso group for the whole network [1]_: it pulls every weight by λ·w/‖all‖, and is not
    the sum of the tensors' norms, which is :class:`~weightdecay.Norm`.

    Examples
    --------
    >>> import torch
    >>> from weightdecay.decay import GlobalNorm
    >>> GlobalNorm().value_of_all([torch.tensor([3.0]), torch.tensor([-4.0])])
    tensor(5.)

    References
    ----------
    .. [1] M. Yuan and Y. Lin, "Model Selection and Estimation in Regression with Grouped
       Variables", JRSS B 68 (2006), equation 2.1.
    """

    def value(self, w: Tensor) -> Tensor:
        return self.value_of_all([w])

    def gradient(self, w: Tensor) -> Tensor:
        return self.gradients([w])[0]

    def value_of_all(self, weights: Sequence[Tensor]) -> Tensor:
        norm: Tensor = torch.linalg.vector_norm(
            torch.stack([torch.linalg.vector_norm(w) for w in weights])
        )
        return norm

    def gradients(self, weights: Sequence[Tensor]) -> list[Tensor]:
        norm = self.value_of_all(weights)
        return [torch.where(norm == 0, torch.zeros_like(w), w / norm) for w in weights]


def squares(w: Tensor) -> Tensor:
    """``|w|²`` of each entry, which for a complex one is not its square."""
    return (w * w.conj()).real if w.is_complex() else w.square()


def value(penalty: Penalty, weights: Sequence[Tensor]) -> Tensor:
    """Ω of all of `weights`: a sum over the tensors, but for a :class:`Joint` penalty."""
    if isinstance(penalty, Joint):
        return penalty.value_of_all(weights)
    first, *rest = [penalty.value(w) for w in weights]
    return sum(rest, start=first)


def gradients(penalty: Penalty, weights: Sequence[Tensor]) -> list[Tensor]:
    """∂Ω by each of `weights`."""
    if isinstance(penalty, Joint):
        return penalty.gradients(weights)
    return [penalty.gradient(w) for w in weights]
