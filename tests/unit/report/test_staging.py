"""Files appear all together or not at all."""

import os

import pytest

from weightdecay.report import staged


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def old(tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "kept.txt").write_text("kept")
    (folder / "report.html").write_text("of yesterday")
    return folder


def write(place):
    (place / "report.html").write_text("of today")
    (place / "results.json").write_text("{}")


def test_all_of_it_appears(tmp_path):
    with staged(tmp_path / "new") as place:
        write(place)
    assert contents(tmp_path / "new") == {"report.html": "of today", "results.json": "{}"}


def test_nothing_appears_before_the_end(old):
    before = contents(old)
    with staged(old) as place:
        write(place)
        assert {name: contents(old)[name] for name in before} == before
        assert not (old / "results.json").exists()
    assert (old / "results.json").exists()


def test_old_files_stay_and_those_of_the_same_name_are_replaced(old):
    with staged(old) as place:
        write(place)
    assert contents(old) == {
        "kept.txt": "kept",
        "report.html": "of today",
        "results.json": "{}",
    }


def test_folders_above_are_made(tmp_path):
    with staged(tmp_path / "a" / "b") as place:
        write(place)
    assert (tmp_path / "a" / "b" / "report.html").read_text() == "of today"


def test_an_empty_block_leaves_an_empty_folder(tmp_path):
    with staged(tmp_path / "new"):
        pass
    assert contents(tmp_path) == {"new": None}


def test_again_and_again(tmp_path):
    for day in ("one", "two"):
        with staged(tmp_path / "new") as place:
            (place / "report.html").write_text(day)
            (place / f"{day}.txt").write_text(day)
    assert contents(tmp_path / "new") == {"report.html": "two", "one.txt": "one", "two.txt": "two"}


def fail_in(folder, failure):
    with staged(folder) as place:
        write(place)
        raise failure


every_failure = pytest.mark.parametrize(
    "failure", [RuntimeError("half-way"), KeyboardInterrupt(), SystemExit(3)], ids=repr
)


@every_failure
def test_a_failure_leaves_an_old_folder_as_it_was(old, failure):
    before = contents(old)
    with pytest.raises(type(failure)):
        fail_in(old, failure)
    assert contents(old) == before


@every_failure
def test_a_failure_leaves_no_new_folder(tmp_path, failure):
    with pytest.raises(type(failure)):
        fail_in(tmp_path / "new", failure)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("inside", ["", "sub", "sub/deeper"])
def test_a_file_in_the_way_is_said_before_any_work(tmp_path, inside):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match="taken"), staged(tmp_path / "taken" / inside):
        pytest.fail("the work began")
    assert contents(tmp_path) == {"taken": "a file"}


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="may write anywhere")
def test_a_folder_that_is_read_only_is_said_before_any_work(old):
    before = contents(old)
    old.chmod(0o500)
    try:
        with pytest.raises(OSError, match="old"), staged(old):
            pytest.fail("the work began")
    finally:
        old.chmod(0o700)
    assert contents(old) == before
