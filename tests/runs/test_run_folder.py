"""What a run folder keeps, what it refuses, and what it sets aside."""

import json
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from kept_study import assert_same_bits, kept, other, study

from weightdecay import L1, Decay, engines
from weightdecay._run import run
from weightdecay.errors import InputError
from weightdecay.runs import _atomic

THIS = study()  # 24 members: chunks of 16 and 8


@pytest.fixture(scope="module")
def expected():
    return run(THIS)[1]


@pytest.fixture
def folder(tmp_path):
    """A finished run."""
    kept(THIS, tmp_path / "run")
    return tmp_path / "run"


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


def scaled(network):
    with torch.no_grad():
        network[0].weight *= 2
    return network


def chunk(folder: Path, number: int = 0) -> Path:
    return folder / "chunks" / f"{number:04d}.safetensors"


def test_with_a_folder_or_without_the_same_bits(tmp_path, expected):
    assert_same_bits(kept(THIS, tmp_path), expected)


def test_what_is_there_is_not_trained_again(folder, expected, trained):
    assert_same_bits(kept(THIS, folder), expected)
    assert trained == []


def test_only_what_is_missing_is_trained(folder, expected, trained):
    chunk(folder, 1).unlink()
    assert_same_bits(kept(THIS, folder), expected)
    assert trained == [8]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        lambda content: content + b"\0",
        lambda content: pickle.dumps("planted"),
        lambda content: (1 << 62).to_bytes(8, "little") + content[8:],
    ],
    ids=["truncated", "empty", "a bit flipped", "longer", "a pickle", "an absurd size"],
)
def test_a_damaged_chunk_is_named_set_aside_and_trained_again(folder, expected, trained, damage):
    content = damage(chunk(folder).read_bytes())
    chunk(folder).write_bytes(content)
    said = []
    assert_same_bits(kept(THIS, folder, tell=said.append), expected)
    assert trained == [16]
    assert len(said) == 1
    assert "0000.safetensors" in str(said[0])
    assert (folder / "set-aside" / "0000.safetensors").read_bytes() == content
    assert kept(THIS, folder, tell=said.append)
    assert len(said) == 1


@pytest.mark.parametrize("name", ["0007.safetensors", ".0001.safetensors.writing", "notes.txt"])
def test_a_foreign_file_is_named_and_set_aside(folder, expected, trained, name):
    for place in range(2):  # the second of a name is not written over the first
        (folder / "chunks" / name).write_text(f"mine {place}")
        said = []
        assert_same_bits(kept(THIS, folder, tell=said.append), expected)
        assert len(said) == 1
        assert name in str(said[0])
    assert trained == []
    kept_aside = sorted(p.read_text() for p in (folder / "set-aside").iterdir())
    assert kept_aside == ["mine 0", "mine 1"]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("decay", {"decay": Decay(penalty=L1())}),
        ("decay", {"decay": Decay(on="step")}),
        ("weight_decay", {"weight_decay": (0.0, 0.01, 0.02, 0.05)}),
        ("weight_decay", {"weight_decay": (0.0, 0.01)}),
        ("recipe", {"recipe": replace(THIS.recipe, lr=0.02)}),
        ("seeds", {"seeds": (1, 2, 3)}),
        ("seeds", {"seeds": (0, 1)}),
        ("data", {"problem": replace(THIS.problem, y=THIS.problem.y * 2)}),
        ("data", {"problem": replace(THIS.problem, loss="huber")}),
        ("folds", {"problem": replace(THIS.problem, splits=THIS.problem.splits[::-1])}),
        ("network", {"network": lambda: scaled(THIS.network())}),
    ],
)
def test_another_study_is_refused_by_what_differs(folder, name, changes):
    before = chunk(folder).read_bytes()
    with pytest.raises(InputError, match=rf"differs in {name}; .*force"):
        kept(other(THIS, **changes), folder)
    assert chunk(folder).read_bytes() == before


def test_another_engine_is_refused(folder):
    with pytest.raises(InputError, match=r"engine \(lanes there, loop here\)"):
        kept(THIS, folder, "loop")


def test_another_version_is_refused(folder):
    said = json.loads((folder / "manifest.json").read_text())
    said["versions"]["torch"] = "1.0"
    (folder / "manifest.json").write_text(json.dumps(said))
    with pytest.raises(InputError, match=r"begun with torch 1\.0, and this is"):
        kept(THIS, folder)


def test_force_begins_anew_and_keeps_the_old(folder, trained):
    old = chunk(folder).read_bytes()
    this = other(THIS, decay=Decay(penalty=L1()))
    kept(this, folder, force=True)
    kept(this, folder, force=True)
    assert (folder / "replaced-1" / "chunks" / "0000.safetensors").read_bytes() == old
    assert (folder / "replaced-2" / "manifest.json").exists()
    assert sum(trained) == 2 * 24
    kept(this, folder)
    assert sum(trained) == 2 * 24


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[]", "something else"),
        ('{"kind": "weightdecay.fit"}', "something else"),
        ('{"kind": "weightdecay.run", "schema_version": 2}', "another version"),
        ('{"kind": "weightdecay.run", "schema_version": 1}', "damaged at versions"),
        (
            '{"kind": "weightdecay.run", "schema_version": 1, "versions": {}, "stages": '
            '[{"fingerprint": {}, "engine": "x", "engine_reason": "", "chunks": '
            '[{"members": 1, "sha256": "../../etc/passwd"}]}]}',
            "damaged at stages.0.chunks.0.sha256",
        ),
        (
            '{"kind": "weightdecay.run", "schema_version": 1, "versions": {}, "file": "/etc"}',
            "damaged at file",
        ),
    ],
)
def test_a_strange_manifest_is_refused_in_one_line(tmp_path, content, why):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(InputError, match=why) as raised:
        kept(THIS, tmp_path)
    assert "\n" not in str(raised.value)
    assert (tmp_path / "manifest.json").read_text() == content


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("42")
    with pytest.raises(InputError, match="holds no run"):
        kept(THIS, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "thesis.tex"]


WRITER = """
import sys
from weightdecay.runs import RunFolder
with RunFolder(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_and_the_first_is_unharmed(tmp_path, expected):
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout.readline() == "open\n"
        with pytest.raises(InputError, match="another process is writing"):
            kept(THIS, tmp_path)
        assert first.poll() is None
        first.kill()
    # A dead process holds nothing.
    assert_same_bits(kept(THIS, tmp_path), expected)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_refused_in_one_line(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="name another folder"):
            kept(THIS, tmp_path / "run")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_loses_nothing_that_was_finished(tmp_path, expected, trained, monkeypatch):
    real = _atomic.write

    def full(file, content):
        if file.name == "0001.safetensors":
            raise OSError(28, "No space left on device", str(file))
        real(file, content)

    monkeypatch.setattr(_atomic, "write", full)
    with pytest.raises(OSError, match="No space left"):
        kept(THIS, tmp_path)
    monkeypatch.setattr(_atomic, "write", real)
    assert_same_bits(kept(THIS, tmp_path), expected)
    assert trained == [16, 8, 8]
