"""Networks that compute something else than their classes say: `auto` trains what the loop does.

An engine with arithmetic of its own must not take a module for what its class computes.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from populations import OPTIMIZERS, network, problem
from promised import assert_same
from torch import Tensor, nn

from weightdecay import engines
from weightdecay.decay import Decay
from weightdecay.study import Population, Study


class Scaled(nn.ReLU):
    """An activation of torch's with another forward."""

    def forward(self, x: Tensor) -> Tensor:
        return 0.1 * super().forward(x)


class Square(nn.Identity):
    """What is no identity."""

    def forward(self, x: Tensor) -> Tensor:
        return x * x


class Half(nn.Sequential):
    """A container that does more than call its children."""

    def forward(self, x: Tensor) -> Tensor:
        return 0.5 * super().forward(x)


def double(*sizes: int) -> nn.Linear:
    return nn.Linear(*sizes, dtype=torch.float64)


def with_activation(activation: nn.Module) -> nn.Module:
    return nn.Sequential(double(2, 5), activation, double(5, 2))


def with_first(layer: nn.Module) -> nn.Module:
    return nn.Sequential(layer, nn.Tanh(), double(5, 2))


def changed(change: Callable[[nn.Sequential], object]) -> nn.Module:
    made = network("tanh")
    change(made)
    return made


def scaled_output(module: nn.Module, inputs: object, output: Tensor) -> Tensor:
    return 0.1 * output


def scaled_input(module: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor]:
    return (0.1 * inputs[0],)


def scaled_gradient(module: nn.Module, gradients: tuple[Tensor], *more: object) -> tuple[Tensor]:
    return (0.1 * gradients[0],)


def bias_first() -> nn.Linear:
    """What is left of a weight normalisation: a plain layer whose bias comes before its weight."""
    layer = double(2, 5)
    magnitude = nn.Parameter(layer.weight.detach())
    del layer.weight
    layer.register_parameter("weight", magnitude)
    assert [name for name, _ in layer.named_parameters()] == ["bias", "weight"]
    return layer


def cut_by_hand(made: nn.Sequential) -> None:
    """Two units of the first layer are taken out, and its sizes not told."""
    made[0].weight, made[0].bias = nn.Parameter(made[0].weight[:3]), nn.Parameter(made[0].bias[:3])
    made[2].weight = nn.Parameter(made[2].weight[:, :3])


#: Networks, with what each engine says of them: the module that it cannot take; None: it takes it.
ALTERED: dict[str, tuple[Callable[[], nn.Module], str, str | None]] = {
    "subclass of an activation": (lambda: with_activation(Scaled()), "1 (Scaled)", None),
    "subclass of Identity": (lambda: with_activation(Square()), "1 (Square)", None),
    "subclass of Sequential": (lambda: with_first(Half(double(2, 5))), "0 (Half)", None),
    "subclass as a whole": (lambda: Half(double(2, 2)), "the network (Half)", None),
    "hook on a layer": (
        lambda: changed(lambda made: made[0].register_forward_hook(scaled_output)),
        "0 (Linear) has a hook",
        None,
    ),
    "hook before a layer": (
        lambda: changed(lambda made: made[2].register_forward_pre_hook(scaled_input)),
        "2 (Linear) has a hook",
        None,
    ),
    "hook on an activation": (
        lambda: changed(lambda made: made[1].register_forward_hook(scaled_output)),
        "1 (Tanh) has a hook",
        None,
    ),
    "hook on a container": (
        lambda: changed(lambda made: made.register_forward_hook(scaled_output)),
        "the network (Sequential) has a hook",
        None,
    ),
    "hook on gradients": (
        lambda: changed(lambda made: made[2].register_full_backward_hook(scaled_gradient)),
        "2 (Linear) has a hook",
        "2 (Linear) has a backward hook",
    ),
    "hook before gradients": (
        lambda: changed(lambda made: made[1].register_full_backward_pre_hook(scaled_gradient)),
        "1 (Tanh) has a hook",
        "1 (Tanh) has a backward hook",
    ),
    "forward of its own": (
        lambda: changed(lambda made: setattr(made[1], "forward", torch.sin)),
        "1 (Tanh) has a hook, or a forward",
        None,
    ),
    "spectral normalisation": (
        lambda: with_first(nn.utils.parametrizations.spectral_norm(double(2, 5))),
        "0 (ParametrizedLinear)",
        "0.parametrizations.weight.0 (_SpectralNorm)",
    ),
    "spectral normalisation by a hook": (
        lambda: with_first(nn.utils.spectral_norm(double(2, 5))),
        "0 (Linear) has a hook",
        "0 (Linear): ",
    ),
    "weight normalisation": (
        lambda: with_first(nn.utils.parametrizations.weight_norm(double(2, 5))),
        "0 (ParametrizedLinear)",
        "0.parametrizations.weight.0 (_WeightNorm)",
    ),
    "bias before weight": (lambda: with_first(bias_first()), "0 (Linear) has other tensors", None),
    "sizes that are not told": (
        lambda: changed(cut_by_hand),
        "0 (Linear) has other tensors",
        None,
    ),
    "a buffer": (
        lambda: changed(lambda made: made[1].register_buffer("seen", torch.ones(1))),
        "1 (Tanh) has other tensors",
        None,
    ),
    "a parameter of the container": (
        lambda: changed(lambda made: made.register_parameter("w", nn.Parameter(torch.ones(1)))),
        "the network (Sequential) has other tensors",
        None,
    ),
}


def population(make: Callable[[], nn.Module]) -> Population:
    recipe = replace(OPTIMIZERS["adam"], epochs=6, batch_size=4)
    return Study(problem(), make, recipe, Decay(), (0.0, 0.1), (0, 1), record=2).plan()


@pytest.mark.filterwarnings("ignore")  # torch's, that spectral_norm by a hook goes out of use
@pytest.mark.parametrize("name", ALTERED)
def test_auto_equals_loop(name: str) -> None:
    make, by_lanes, by_vmap = ALTERED[name]
    this = population(make)
    for engine, said in ((engines.lanes, by_lanes), (engines.vmap, by_vmap)):
        assert str(engine.refusal(this)).startswith(str(said))
    assert engines.choose(this)[0] == ("loop" if by_vmap else "vmap")
    assert_same(engines.train(this), engines.loop.train(this), 1e-10)
