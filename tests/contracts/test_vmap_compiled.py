"""The vmap engine through ``torch.compile``: what it promises without, it promises with."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import promised
import pytest
import torch
from _pytest.mark import ParameterSet
from compilers import needs_a_compiler
from models import MODELS
from test_stopping_equals_loop import TURNS
from test_vmap_equals_loop import KINDS, MANNERS, OPTIMIZERS, assert_same, population
from test_vmap_members import many, only
from torch import Tensor, nn

import weightdecay as wd
from weightdecay import engines
from weightdecay.decay import Coupling, Decay, Penalty
from weightdecay.engines import loop, vmap
from weightdecay.engines._dropout import MemberDropout
from weightdecay.study import Population, Stopping

pytestmark = [
    needs_a_compiler,
    # torch's own, once, when its compiler is imported.
    pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning"),
]


def combinations() -> Iterator[ParameterSet]:
    """Every model × coupling, optimizers, manners and penalties by turns; most of it is slow."""
    everyday = {("mlp", "loss"), ("dropout", "loss")}
    optimizers, manners = list(OPTIMIZERS), list(MANNERS)
    for k, (model, on) in enumerate(product(MODELS, ("loss", "step", "prox"))):
        marks = () if (model, on) in everyday else pytest.mark.slow
        turn = optimizers[k % len(optimizers)], manners[k % len(manners)], KINDS[k % len(KINDS)]
        yield pytest.param(model, on, *turn, marks=marks)


@pytest.mark.parametrize(("model", "on", "optimizer", "manner", "penalty"), list(combinations()))
def test_equals_loop_after_50_steps(
    model: str, on: Coupling, optimizer: str, manner: str, penalty: Penalty
) -> None:
    recipe = replace(OPTIMIZERS[optimizer], **MANNERS[manner])
    this = population(model, recipe, Decay(penalty=penalty, on=on))
    assert vmap.refusal(this, compile=True) is None
    assert_same(vmap.train(this, compile=True), loop.train(this))


@pytest.mark.parametrize("held", [0.0, 0.3])
@pytest.mark.parametrize(
    "model", ["mlp", *(pytest.param(m, marks=pytest.mark.slow) for m in MODELS if m != "mlp")]
)
def test_stops_and_weighs_as_loop(model: str, held: float) -> None:
    on, optimizer, patience, tol, _ = TURNS[model, held]
    this = promised.population(
        model,
        OPTIMIZERS[optimizer],
        Decay(on=on),
        stopping=Stopping(patience, tol, held),
        weighted=True,
    )
    assert vmap.refusal(this, compile=True) is None
    expected = loop.train(this)
    assert (expected.stopped > 0).any()
    promised.assert_same(vmap.train(this, compile=True), expected, 1e-10)


@pytest.mark.parametrize(
    "model", ["mlp", *(pytest.param(m, marks=pytest.mark.slow) for m in MODELS if m != "mlp")]
)
def test_in_whichever_company_order_and_chunk(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = many(model, 2)
    found = vmap.train(everyone, compile=True)
    monkeypatch.setattr(vmap, "members_that_fit", lambda population: 3)
    others = [7, 6, 4, 3, 1, 0]
    assert_same(vmap.train(everyone.only(others), compile=True), only(found, others))


def test_a_diverged_member_leaves_its_neighbours_as_they_were() -> None:
    this = many("mlp", 2)
    lost = {name: w.clone() for name, w in this.weights.items()}
    for w in lost.values():
        w[5] *= 1e200
    found = vmap.train(replace(this, weights=lost), compile=True)
    assert found.diverged.tolist() == [0, 0, 0, 0, 0, 1, 0, 0]
    others = [0, 1, 2, 3, 4, 6, 7]
    for name, w in vmap.train(this, compile=True).weights.items():
        assert torch.equal(found.weights[name][others], w[others])
        assert torch.equal(found.weights[name][5], lost[name][5])


def test_dropout_draws_the_same_masks_in_every_shape() -> None:
    """A product that overflows in what is compiled has been seen to change some shapes alone."""
    inputs = [torch.ones(4, rows, width) for rows in (1, 2, 3) for width in (3, 6, 8, 16, 33)]
    keys = torch.randint(2**63 - 1, (4,), generator=torch.Generator().manual_seed(1))

    def dropped(key: Tensor, *inputs: Tensor) -> list[Tensor]:
        with MemberDropout(key):
            return [nn.functional.dropout(x, 0.4) for x in inputs]

    stacked = torch.vmap(dropped)
    compiled = torch.compile(stacked, fullgraph=True, dynamic=False)
    for found, expected in zip(compiled(keys, *inputs), stacked(keys, *inputs), strict=True):
        assert torch.equal(found == 0, expected == 0)


class Printing(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        print("here")
        return x


class Counting(nn.Module):
    calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return x / self.calls


def with_module(module: nn.Module) -> Population:
    this = many("mlp", 1)
    return replace(this, network=nn.Sequential(*this.network, nn.Sequential(module)).double())


@pytest.mark.parametrize(
    ("module", "named"),
    [(Printing(), r"3\.0 \(Printing\)"), (Counting(), "not do the same at every step")],
)
def test_what_cannot_be_compiled_is_refused_by_name(module: nn.Module, named: str) -> None:
    this = with_module(module)
    assert vmap.refusal(this) is None
    with pytest.raises(wd.InputError, match=f"compile: .*{named}.*use compile=False"):
        engines.choose(this, compile=True)


def test_what_vmap_cannot_take_is_refused_by_name() -> None:
    this = replace(many("mlp", 1), loss=lambda output, y: output.sum() if y.sum() > 0 else y.sum())
    with pytest.raises(wd.InputError, match=r"compile: the loss: .*use compile=False"):
        engines.choose(this, compile=True)


def test_without_a_compiler_it_is_refused() -> None:
    from torch._inductor import config

    this = many("mlp", 1)
    with (
        config.patch({"cpp.cxx": ("no-such-compiler",)}),
        pytest.raises(wd.InputError, match=r"compile: there is no C\+\+ compiler here; install"),
    ):
        engines.choose(this, compile=True)


@pytest.mark.parametrize("engine", ["lanes", "loop"])
def test_only_vmap_compiles(engine: str) -> None:
    with pytest.raises(wd.InputError, match=f"compile: {engine!r}"):
        engines.choose(many("mlp", 1), engine, compile=True)


def test_a_run_says_that_it_was_compiled() -> None:
    x = torch.randn(12, 3, dtype=torch.float64)
    rows = torch.arange(12)
    study = wd.Study(
        problem=wd.Problem(x, x[:, :1], ((rows[:8], rows[8:]),)),
        network=lambda: nn.Linear(3, 1).double(),
        recipe=wd.Recipe(epochs=3, batch_size=3),
        decay=Decay(),
        weight_decay=(0.0, 0.1),
        seeds=(0,),
    )
    found, _ = wd.run(study, compile=True)
    plain, _ = wd.run(study, engine="vmap")
    assert found.engine == "vmap"
    assert "compile=True" in found.engine_reason
    torch.testing.assert_close(
        torch.from_numpy(found.test_loss.values), torch.from_numpy(plain.test_loss.values)
    )


@pytest.mark.slow
def test_a_path_is_compiled_when_asked() -> None:
    X = torch.randn(30, 3, generator=torch.Generator().manual_seed(0))

    def found(compile: bool) -> wd.Path:
        return wd.path(
            lambda: nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)),
            X,
            X[:, 0],
            weight_decay=[0.1],
            recipe=wd.Recipe(lr=0.01, epochs=3, batch_size=10),
            seeds=1,
            folds=2,
            inner_folds=2,
            compile=compile,
        )

    compiled, plain = found(compile=True), found(compile=False)
    assert "compile" in compiled.results.attrs["engine_reason"]
    np.testing.assert_allclose(compiled.errors, plain.errors, rtol=1e-4)
