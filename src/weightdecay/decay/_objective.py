"""λ·Ω of a model's weights, as a term of a loss."""

from collections.abc import Mapping

from torch import Tensor, nn

from weightdecay.decay import _multipliers
from weightdecay.decay._around import given
from weightdecay.decay._decay import Decay
from weightdecay.decay._selection import selected
from weightdecay.decay.penalties._penalty import Penalty, value


class Objective:
    """λ·Ω of the parameters of a model that a decay selects, whatever its coupling.

    Parameters
    ----------
    decay : Decay
        Its own λ is not used.
    model : torch.nn.Module
        As it is now, if the penalty is measured around the initial weights.
    """

    def __init__(self, decay: Decay, model: nn.Module) -> None:
        self.decay = decay
        names = selected(model, decay.select)
        everything = [name for name, _ in model.named_parameters()]
        self.weights: Mapping[str, nn.Parameter] = {n: model.get_parameter(n) for n in names}
        self.factors = _multipliers.factors(decay.multipliers, names, everything)
        self.points = given(model, decay.around)  # type: ignore[arg-type]
        if decay.around == "start":
            self.points = {name: w.detach().clone() for name, w in self.weights.items()}

    def __call__(self, weight_decay: float, step: int) -> Tensor | float:
        """λ·Ω at `weight_decay` after `step` steps; 0.0 where nothing decays."""
        if self.decay.schedule is not None:
            weight_decay *= self.decay.schedule(step)
        terms = {name: weight_decay * factor for name, factor in self.factors.items()}
        return summed(self.decay.penalty, terms, self.weights, self.points)


def summed(
    penalty: Penalty,
    weight_decay: Mapping[str, float],
    weights: Mapping[str, Tensor],
    points: Mapping[str, Tensor],
) -> Tensor | float:
    """Sum over parameters of λ·Ω(w − w0), each with its own λ.

    Of a :class:`~weightdecay.decay.Joint` penalty, Ω of all parameters with the same λ is one term.
    """
    groups: dict[float, list[Tensor]] = {}
    for name, w in weights.items():
        away = w - points[name] if name in points else w
        groups.setdefault(weight_decay[name], []).append(away)
    terms = [coefficient * value(penalty, ws) for coefficient, ws in groups.items() if coefficient]
    return sum(terms[1:], start=terms[0]) if terms else 0.0
