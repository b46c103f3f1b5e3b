"""A stranger's report.json: read as data, or refused in one line."""

import json
from pathlib import Path

import pytest

from weightdecay.errors import InputError
from weightdecay.language import Words
from weightdecay.report.page import Page, load
from weightdecay.report.page import _reading as reading

WORDS = Words("en")
SCHEMA = Path(__file__).parents[4] / "docs" / "report-schema.json"


def test_a_folder_and_the_file_in_it_are_the_same_page(least: Page, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(least.model_dump_json())
    assert load(file, WORDS) == load(tmp_path, WORDS) == least


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is damaged"),
        (b"{}", "is damaged: title"),
        (b"[1]", "is damaged"),
        (b"\x80\x04\x95pickle", "is damaged"),
        (b"\xff" * 100, "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b'{"schema_version": 99, "news": 1}', "has the format 99, and this version reads 1"),
        (b'{"schema_version": "x\\u001b[2J\\n"}', "has the format"),
    ],
)
def test_what_is_no_page_is_refused_in_one_line(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"^RUN: ") as raised:
        load(tmp_path, WORDS)
    message = str(raised.value)
    assert said in message
    assert "report.json" in message or str(tmp_path) in message
    assert len(message) < 600
    assert message.isprintable()


def test_a_field_that_nobody_knows_is_refused(least: Page, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(
        json.dumps({**json.loads(least.model_dump_json()), "<script>": 1})
    )
    with pytest.raises(InputError, match="is damaged: <script>: Extra inputs"):
        load(tmp_path, WORDS)


def test_one_larger_than_any_page_is_not_read(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 2**20)
    (tmp_path / "report.json").write_bytes(b" " * (2**20 + 1))
    with pytest.raises(InputError, match="larger than 1 MB"):
        load(tmp_path, WORDS)


def test_where_there_is_none_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no report\.json in"):
        load(tmp_path, WORDS)
    with pytest.raises(InputError, match=r"there is no .*nowhere"):
        load(tmp_path / "nowhere", WORDS)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be read: Not a directory"):
        load(tmp_path / "file" / "report.json", WORDS)


def test_the_documented_schema_is_that_of_the_code() -> None:
    """After a change: python tests/unit/report/page/test_reading.py."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == Page.model_json_schema()


if __name__ == "__main__":
    said = json.dumps(Page.model_json_schema(), ensure_ascii=False, indent=2)
    SCHEMA.write_text(said + "\n", encoding="utf-8")
