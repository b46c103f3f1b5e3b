"""Every example of the documentation runs: docstrings, docs, the site, and examples/.

What a page prints, and that what its text claims is so, is checked as the site is built.
"""

import ast
import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract import AbstractCodeBlockParser
from sybil.parsers.myst import PythonCodeBlockParser
from sybil.parsers.myst.lexers import DirectiveLexer

import weightdecay

ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs" / "site"

#: Modules and pages that need a package which need not be installed.
OPTIONAL = {
    "weightdecay.lightning": "lightning",
    "weightdecay.transformers": "transformers",
    "howto/lightning": "lightning",
    "howto/hugging-face": "transformers",
    "weightdecay.engines.ray": "ray",
    "weightdecay.optuna": "optuna",
}
#: Calls that stand for a cluster or a search of minutes; tests/cluster and tests/optuna_objective.
ELSEWHERE = ("cluster", "optuna")
#: Modules and pages whose studies take longer than a few seconds.
LONG = (
    "weightdecay.reference._verify",
    "how-much",
    "which-kind",
    "howto/scikit-learn",
)
#: A page of minutes, which runs as the site is built; so does all it shows but the quoted fault.
BUILT = "experiment"


def modules() -> list[str]:
    """Those with an example in a docstring."""
    folder = Path(weightdecay.__file__).parent
    return [
        found.name
        for found in pkgutil.walk_packages([str(folder)], "weightdecay.")
        if ">>> " in _source(folder, found.name)
    ]


def _source(folder: Path, module: str) -> str:
    path = folder.joinpath(*module.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in LONG else [])
        for name in ["weightdecay", *modules()]
    ],
)
def test_docstrings(name: str) -> None:
    if package := OPTIONAL.get(name):
        pytest.importorskip(package, reason=f"{package} is not installed")
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted
    assert not found.failed


def live(directive: str) -> AbstractCodeBlockParser:
    """The blocks of a page that run as it is built."""
    return AbstractCodeBlockParser(
        [DirectiveLexer(directive)], directive, PythonEvaluator(), "directive"
    )


MARKDOWN = Sybil([PythonCodeBlockParser(), live("run"), live("claim")])


def pages() -> list:
    """Every page with Python in it.

    test_readme.py has the READMEs; Chinese pages have the code of their twins (test_twins.py).
    """
    files = [
        (file, file.stem)
        for file in sorted((ROOT / "docs").glob("*.md"))
        if file.stem not in ELSEWHERE
    ]
    for file in sorted((SITE / "en").rglob("*.md")):
        files.append((file, file.relative_to(SITE / "en").with_suffix("").as_posix()))
    return [
        pytest.param(
            file,
            name,
            marks=[
                *([pytest.mark.slow] if name in LONG else []),
                # Other packages warn of each other.
                *([pytest.mark.filterwarnings("ignore")] if name in OPTIONAL else []),
            ],
            id=str(file.relative_to(ROOT)),
        )
        for file, name in files
        if name != BUILT
        and re.search(r"^```(python|\{run\})", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]


@pytest.mark.parametrize(("file", "name"), pages())
def test_pages(file: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if package := OPTIONAL.get(name):
        pytest.importorskip(package, reason=f"{package} is not installed")
    (tmp_path / "study.toml").write_text(first_toml(ROOT / "docs" / "study-file.md"))
    monkeypatch.chdir(tmp_path)
    ran = 0
    for example in MARKDOWN.parse(file).examples():
        example.evaluate()
        ran += 1
    assert ran


def first_toml(file: Path) -> str:
    return file.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]


EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples_are_short_and_run(file: Path, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 60
    assert ast.get_docstring(ast.parse(text))
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(file)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout


def test_there_are_five_examples() -> None:
    assert len(EXAMPLES) == 5
