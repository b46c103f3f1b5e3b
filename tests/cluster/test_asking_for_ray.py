"""What `--ray` and `Ray` take, and what they say where there is no Ray or no cluster."""

import pickle
import re
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import weightdecay as wd
from weightdecay.cli import main
from weightdecay.cli._optional import ADDRESS, _joined
from weightdecay.engines._executor import Here
from weightdecay.engines._task import How, train
from weightdecay.errors import InputError
from weightdecay.language import LANGUAGES, Words, told

STUDY = """
[data]
source = "iris"
[model]
hidden = [4]
[recipe]
epochs = 2
batch_size = 64
[study]
weight_decay = [0.0, 0.01]
seeds = 2
folds = 2
inner_folds = 2
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Path:
    (tmp_path / "STUDY.toml").write_text(STUDY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def asked(capsys, place):
    def ask(*arguments: object):
        with pytest.raises(SystemExit) as left:
            main(list(map(str, arguments)))
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return ask


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def test_importing_weightdecay_imports_no_ray():
    code = "import sys, weightdecay; weightdecay.engines.Ray; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("--ray", "--ray="),
        ("STUDY.toml --ray", "STUDY.toml --ray="),
        ("--ray STUDY.toml", "--ray= STUDY.toml"),
        ("--ray auto STUDY.toml", "--ray=auto STUDY.toml"),
        ("STUDY.toml --ray 10.0.0.1:6379 --json", "STUDY.toml --ray=10.0.0.1:6379 --json"),
        ("STUDY.toml --ray head:6379", "STUDY.toml --ray=head:6379"),
        ("--ray=head STUDY.toml", "--ray=head STUDY.toml"),
        ("--ray --out o STUDY.toml", "--ray= --out o STUDY.toml"),
        ("--ray --ray auto", "--ray= --ray=auto"),
        ("-- --ray auto", "-- --ray auto"),
        ("--json -- STUDY.toml", "--json -- STUDY.toml"),
    ],
)
def test_the_address_may_be_left_out_anywhere(given, meant):
    assert list(_joined(given.split(), "--ray", ADDRESS)) == meant.split()


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        (("--ray", "STUDY.toml"), None),
        (("STUDY.toml", "--ray"), None),
        (("STUDY.toml", "--ray", "auto"), "auto"),
        (("--ray=head:1", "STUDY.toml"), "head:1"),
    ],
)
def test_run_trains_on_the_cluster_asked_for(asked, monkeypatch, arguments, address):
    made = []

    class Noted(Here):
        def __init__(self, address, **how):
            made.append((address, how))

    monkeypatch.setattr("weightdecay.engines.ray.Ray", Noted)
    assert asked("run", *arguments)[0] == 0
    assert made == [(address, {"gpus": 0})]


def test_a_study_for_cuda_asks_for_gpus(asked, monkeypatch):
    def refuse(address, **how):
        raise InputError(f"made with {how}")

    monkeypatch.setattr("weightdecay.engines.ray.Ray", refuse)
    assert "{'gpus': 1}" in asked("run", "STUDY.toml", "--ray", "--set", "study.device=cuda")[2]


def test_without_ray_one_line_says_how_to_install_it(asked, place, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    status, said, complaint = asked("run", "STUDY.toml", "--ray")
    assert (status, said) == (2, "")
    assert "pip install 'weightdecay[ray]'" in complaint
    assert len(complaint.splitlines()) == 1
    assert [p.name for p in place.iterdir()] == ["STUDY.toml"]


@pytest.mark.parametrize(
    "address", ["closed", "no-such-host.invalid:6379", "head", "ray://127.0.0.1:1", "a:b"]
)
def test_an_address_where_nobody_answers_is_one_line(asked, place, address):
    pytest.importorskip("ray")
    address = closed_port() if address == "closed" else address
    status, said, complaint = asked("run", "STUDY.toml", f"--ray={address}")
    assert (status, said) == (2, "")
    assert address in complaint
    assert len(complaint.splitlines()) == 1
    assert [p.name for p in place.iterdir()] == ["STUDY.toml"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"cpus": 0}, "cpus"),
        ({"cpus": 1.5}, "cpus"),
        ({"gpus": -1}, "gpus"),
        ({"gpus": float("nan")}, "gpus"),
        ({"retries": -1}, "retries"),
    ],
)
def test_numbers_out_of_range_are_refused(given, name):
    with pytest.raises(InputError, match=f"^{name}: "):
        wd.engines.Ray(**given)


def cluster(**parts: object) -> SimpleNamespace:
    """As much of Ray as is needed to be refused: a cluster of one machine with 2 CPUs."""
    sound = {
        "is_initialized": lambda: False,
        "init": lambda address, **how: None,
        "shutdown": lambda: None,
        "nodes": lambda: [{"Alive": True, "Resources": {"CPU": 2.0}}],
    }
    return SimpleNamespace(**{**sound, **parts})


def unreachable(address, **how):
    raise ConnectionError(f"no {address}")


@pytest.mark.parametrize(
    ("ray", "address", "more"),
    [
        (None, "", ()),
        (cluster(), "127.0.0.1:1", ()),
        (cluster(), "head", ()),
        (cluster(), "a:b", ()),
        (cluster(init=unreachable), "", ()),
        (cluster(init=unreachable), "auto", ()),
        (cluster(), "", ("--set", "study.device=cuda")),
        (cluster(), "", ("--set", "study.device=xpu")),
    ],
    ids=["missing", "closed", "no port", "no number", "no start", "no join", "no GPU", "no xpu"],
)
def test_what_cannot_be_had_is_told_in_both_languages(asked, monkeypatch, ray, address, more):
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    lines = {}
    for language in LANGUAGES:
        given = ("run", "STUDY.toml", f"--ray={address}", *more, "--lang", language)
        status, said, complaint = asked(*given)
        assert (status, said) == (2, "")
        assert len(complaint.splitlines()) == 1
        lines[language] = re.sub("^weightdecay(: error: |：错误：)", "", complaint)
    assert re.search(r"[\u4e00-\u9fff]", lines["zh"])
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", lines["en"])
    assert re.findall(r"\d+", lines["en"]) == re.findall(r"\d+", lines["zh"])


def test_what_a_worker_says_is_told_in_the_language_that_the_command_is_asked_in():
    with pytest.raises(InputError) as refused:
        train(b"", b"", How("loop", False, "cpu", 1, (), {"torch": "0.1"}))
    assert re.search(r"has torch .*, not 0\.1: other versions, other bits", str(refused.value))
    # As it comes back from there.
    arrived = pickle.loads(pickle.dumps(refused.value))
    assert re.search(r"上的 torch 是 .*，不是 0\.1：版本不同", told(arrived, Words("zh")))
