"""A run folder from a stranger: reading it runs nothing planted there, and fills no memory."""

import json
import os
import pickle
import resource
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import weightdecay as wd
from weightdecay.cli import main
from weightdecay.errors import InputError

TINY = ("--epochs", "1", "--seeds", "1", "--folds", "2", "--hidden", "2")
STUDY = """
[data]
source = "iris"
[model]
hidden = [2]
[recipe]
epochs = 1
batch_size = 32
[study]
weight_decay = [0.0, 1.0]
seeds = 1
folds = 2
inner_folds = 2
"""
#: Bytes beyond what is held already; what is planted asks for a thousand times as much.
ROOM = 2**31


class Planted:
    """Leaves a trace where it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch ran",)


def safetensors(header: object, size: int | None = None) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + b"\0" * 64


ABSURD = {"w": {"dtype": "F32", "shape": [2**40, 2**20], "data_offsets": [0, 2**62]}}
OUTSIDE = {"w": {"dtype": "F32", "shape": [4], "data_offsets": [2**40, 2**40 + 16]}}
#: Each in place of any file of numbers or JSON.
PLANTED = {
    "a pickle": pickle.dumps(Planted()),
    "an absurd array": safetensors(ABSURD),
    "an absurd header": safetensors({}, size=2**60),
    "an array that lies outside": safetensors(OUTSIDE),
    "deep JSON": b"[" * 100_000,
    "a long number": b'{"kind": "weightdecay.fit", "schema": ' + b"9" * 10_000 + b"}",
    "nothing": b"",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder that `fit` wrote and one that `run` wrote, with their table and study file."""
    home = tmp_path_factory.mktemp("home")
    x = np.random.default_rng(0).normal(size=40)
    pd.DataFrame({"x": x, "y": x + 1}).to_csv(home / "t.csv", index=False)
    (home / "s.toml").write_text(STUDY)
    for verb in (["fit", "t.csv", "--target", "y", *TINY, "--out", "fit"], ["run", "s.toml"]):
        before = Path.cwd()
        os.chdir(home)
        try:
            with pytest.raises(SystemExit) as done:
                main(verb)
        finally:
            os.chdir(before)
        assert done.value.code == 0
    shutil.move(home / "out" / "s", home / "run")
    return home


@pytest.fixture
def home(folders, tmp_path, monkeypatch):
    shutil.copytree(folders, tmp_path / "home")
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def little_memory():
    """No more than `ROOM` beyond what this process has."""
    if sys.platform != "linux":
        yield
        return
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (held + ROOM, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def asked(capsys, *arguments):
    capsys.readouterr()
    with pytest.raises(SystemExit) as done:
        main([*arguments, "--lang", "en"])
    return done.value.code, capsys.readouterr().err


def refused(status, err):
    assert status == 2, err
    assert len(err.splitlines()) == 1, err
    assert "Traceback" not in err


@pytest.mark.parametrize("content", PLANTED.values(), ids=PLANTED)
@pytest.mark.parametrize(
    ("file", "verb"),
    [
        ("fit/report.json", ["report", "fit"]),
        ("run/report.json", ["report", "run"]),
        ("fit/manifest.json", ["predict", "fit", "t.csv"]),
        ("fit/model.safetensors", ["predict", "fit", "t.csv"]),
        ("run/manifest.json", ["run", "s.toml", "--out", "run"]),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_is_planted_is_refused_in_one_line(home, capsys, file, verb, content):
    (home / file).write_bytes(content)
    refused(*asked(capsys, *verb))
    assert not (home / "ran").exists()


@pytest.mark.parametrize("content", PLANTED.values(), ids=PLANTED)
def test_a_planted_chunk_is_set_aside(home, capsys, content):
    chunk = home / "run" / "chunks" / "0000.safetensors"
    whole = chunk.read_bytes()
    chunk.write_bytes(content)
    status, err = asked(capsys, "run", "s.toml", "--out", "run")
    assert status == 0
    assert "set-aside" in err
    assert chunk.read_bytes() == whole
    assert (home / "run" / "set-aside" / chunk.name).read_bytes() == content
    assert not (home / "ran").exists()


@pytest.mark.parametrize("content", PLANTED.values(), ids=PLANTED)
def test_a_planted_path_is_refused_in_python(home, content):
    file = home / "run" / "path.safetensors"
    file.write_bytes(content)
    with pytest.raises(InputError) as raised:
        wd.Path.load(file)
    assert "\n" not in str(raised.value)
    assert not (home / "ran").exists()


def metadata(content: bytes) -> tuple[dict, bytes]:
    size = struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8 : 8 + size]), content[8 + size :]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dims", {}),
        ("dims", []),
        ("dims", {"error": ["weight_decay"]}),
        ("coords", {"weight_decay": [["weight_decay"], ["../../x", "y"]]}),
        ("coords", 3),
        ("attrs", []),
        ("rule", "../rule"),
        ("rule", None),
        ("overlap", "much"),
        ("overlap", 1e400),
    ],
)
def test_a_path_that_says_what_is_not_so_is_refused(home, key, value):
    file = home / "run" / "path.safetensors"
    header, data = metadata(file.read_bytes())
    about = json.loads(header["__metadata__"]["weightdecay.path"])
    header["__metadata__"]["weightdecay.path"] = json.dumps({**about, key: value})
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + data)
    with pytest.raises(InputError, match="not a saved path"):
        wd.Path.load(file)


@pytest.mark.parametrize("key", ["file", "model", "chunks", "folder", "path"])
def test_no_manifest_names_a_file_to_read(home, capsys, key):
    """Files have their names from the program: what climbs out of the folder is not followed."""
    outside = home.parent / "secret.safetensors"
    shutil.move(home / "fit" / "model.safetensors", outside)
    manifest = json.loads((home / "fit" / "manifest.json").read_text())
    manifest[key] = "../../secret.safetensors"
    (home / "fit" / "manifest.json").write_text(json.dumps(manifest))
    refused(*asked(capsys, "predict", "fit", "t.csv"))


def test_a_report_is_not_written_through_a_link(home, capsys):
    mine = home.parent / "mine.txt"
    mine.write_text("mine")
    (home / "fit" / "report.html").unlink()
    (home / "fit" / "report.html").symlink_to(mine)
    assert asked(capsys, "report", "fit")[0] == 0
    assert mine.read_text() == "mine"
