"""Where a population is trained does not change what it is asked."""

import pytest
import torch
from models import MODELS
from test_vmap_equals_loop import OPTIMIZERS, assert_same, population

import weightdecay as wd
from weightdecay.decay import Decay
from weightdecay.engines import lanes, loop, vmap

cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")


@cuda
@pytest.mark.parametrize("model", MODELS)
def test_vmap_equals_loop_on_cuda(model: str) -> None:
    this = population(model, OPTIMIZERS["adam"], Decay(), 2).to("cuda")
    assert lanes.refusal(this) is not None
    found = vmap.train(this)
    assert all(w.device.type == "cpu" for w in found.weights.values())
    assert_same(found, loop.train(this), relative=1e-8)


@cuda
def test_a_path_on_cuda_is_the_path_on_the_cpu() -> None:
    X = torch.randn(40, 3)
    options = {"weight_decay": [0.1], "recipe": wd.Recipe(epochs=5), "seeds": 2, "folds": 3}
    there, here = (
        wd.path(lambda: torch.nn.Linear(3, 1), X, X[:, 0], device=device, **options)
        for device in ("cuda", "cpu")
    )
    torch.testing.assert_close(
        torch.tensor(there.errors), torch.tensor(here.errors), rtol=1e-3, atol=1e-5
    )


def test_a_population_moves_whole_and_leaves_the_old_one_as_it_was() -> None:
    this = population("cnn with batch norm", OPTIMIZERS["sgd"], Decay())
    moved = this.to("meta")
    tensors = [*moved.weights.values(), *moved.buffers.values(), moved.x, moved.y]
    tensors += list(moved.network.parameters())
    assert all(t.device.type == "meta" for t in tensors)
    assert all(p.device.type == "cpu" for p in this.network.parameters())
    assert lanes.refusal(moved) is not None


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device here")
@pytest.mark.parametrize("device", ["cuda", "toaster"])
def test_a_device_that_is_not_there_is_refused(device: str) -> None:
    X = torch.randn(10, 3)
    with pytest.raises(wd.InputError, match=f"device: {device}"):
        wd.path(lambda: torch.nn.Linear(3, 1), X, X[:, 0], device=device)
