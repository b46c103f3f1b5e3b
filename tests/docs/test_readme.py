"""What the documentation shows is what happens."""

import doctest
import re
from pathlib import Path

import pytest

import weightdecay

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_python_of_a_readme_runs(readme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(program, readme.name, "exec"), {})
    assert "label='helps'" in capsys.readouterr().out


def test_the_readmes_show_the_same() -> None:
    programs, numbers = [], []
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
        programs.append([line.partition("#")[0].strip() for line in program.splitlines()])
        numbers.append(sorted(re.findall(r"-?\d+\.\d+", text.replace(program, ""))))
    assert programs[0] == programs[1]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_links_lead_somewhere(readme: Path) -> None:
    for target in re.findall(r"\]\(([^)h][^)]*)\)", readme.read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target


def test_docstring_examples() -> None:
    import weightdecay.decay._decay
    import weightdecay.language
    import weightdecay.study._recipe

    for module in (
        weightdecay,
        weightdecay.decay._decay,
        weightdecay.language,
        weightdecay.study._recipe,
    ):
        found = doctest.testmod(module)
        assert found.attempted > 0
        assert found.failed == 0


def test_public_names_exist_and_are_documented() -> None:
    for name in weightdecay.__all__:
        assert getattr(weightdecay, name).__doc__, name
    assert set(weightdecay.__all__) <= set(dir(weightdecay))
