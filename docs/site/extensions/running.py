"""A page's code, run: what it prints, the figures it draws, the numbers its text names.

The twins of a page, one for each language, run side by side in one namespace, block by block; a
block that is the same code in both runs once. What came out is kept, and taken from there as long
as neither the code nor the package changes.
"""

import ast
import contextlib
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SITE = Path(__file__).parents[1]
ROOT = SITE.parents[1]
KEPT = ROOT / "build" / "docs-runs"
LANGUAGES = ("en", "zh")

_FENCE = re.compile(r"^```\{(run|command|claim)\}[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"^:[a-z]+:.*\n", re.MULTILINE)
_VALUE = re.compile(r"\{v\}`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A part of a page that is run: Python ("run"), a check ("claim"), or a shell "command"."""

    kind: str
    code: str

    @property
    def key(self) -> str:
        """The same for blocks that do the same: comments and layout do not count."""
        return self.code if self.kind == "command" else ast.dump(ast.parse(self.code))


@dataclass
class Outcome:
    """What a block printed, and the files of its figures."""

    text: str = ""
    figures: list[str] = field(default_factory=list)


@dataclass
class Ran:
    """What came of a page in one language: block by block, and of each expression in its text."""

    outcomes: list[Outcome]
    values: dict[str, str]


def blocks(page: str) -> list[Block]:
    """The blocks of a page that are run, in order."""
    return [Block(kind, _OPTION.sub("", body)) for kind, body in _FENCE.findall(page)]


def values(page: str) -> list[str]:
    """The expressions whose values the text of a page names."""
    return list(dict.fromkeys(_VALUE.findall(page)))


def run(name: str) -> dict[str, Ran]:
    """Run the page called `name`, such as ``"how-much"``, in both languages.

    Raises
    ------
    Exception
        Whatever a block raises, with a note that says which.
    """
    pages = {
        language: file.read_text(encoding="utf-8")
        for language in LANGUAGES
        if (file := SITE / language / f"{name}.md").exists()
    }
    if not any(map(blocks, pages.values())):
        return {language: Ran([], {}) for language in pages}
    digest = _digest(pages)
    kept = KEPT / name.replace("/", "-") / digest
    record = kept / "ran.json"
    if not record.exists():
        kept.mkdir(parents=True, exist_ok=True)
        found = _run(name, pages, kept)
        record.write_text(json.dumps({key: asdict(ran) for key, ran in found.items()}))
    return {
        language: Ran([Outcome(**o) for o in ran["outcomes"]], ran["values"])
        for language, ran in json.loads(record.read_text()).items()
    }


def _digest(pages: dict[str, str]) -> str:
    asked = {
        language: ([(b.kind, b.key) for b in blocks(page)], values(page))
        for language, page in pages.items()
    }
    return hashlib.sha256((json.dumps(asked) + _package()).encode()).hexdigest()[:16]


@cache
def _package() -> str:
    """A digest of the package: other code may give other numbers."""
    digest = hashlib.sha256()
    for file in sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.toml")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _run(name: str, pages: dict[str, str], folder: Path) -> dict[str, Ran]:
    # A module of its own, as what is defined there may look for its module.
    namespace: dict[str, Any] = {"__name__": "page"}
    found = {language: Ran([], {}) for language in pages}
    each = {language: blocks(page) for language, page in pages.items()}
    with tempfile.TemporaryDirectory() as place:
        for number in range(max(map(len, each.values()))):
            seen: dict[str, Outcome] = {}
            for language, mine in each.items():
                if number >= len(mine):
                    continue
                block = mine[number]
                # The language of the page is that of what a command prints.
                key = block.key + (language if block.kind == "command" else "")
                if key not in seen:
                    try:
                        seen[key] = _run_block(
                            block,
                            namespace,
                            folder / f"{name.replace(chr(47), chr(45))}-{number}-{language}",
                            language,
                            place,
                        )
                    except Exception as error:
                        error.add_note(f"in {language}/{name}.md:\n{block.code}")
                        raise
                found[language].outcomes.append(seen[key])
    for language, page in pages.items():
        found[language].values = {asked: str(eval(asked, namespace)) for asked in values(page)}
    return found


def _run_block(
    block: Block, namespace: dict[str, Any], stem: Path, language: str, place: str
) -> Outcome:
    if block.kind == "command":
        return Outcome(_command(block.code, language, place))
    parsed = ast.parse(block.code)
    last = parsed.body.pop() if parsed.body and isinstance(parsed.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    here = os.getcwd()
    os.chdir(place)
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(parsed, "page", "exec"), namespace)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "page", "eval"), namespace)
    finally:
        os.chdir(here)
    figures = _figures(value)
    files = [
        _draw(figure, stem.with_name(f"{stem.name}-{i}.svg")) for i, figure in enumerate(figures)
    ]
    if value is not None and not figures:
        print(repr(value), file=printed)
    return Outcome(printed.getvalue(), files)


def _figures(value: Any) -> list[Any]:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if isinstance(value, Axes):
        value = value.figure
    if isinstance(value, Figure):
        return [value]
    if isinstance(value, list) and value and all(isinstance(v, Figure) for v in value):
        return value
    return []


def _draw(figure: Any, file: Path) -> str:
    from weightdecay.report._drawing import drawing

    with drawing():
        figure.savefig(file, metadata={"Date": None}, facecolor="white")
    return str(file)


def _command(code: str, language: str, place: str) -> str:
    """What the commands print; a command that fails fails the page."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "zh_CN.UTF-8" if language == "zh" else "C.UTF-8",
        "PYTHONUTF8": "1",
        "COLUMNS": "92",
        "NO_COLOR": "1",
    }
    ran = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", code],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"exit status {ran.returncode}: {ran.stderr}")
    return ran.stdout
