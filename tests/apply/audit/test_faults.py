"""Each fault of faults/, one small script each, is found: its code, its parameters, no others."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import weightdecay as wd
from weightdecay.apply._audit import CODES

SCRIPTS = sorted((Path(__file__).parent / "faults").glob("*.py"))


def script(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_is_found_and_nothing_else(file: Path) -> None:
    fault = script(file)
    audit = wd.audit(*fault.make())
    assert {f.code: set(f.parameters) for f in audit.findings} == fault.FOUND


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_says_why_and_what_to_do(file: Path, language: str) -> None:
    for finding in wd.audit(*script(file).make(), language=language).findings:
        for said in (finding.reason, finding.remedy):
            assert any("\u4e00" <= c <= "\u9fff" for c in said) == (language == "zh")
        if finding.parameters:
            assert sorted(finding.parameters)[0] in finding.reason or len(finding.parameters) > 3


def test_every_code_has_a_fault() -> None:
    assert {code for file in SCRIPTS for code in script(file).FOUND} == set(CODES)


def test_the_article_is_told_in_so_many_words() -> None:
    fault = script(Path(__file__).parent / "faults" / "overwritten_penalty.py")
    finding = wd.audit(*fault.make()).findings[0]
    assert finding.reason.startswith("Of 10 parameters only layers.8.bias receives any")


def test_the_documentation_names_every_code() -> None:
    text = (Path(__file__).parents[3] / "docs" / "audit.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z0-9-]+)`", text))
    assert set(CODES) <= named
    assert {name for name in named if "-" in name} <= set(CODES)
    assert all(f"| {number}. " in text for number in range(1, 16))
