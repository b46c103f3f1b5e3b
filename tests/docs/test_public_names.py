"""Every public name is documented: what it takes, in which shapes, an example, a place."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import weightdecay as wd
import weightdecay.sklearn

API = Path(__file__).parents[2] / "docs" / "site" / "api"

NAMES = {
    **{f"weightdecay.{name}": getattr(wd, name) for name in wd.__all__},
    **{
        f"weightdecay.decay.presets.{name}": getattr(wd.presets, name)
        for name in wd.presets.__all__
    },
    **{
        f"weightdecay.sklearn.{name}": getattr(weightdecay.sklearn, name)
        for name in weightdecay.sklearn.__all__
    },
}
PENALTIES = ("L1", "L2", "Norm", "ElasticNet", "GroupLasso", "Lp", "Orthogonal", "Spectral")
FROM_PAPERS = [
    name
    for name in NAMES
    if ".presets." in name or name.removeprefix("weightdecay.") in (*PENALTIES, "suggest", "judge")
]


def takes_something(thing: Any) -> bool:
    return bool([p for p in inspect.signature(thing).parameters if p not in ("args", "kwargs")])


@pytest.mark.parametrize("name", NAMES)
def test_a_docstring_says_what_it_takes_and_shows_it(name: str) -> None:
    thing = NAMES[name]
    text = inspect.getdoc(thing)
    assert text
    assert ">>> " in text, "no example"
    if callable(thing) and not is_error(thing) and takes_something(thing):
        assert "Parameters\n----------" in text
    if inspect.isfunction(thing) and ".presets." not in name:
        assert "Returns\n-------" in text
    parameters = text.partition("Parameters\n----------")[2].partition("\n\n")[0]
    for line in re.findall(r"^\w.* : .*$", parameters, re.MULTILINE):
        assert "[" in line or not re.search(r": .*(?<!to )\b(array|Tensor)\b(?! of)", line), (
            f"no shape: {line}"
        )


def is_error(thing: Any) -> bool:
    return inspect.isclass(thing) and issubclass(thing, Exception)


@pytest.mark.parametrize("name", FROM_PAPERS)
def test_what_is_from_a_paper_names_it(name: str) -> None:
    assert "References\n----------" in (inspect.getdoc(NAMES[name]) or "")


def test_every_name_has_a_place_on_the_site() -> None:
    placed = set()
    for file in API.glob("*.rst"):
        placed |= set(re.findall(r"^\.\. auto\w+:: (\S+)$", file.read_text(), re.MULTILINE))
    missing = {name.replace("weightdecay.presets", "weightdecay.decay.presets") for name in NAMES}
    assert not missing - placed


def test_the_public_names_exist() -> None:
    assert set(wd.__all__) <= set(dir(wd))
