"""One study is known from another by every function and object in it, in any process."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
import torch
from kept_study import assert_same_bits, kept, other, study
from torch import nn
from torch.nn import functional as F

import weightdecay as wd
from weightdecay.runs._digest import code_of_network, digest

THIS = study(lambdas=2, seeds=1)


def written(source: str) -> dict[str, object]:
    """What a module of the user's holds."""
    names: dict[str, object] = {"__name__": "mine", "nn": nn, "torch": torch, "F": F}
    exec(source, names)
    return names


@pytest.mark.parametrize(
    "body",
    [
        "lr.LambdaLR(o, lambda t: 0.8**t)",
        "lr.MultiplicativeLR(o, lambda t: 0.9**t)",
        "lr.LambdaLR(o, lambda t: (0.9, 0.8)[t > 3])",
        "lr.LambdaLR(o, lambda t: 0.9**t if t in {3, 4} else 1)",
        "lr.LambdaLR(o, lambda t: 0.9**t if t in {3, 5} else 1)",
        "lr.LambdaLR(o, lambda t, base=0.9: 0.9**t)",
    ],
)
def test_a_function_counts_by_all_that_is_written_in_it(body):
    def of(body):
        return digest(written(f"def made(o): return {body}")["made"])

    this = "lr.LambdaLR(o, lambda t: 0.9**t)"
    assert of(this) == of(this)
    assert of(body) != of(this)
    assert of("lr.LambdaLR(o, lambda t: (0.9, 0.7)[t > 3])") != of(body)
    assert of("lr.LambdaLR(o, lambda t: 0.9**t if t in {3, 6} else 1)") != of(body)


CLASS = """
class Mine:
    factor = {factor}
    def __init__(self, gamma): self.gamma = gamma
    def __call__(self, o): return self.rate(o)
    def rate(self, o): return {body}
    @staticmethod
    def fixed(o): return {fixed}
"""
SLOTS = "class Mine:\n    __slots__ = ('gamma',)\n    def __call__(self, o): return o"


def mine(gamma=1.0, factor=1, body="o", fixed="o") -> Callable[..., object]:
    return written(CLASS.format(factor=factor, body=body, fixed=fixed))["Mine"](gamma)  # type: ignore[operator]


def slotted(gamma):
    made = written(SLOTS)["Mine"]()  # type: ignore[operator]
    made.gamma = gamma
    return made


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (lambda: mine(0.99), lambda: mine(0.1)),
        (mine, lambda: mine(factor=2)),
        (mine, lambda: mine(body="-o")),
        (mine, lambda: mine(fixed="-o")),
        (lambda: slotted(1), lambda: slotted(2)),
        (lambda: mine().rate, lambda: mine(2.0).rate),
        (lambda: type(mine()), lambda: type(mine(body="-o"))),
        (lambda: {"a": 1}.get, lambda: {"a": 2}.get),
        (lambda: lambda o, a=1: o, lambda: lambda o, a=2: o),
        (lambda: lambda o, *, a=1: o, lambda: lambda o, *, a=2: o),
        (lambda: lambda o: o in {"a", "b"}, lambda: lambda o: o in {"a", "c"}),
        (lambda: lambda o: o == b"a", lambda: lambda o: o == b"b"),
        (lambda: {"a", "b"}, lambda: {"a", "c"}),
        (nn.L1Loss, nn.MSELoss),
        (lambda: nn.HuberLoss(delta=1.0), lambda: nn.HuberLoss(delta=2.0)),
        (lambda: nn.L1Loss(), lambda: nn.L1Loss(reduction="none")),
        (
            lambda: nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0])),
            lambda: nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0])),
        ),
        (lambda: nn.Sequential(nn.Softmax(0)), lambda: nn.Sequential(nn.Softmax(1))),
    ],
)
def test_what_makes_a_difference_counts(one, two):
    assert digest(one()) == digest(one())
    assert digest(one()) != digest(two())
    assert digest(partial(len, one())) != digest(partial(len, two()))


def test_what_is_met_inside_itself_comes_to_an_end():
    this, that = mine(), mine()
    this.me, that.me = [this], [that]
    assert digest(this) == digest(that)
    assert digest(this) != digest(mine())


NETWORK = """
class Mine(nn.Module):
    def __init__(self, act=F.relu, slope=0.1):
        super().__init__()
        self.inner, self.act, self.slope = nn.Linear(30, 1), act, slope
    def forward(self, x): return self.inner(self.act({inside}))
"""


def network(inside="x", **how):
    return written(NETWORK.format(inside=inside))["Mine"](**how)  # type: ignore[operator]


@pytest.mark.parametrize(
    "another",
    [
        lambda: network("torch.sin(5 * x)"),
        lambda: network(act=F.tanh),
        lambda: network(slope=0.2),
    ],
)
def test_a_network_counts_by_what_it_does(another, tmp_path):
    this = other(THIS, network=network)
    trained = kept(this, tmp_path)
    assert_same_bits(kept(this, tmp_path), trained)
    with pytest.raises(wd.InputError, match="differs in network"):
        kept(other(THIS, network=another), tmp_path)


def test_of_torchs_layers_only_what_their_repr_leaves_out_is_added():
    assert code_of_network(nn.Sequential(nn.Linear(3, 2), nn.GRU(2, 2), nn.BatchNorm1d(2))) == []
    one, two = (nn.TransformerEncoderLayer(2, 1, 2, activation=f) for f in (F.relu, F.gelu))
    assert digest(code_of_network(one)) != digest(code_of_network(two))


def test_another_loss_is_refused(tmp_path):
    def of(loss):
        return other(THIS, problem=replace(THIS.problem, loss=loss))

    trained = kept(of(nn.L1Loss()), tmp_path)
    assert_same_bits(kept(of(nn.L1Loss()), tmp_path), trained)
    for loss in (lambda o, t: 100 * (o - t) ** 2, nn.SmoothL1Loss(), nn.L1Loss(reduction="none")):
        with pytest.raises(wd.InputError, match="differs in data"):
            kept(of(loss), tmp_path)


ELSEWHERE = """
import sys
sys.path[:0] = {path}
import torch
from torch import nn
from test_digest import CLASS, NETWORK, mine, network, slotted
from weightdecay.runs._digest import code_of_network, digest
from weightdecay.study import mean_loss

def rate(o, a=frozenset({{"x", "y", "z"}}), *, b=None):
    return o in {{"apple", "pear", "plum", "fig"}}

this = mine()
this.lock, this.draw = __import__("threading").Lock(), __import__("numpy").random.default_rng()
loss = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0]))
print(digest([rate, this, this.rate, type(this), slotted({{"a", "b", "c"}}), mean_loss(loss),
    mean_loss(rate), code_of_network(network()), torch.sigmoid, len, __import__("numpy").exp]))
"""


def test_it_is_the_same_in_every_process():
    here = [os.path.dirname(__file__)]
    found = {
        subprocess.run(
            [sys.executable, "-c", ELSEWHERE.format(path=here)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(found) == 1
    assert len(found.pop()) == 65
