"""Every page of the site has its twin in the other language, and both show the same."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "docs" / "site"
LANGUAGES = ("en", "zh")
PAGES = sorted(
    {
        file.relative_to(SITE / language).as_posix()
        for language in LANGUAGES
        for file in (SITE / language).rglob("*.md")
    }
)
FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: English as the record of decisions is; its Chinese page explains that, and has the same text.
ONE_LANGUAGE = ("reference/decisions.md",)


def expanded(file: Path) -> str:
    """The page with what it includes in place."""

    def include(found: re.Match[str]) -> str:
        other = (file.parent / found[1].strip()).resolve()
        text = other.read_text(encoding="utf-8")
        options = dict(re.findall(r'^:([a-z-]+): "?(.*?)"?$', found[2], re.MULTILINE))
        for option, part in (("start-after", 2), ("end-before", 0)):
            if option in options:
                marker = options[option].replace("\\n", "\n")
                assert marker in text, f"{file}: {other.name} has no {marker!r}"
                text = text.partition(marker)[part]
        return text

    text = file.read_text(encoding="utf-8")
    return re.sub(r"```\{include\} (\S+)\n(.*?)```", include, text, flags=re.DOTALL)


def both(page: str) -> list[str]:
    return [expanded(SITE / language / page) for language in LANGUAGES]


def prose(text: str) -> str:
    return FENCE.sub("", text)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_its_twin(page: str) -> None:
    for language in LANGUAGES:
        assert (SITE / language / page).exists(), f"{language}/{page} is missing"


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ONE_LANGUAGE])
def test_twins_have_the_same_headings_blocks_and_numbers(page: str) -> None:
    texts = both(page)
    shapes = [
        [len(level) for level in re.findall(r"^(#+) ", prose(text), re.MULTILINE)] for text in texts
    ]
    assert shapes[0] == shapes[1]
    blocks = [FENCE.findall(text) for text in texts]
    assert [kind for kind, _ in blocks[0]] == [kind for kind, _ in blocks[1]]
    for (kind, english), (_, chinese) in zip(*blocks, strict=True):
        if kind in ("{run}", "{claim}", "python"):
            assert code(english) == code(chinese)
        elif kind == "{command}":
            assert english == chinese
    # Numbers with a point, and those that the code gives.
    for pattern in (r"(?<![A-Za-z\d.])\d+\.\d+", r"\{v\}`[^`]+`"):
        found = [Counter(re.findall(pattern, prose(text))) for text in texts]
        assert found[0] == found[1]


def code(block: str) -> str:
    """What a block does; the language that it asks for and its comments apart."""
    tree = ast.parse(re.sub(r"^:[a-z]+:.*\n", "", block, flags=re.MULTILINE))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if k.arg != "language"]
            if isinstance(node.func, ast.Name) and node.func.id == "Words":
                node.args = []
    return ast.dump(tree)


@pytest.mark.parametrize("page", PAGES)
def test_chinese_is_chinese(page: str) -> None:
    text = prose((SITE / "zh" / page).read_text(encoding="utf-8"))
    assert re.search(r"[\u4e00-\u9fff]", text)
