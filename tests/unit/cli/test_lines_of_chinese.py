"""Where lines break: at spaces, and between the characters of Chinese."""

import re
from itertools import pairwise

import pytest
import rich._wrap
from rich.cells import cell_len

from weightdecay.cli._lines import WORD, break_between_characters
from weightdecay.language import catalogue

AT_SPACES = re.compile(r"\s*\S+\s*")
WIDTHS = (12, 40, 80)


@pytest.fixture(autouse=True)
def broken_so(monkeypatch):
    monkeypatch.setattr(rich._wrap, "re_word", None)  # put back afterwards
    break_between_characters()


def lines(text: str, width: int) -> list[str]:
    ends = [0, *rich._wrap.divide_line(text, width), len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


@pytest.mark.parametrize("said", [t for t in catalogue("zh").values() if isinstance(t, str)])
def test_no_sentence_is_cut_short_or_begins_with_a_stop(said):
    for text in said.splitlines():
        for width in WIDTHS:
            found = lines(text, width)
            assert "".join(found) == text
            assert all(cell_len(line.rstrip()) <= width for line in found)
            # In 12 cells a long name is folded anywhere.
            assert width == 12 or not any(line[:1] in "，。；：、？！）" for line in found[1:])


@pytest.mark.parametrize("said", [t for t in catalogue("en").values() if isinstance(t, str)])
def test_english_breaks_as_ever(said):
    assert [m.group() for m in WORD.finditer(said)] == [m.group() for m in AT_SPACES.finditer(said)]


def test_a_name_stays_whole_and_a_bracket_with_what_it_holds():
    found = lines("写出的文件夹，weightdecay predict 用它预测（不给则不写）。", 26)
    assert found == ["写出的文件夹，weightdecay ", "predict 用它预测（不给则不", "写）。"]
