"""What any executor may do, and what becomes of members that raise."""

import sys
from contextlib import contextmanager
from functools import partial

import pytest
import torch
from kept_study import assert_same_bits, kept, other, study
from spread_nets import InCompany, Raising, mark_of
from torch import nn

import weightdecay as wd
from weightdecay import engines
from weightdecay._run import run
from weightdecay.cli import main
from weightdecay.engines._executor import Here
from weightdecay.errors import InputError, MemberError
from weightdecay.runs import RunFolder
from weightdecay.study import _chunks

THIS = study()  # 24 members: chunks of 16 and 8, seed 1 in the first


class Backwards(Here):
    """Is done with the last chunk first."""

    device = "cpu"

    def __init__(self):
        self.asked, self.open = [], 0

    @contextmanager
    def opened(self):
        self.open += 1
        yield

    def train(self, work):
        self.asked.append(sorted(work.chunks))
        yield from reversed(list(super().train(work)))


def raising(mark):
    return other(THIS, network=partial(Raising, mark, THIS.problem.x[20]))


@pytest.fixture
def trained(monkeypatch):
    """The members that engines are asked to train from here on."""
    asked = []
    real = engines.train_by

    def count(name, population, progress, compile):
        asked.append(len(population))
        return real(name, population, progress, compile)

    monkeypatch.setattr(engines, "train_by", count)
    return asked


@pytest.mark.parametrize("engine", ["lanes", "vmap", "loop"])
def test_in_whatever_order_chunks_are_done_the_bits_are_the_same(tmp_path, engine):
    expected = kept(THIS, tmp_path / "here", engine)
    executor = Backwards()
    assert_same_bits(run(THIS, engine, executor=executor)[1], expected)
    with RunFolder(tmp_path / "there") as folder:
        assert_same_bits(run(THIS, engine, folder=folder, executor=executor)[1], expected)
    assert executor.asked == [[0, 1], [0, 1]]


def test_only_missing_chunks_are_asked_for(tmp_path):
    expected = kept(THIS, tmp_path)
    (tmp_path / "chunks" / "0001.safetensors").unlink()
    executor = Backwards()
    with RunFolder(tmp_path) as folder:
        assert_same_bits(run(THIS, folder=folder, executor=executor)[1], expected)
    assert executor.asked == [[1]]


def test_a_path_trains_all_of_itself_there():
    executor = Backwards()
    draw = torch.Generator().manual_seed(0)
    X = torch.randn(24, 30, generator=draw)
    y = X[:, :1] + torch.randn(24, 1, generator=draw)
    how = {"recipe": wd.Recipe(lr=0.1, epochs=2), "seeds": 1, "folds": 2, "inner_folds": 2}
    found = wd.path(lambda: nn.Linear(30, 1), X, y, **how, executor=executor)
    assert executor.asked
    assert executor.open == 1 + len(executor.asked)  # what is opened within the first does nothing
    expected = wd.path(lambda: nn.Linear(30, 1), X, y, **how)
    assert found.results.identical(expected.results)


def test_members_that_raise_are_named_and_all_other_chunks_kept(tmp_path, trained, monkeypatch):
    with pytest.raises(MemberError) as raised:
        kept(raising(mark_of(1)), tmp_path, "loop")
    first, *members, last = str(raised.value).split(";\n")
    assert first == "network: it raises for 4 of 24 members"
    assert members == [
        f"  λ = {value:g}, seed 1, fold 1: ArithmeticError: row 20 \\x1b[31m is not to be learnt"
        for value in THIS.weight_decay
    ]
    assert str(tmp_path) in last
    assert "in meet" in raised.value.__notes__[0]
    assert [p.name for p in (tmp_path / "chunks").iterdir()] == ["0001.safetensors"]
    # Once mended, the same call trains what is missing.
    monkeypatch.setenv("MENDED", "1")
    trained.clear()
    found = kept(raising(mark_of(1)), tmp_path, "loop")
    assert trained == [16]
    assert_same_bits(found, run(raising(mark_of(1)), "loop")[1])


def test_without_a_folder_they_are_named_too():
    with pytest.raises(MemberError, match=r"4 of 24 members(?s:.*)seed 1, fold 1(?s:.*)out"):
        run(raising(mark_of(1)), "loop")


def test_no_more_than_a_handful_is_named():
    with pytest.raises(MemberError, match=r"12 of 24(?s:.*)and 7 more") as raised:
        run(raising(None), "loop")
    assert str(raised.value).count("ArithmeticError") == 5


def test_a_chunk_of_which_all_raise_is_named_like_any_other(tmp_path, monkeypatch):
    monkeypatch.setattr(_chunks, "MOST_MEMBERS", 4)  # a chunk for each seed and fold
    with pytest.raises(MemberError, match="4 of 24 members"):
        kept(raising(mark_of(1)), tmp_path, "loop")
    assert len(list((tmp_path / "chunks").iterdir())) == 5


def test_where_all_raise_it_stops_at_once(tmp_path, trained, monkeypatch):
    monkeypatch.setattr(Raising, "meet", lambda self, x: 1 / 0)
    monkeypatch.setattr("weightdecay.study._study.check_fit", lambda *given: None)
    with pytest.raises(MemberError, match=r"16 of 16 members(?s:.*)ZeroDivisionError"):
        kept(raising(None), tmp_path, "loop")
    assert sum(size == 16 for size in trained) == 1
    assert len(trained) == 2 * 16 - 1  # halves, down to each by itself; nothing of chunk 1


def test_what_no_member_does_alone_is_raised_as_it_is(monkeypatch):
    monkeypatch.setattr(InCompany, "met", None)
    monkeypatch.setattr("weightdecay.study._study.check_fit", lambda *given: None)
    real = engines.train_by

    def alone(name, population, *how):
        InCompany.met = None
        if len(population) == 24:
            return real(name, population, *how)
        return None

    monkeypatch.setattr(engines, "train_by", alone)
    with pytest.raises(ArithmeticError, match=r"^crowded$"):
        run(other(THIS, network=InCompany), "loop")


NETS = """
from torch import nn

class Tired(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.calls = nn.Linear(4, 3), 0

    def forward(self, x):
        self.calls += 1
        if self.calls > 5:
            raise ArithmeticError("enough")
        return self.layer(x)
"""

STUDY = """
[data]
source = "iris"
[model]
factory = "tired_nets:Tired"
[recipe]
epochs = 2
batch_size = 32
[study]
weight_decay = [0.0, 0.01]
seeds = 2
folds = 2
engine = "loop"
"""


def test_the_command_says_it_in_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "tired_nets.py").write_text(NETS)
    (tmp_path / "study.toml").write_text(STUDY)
    with pytest.raises(SystemExit) as left:
        main(["run", str(tmp_path / "study.toml"), "--out", str(tmp_path / "run"), "--lang", "en"])
    said = capsys.readouterr()
    assert (left.value.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    assert "λ = 0, seed 0, fold 2: ArithmeticError: enough;" in said.err  # the first inner one


def test_lanes_is_not_chosen_for_another_device():
    population = THIS.plan()
    assert engines.choose(population)[0] == "lanes"
    assert engines.choose(population, device="cuda")[0] == "vmap"
    with pytest.raises(InputError, match="lanes does not take it: data on cuda"):
        engines.choose(population, "lanes", device="cuda")


def test_a_device_that_the_tasks_do_not_have_is_refused():
    with pytest.raises(InputError, match="device: the tasks train on cpu, not cuda:0"):
        run(THIS, device="cuda:0", executor=Backwards())


def test_threads_make_no_difference(monkeypatch):
    bits = []
    for threads in (1, 3):
        monkeypatch.setattr("numba.config.NUMBA_NUM_THREADS", threads)
        bits.append(run(THIS, "lanes")[1])
    assert_same_bits(*bits)
