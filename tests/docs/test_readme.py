"""What the READMEs show is what happens."""

import re
from pathlib import Path

import numpy as np
import pytest

from weightdecay.tables import Options, fit, read

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def programs(readme: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
def test_the_python_of_the_readme_runs_and_prints_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, truth, table = programs(READMES[0])
    for program in (path, table):
        exec(compile(program, "program", "exec"), {})
        printed = capsys.readouterr().out
        (said,) = re.findall(r"# (.*estimate.*)", program)
        assert printed.startswith(said.split()[0] + " ")
        assert "'helps'" in said
        assert "label='helps'" in printed
        for name, value in re.findall(r"(\w+)=(-?[\d.]+)", said):
            (measured,) = re.findall(rf"{name}=(-?[\d.]+)", printed)
            assert abs(float(measured) - float(value)) < 0.01
    exec(compile(truth, "truth", "exec"), {})
    assert "label='helps'" in capsys.readouterr().out


@pytest.mark.slow
def test_what_fit_says_of_diabetes_is_what_the_readme_says() -> None:
    summary = fit(read("diabetes"), Options()).summary
    text = READMES[0].read_text(encoding="utf-8").partition("`fit` guesses")[2]
    numbers = [float(n.replace("−", "-")) for n in re.findall(r"([−+][\d.]+) %", text)[:6]]
    for found, said in zip(
        (summary["verdict"], summary["baseline"]["verdict"]),
        (numbers[:3], numbers[3:]),
        strict=True,
    ):
        effect = np.array([found["effect"], *found["interval"]])
        # Of the error, in per cent; machines differ in the last bits of every step.
        np.testing.assert_allclose(100 * effect / found["error_of_first"], said, atol=3)
    assert summary["verdict"]["label"] == "helps"
    assert summary["baseline"]["verdict"]["label"] == "no_difference"


def test_the_readmes_show_the_same() -> None:
    codes, numbers = [], []
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        code = programs(readme)
        codes.append([line.partition("#")[0] for part in code for line in part.splitlines()])
        for part in code:
            text = text.replace(part, "")
        numbers.append(sorted(re.findall(r"-?\d+\.\d+", text)))
    assert [line.strip() for line in codes[0]] == [line.strip() for line in codes[1]]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_links_lead_somewhere(readme: Path) -> None:
    for target in re.findall(r"\]\(([^)h][^)]*)\)", readme.read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
