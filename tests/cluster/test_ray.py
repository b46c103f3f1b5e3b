"""Studies on a Ray cluster end with the bits of those that were run here."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock

import pytest
from kept_study import assert_same_bits, kept, other, study
from spread_nets import Killing, Raising, mark_of
from torch import nn

from weightdecay import engines
from weightdecay._run import run
from weightdecay.engines import Ray
from weightdecay.errors import InputError, MemberError
from weightdecay.runs import RunFolder

pytest.importorskip("ray")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("cluster"),  # one at a time
    # Ray's own: sockets and pipes of the processes that it starts, and its log files.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

THIS = study()  # 24 members: chunks of 16 and 8


@pytest.fixture(scope="module", autouse=True)
def two_workers():
    """A cluster for all tests here; those that ask for another use this one."""
    with Ray(num_cpus=2).opened():
        yield


def on_ray(this, folder, engine="auto", **how):
    with RunFolder(folder) as opened:
        return run(this, engine, folder=opened, executor=Ray(**how))[1]


@pytest.fixture
def none_trained_here(monkeypatch):
    def refuse(*given):
        raise AssertionError("trained in this process")

    monkeypatch.setattr(engines, "train_by", refuse)


@pytest.mark.parametrize("cpus", [1, 2])
@pytest.mark.parametrize("engine", ["lanes", "vmap", "loop"])
def test_the_same_bits_with_a_folder_or_without(tmp_path, engine, cpus, request):
    expected = kept(THIS, tmp_path / "here", engine)
    request.getfixturevalue("none_trained_here")
    assert_same_bits(run(THIS, engine, executor=Ray(cpus=cpus))[1], expected)
    assert_same_bits(on_ray(THIS, tmp_path / "there", engine, cpus=cpus), expected)


def test_what_is_there_is_not_trained_again(tmp_path):
    expected = kept(THIS, tmp_path)
    (tmp_path / "chunks" / "0001.safetensors").unlink()
    with RunFolder(tmp_path) as folder:
        assert_same_bits(run(THIS, folder=folder, executor=Ray())[1], expected)
        assert folder.kept == 1


def test_all_member_epochs_are_reported():
    told = []
    run(THIS, progress=lambda done, total: told.append((done, total)), executor=Ray())
    assert sum(done for done, _ in told) == 24 * 2
    assert {total for _, total in told} == {24 * 2}


def test_a_network_of_a_closure(none_trained_here):
    class Local(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(30, 1)

        def forward(self, x):
            return self.layer(x) ** THIS.recipe.epochs

    assert run(other(THIS, network=Local), "vmap", executor=Ray())[1].diverged.shape == (24,)


def test_a_worker_that_dies_is_replaced_and_the_bits_are_the_same(tmp_path):
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    this = other(THIS, network=partial(Killing, deaths))
    expected = run(this, "loop")[1]
    (deaths / "one").touch()
    found = on_ray(this, tmp_path / "run", "loop")
    assert not list(deaths.iterdir())
    assert_same_bits(found, expected)


def test_a_chunk_whose_workers_always_die_is_given_up_in_one_line(tmp_path):
    for death in range(9):
        (tmp_path / str(death)).touch()
    this = other(THIS, network=partial(Killing, tmp_path))
    with pytest.raises(
        InputError, match=r"worker died \(WorkerCrashedError\), after 0 retries"
    ) as raised:
        run(this, "loop", executor=Ray(retries=0))
    assert "\n" not in str(raised.value)


def test_members_that_raise_are_named_and_the_others_kept(tmp_path):
    this = other(THIS, network=partial(Raising, mark_of(1), THIS.problem.x[20]))
    with pytest.raises(MemberError) as here:
        kept(this, tmp_path / "run", "loop")
    (tmp_path / "run" / "chunks" / "0001.safetensors").unlink()
    with pytest.raises(MemberError) as there:
        on_ray(this, tmp_path / "run", "loop")
    assert str(there.value) == str(here.value)
    assert "λ = 0.04, seed 1, fold 1: ArithmeticError" in str(there.value)
    assert "in meet" in there.value.__notes__[0]
    assert [p.name for p in (tmp_path / "run" / "chunks").iterdir()] == ["0001.safetensors"]


def test_a_loss_that_cannot_be_sent_is_refused():
    lock = Lock()

    def guarded(outputs, targets):
        with lock:
            return nn.functional.mse_loss(outputs, targets)

    this = other(THIS, problem=replace(THIS.problem, loss=guarded))
    with pytest.raises(InputError, match="cannot be sent to other processes"):
        run(this, "loop", executor=Ray())


def test_what_no_machine_has_is_not_waited_for():
    with pytest.raises(InputError, match="the 3 CPUs and 0 GPUs of a task; the most are 2 and 0"):
        run(THIS, executor=Ray(cpus=3))
    with pytest.raises(InputError, match=r"1 CPUs and 0\.5 GPUs"):
        run(THIS, executor=Ray(gpus=0.5))


STUDY = """
[data]
source = "iris"
[model]
factory = "nets_beside:make"
[recipe]
epochs = 2
batch_size = 64
[study]
weight_decay = [0.0, 0.01]
seeds = 2
folds = 2
inner_folds = 2
"""

NETS = """
from torch import nn

class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)
        print("made")

    def forward(self, x):
        return self.layer(x)

make = Own
"""


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A study file, and the module of its network."""
    (tmp_path / "nets_beside.py").write_text(NETS)
    (tmp_path / "study.toml").write_text(STUDY)
    return tmp_path / "study.toml"


def test_modules_beside_a_study_file_are_found(beside):
    # A process of its own: on this one's stdout the cluster of the other tests tells, late, of
    # their dead workers.
    command = ["run", str(beside), "--ray", "--json", "--out", str(beside.parent / "run")]
    done = subprocess.run(
        [sys.executable, "-c", "from weightdecay.cli import main; main()", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["chunks_trained"] >= 1


SCRIPT = """
import torch
from torch import nn
import weightdecay as wd

class Net(nn.Module):  # of __main__
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)

    def forward(self, x):
        return self.layer(x)

if __name__ == "__main__":
    X = torch.randn(20, 3, generator=torch.Generator().manual_seed(0))
    found = wd.path(
        Net, X, X[:, :1], recipe=wd.Recipe(lr=0.1, epochs=2), seeds=1, folds=2, inner_folds=2,
        weight_decay=(0.0, 0.1), executor=wd.engines.Ray(num_cpus=2),
    )
    import ray
    print(found.errors.shape, ray.is_initialized())
"""


def test_a_script_starts_a_cluster_and_shuts_it_down(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True, check=False
    )
    assert done.stdout == "(2, 1, 2) False\n", done.stderr
