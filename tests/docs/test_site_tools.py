"""What builds the site does what it says: runs code, finds dead links, writes the table."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]


def loaded(path: str) -> ModuleType:
    file = ROOT / path
    spec = importlib.util.spec_from_file_location(f"site_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for their module there
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = loaded("docs/site/extensions/running.py")
    monkeypatch.setattr(module, "SITE", tmp_path)
    monkeypatch.setattr(module, "KEPT", tmp_path / "kept")
    for language in module.LANGUAGES:
        (tmp_path / language).mkdir()
    return module


def write(site: Path, english: str, chinese: str) -> None:
    (site / "en" / "page.md").write_text(english, encoding="utf-8")
    (site / "zh" / "page.md").write_text(chinese, encoding="utf-8")


def block(code: str, kind: str = "run") -> str:
    return f"```{{{kind}}}\n{code}\n```\n"


def test_twins_share_what_is_the_same_code(running: ModuleType, tmp_path: Path) -> None:
    runs = tmp_path / "runs.txt"
    runs.write_text("")
    count = f"from pathlib import Path\nruns = Path({str(runs)!r})\n"
    count += "x = len(runs.read_text() + 'x') + runs.write_text(runs.read_text() + 'x')"
    write(
        tmp_path,
        block(count) + block("print('two', x)") + "{v}`x + 1`",
        block(count + "  # 注") + block("print('二', x)") + "{v}`x * 5`",
    )
    for _ in range(2):  # the second time from what was kept
        ran = running.run("page")
        assert [o.text for o in ran["en"].outcomes] == ["", "two 2\n"]
        assert [o.text for o in ran["zh"].outcomes] == ["", "二 2\n"]
        assert ran["en"].values == {"x + 1": "3"}
        assert ran["zh"].values == {"x * 5": "10"}
        assert runs.read_text() == "x"


def test_other_code_runs_anew(running: ModuleType, tmp_path: Path) -> None:
    for number in (1, 2):
        page = block(f"print({number})")
        write(tmp_path, page, page)
        assert running.run("page")["en"].outcomes[0].text == f"{number}\n"


def test_a_figure_is_drawn_and_a_value_shown(running: ModuleType, tmp_path: Path) -> None:
    page = block("from matplotlib.figure import Figure\nFigure()") + block("1 + 1")
    write(tmp_path, page, page)
    figure, value = running.run("page")["zh"].outcomes
    assert [Path(file).suffix for file in figure.figures] == [".svg"]
    assert Path(figure.figures[0]).read_text().startswith("<?xml")
    assert value.text == "2\n"


def test_a_command_prints_in_the_language_of_its_page(running: ModuleType, tmp_path: Path) -> None:
    page = block("echo $LC_ALL", "command")
    write(tmp_path, page, page)
    ran = running.run("page")
    assert "zh" in ran["zh"].outcomes[0].text
    assert "zh" not in ran["en"].outcomes[0].text


@pytest.mark.parametrize(
    "bad", [block("assert 1 > 2", "claim"), block("exit 3", "command"), block("1 / 0")]
)
def test_what_is_not_so_stops_the_build(running: ModuleType, tmp_path: Path, bad: str) -> None:
    write(tmp_path, bad, bad)
    with pytest.raises((AssertionError, RuntimeError, ZeroDivisionError)) as failed:
        running.run("page")
    assert "in en/page.md" in failed.value.__notes__[0]


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("权重", "衰减", True),
        ("衰减，", "Adam", True),
        ("用 Adam", "训练", False),
        ("a", "b", False),
    ],
)
def test_chinese_lines_join_without_a_space(before: str, after: str, joined: bool) -> None:
    pytest.importorskip("sphinx", reason="sphinx is not installed")
    from docutils import nodes

    parts = [nodes.Text(part) for part in (before, "\n", after)]
    page = nodes.paragraph("", "", *parts)
    app = SimpleNamespace(config=SimpleNamespace(language="zh_CN"))
    loaded("docs/site/extensions/chinese.py")._join(app, page)
    assert page.astext() == before + ("" if joined else "\n") + after


@pytest.mark.parametrize(
    "tex",
    [r"\tfrac12", r"\bar\lambda_{t-1}", r"\hat v_t", r"\frac{a}{b}", r"a & b \\ c & d"],
)
def test_formulas_become_mathml(tex: str) -> None:
    pytest.importorskip("sphinx", reason="sphinx is not installed")
    made = loaded("docs/site/extensions/mathml.py").mathml(tex, block=True)
    assert made.startswith("<math")
    assert "munderover" not in made


def test_an_unknown_formula_is_named() -> None:
    pytest.importorskip("sphinx", reason="sphinx is not installed")
    with pytest.raises(Exception, match="nosuch") as failed:
        loaded("docs/site/extensions/mathml.py").mathml(r"\nosuch", block=True)
    assert r"\nosuch" in failed.value.__notes__[0]


def test_dead_links_are_found(tmp_path: Path) -> None:
    links = loaded("tools/links.py")
    (tmp_path / "a.html").write_text(
        '<a href="b.html#here">1</a><a href="b.html#gone">2</a><a href="c.html">3</a>'
        '<a href="https://example.org">4</a><script src="https://example.org/x.js"></script>'
    )
    (tmp_path / "b.html").write_text('<p id="here">')
    found = "\n".join(links.faults(tmp_path))
    assert len(found.splitlines()) == 3
    for fault in ("b.html#gone has no such anchor", "no c.html", "from the network"):
        assert fault in found


def test_the_table_of_benchmarks_has_a_line_for_each() -> None:
    table = loaded("benchmarks/all.py")
    scripts = {file.stem for file in (ROOT / "benchmarks").glob("*.py")} - {"all"}
    assert set(table.BENCHMARKS) == scripts
    entry = {
        "date": "2026-01-01",
        "machine": "one",
        "found": {"ratio": 300.0, "lanes_seconds": 1e-7, "loop_seconds": 3e-5},
    }
    for language in ("en", "zh"):
        lines = list(table.table({"article": entry}, language))
        assert len(lines) == 2 + len(scripts)
        assert "| 300× (100 ns, 30,000 ns) | 2026-01-01 | one |" in "\n".join(lines)
        kept = (table.TABLES[language] / "benchmarks-table.txt").read_text(encoding="utf-8")
        assert len(kept.splitlines()) == len(lines), "make bench writes it"


def test_readme_of_the_benchmarks_names_each() -> None:
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    for file in (ROOT / "benchmarks").glob("*.py"):
        assert file.name in readme or file.stem == "all"
