"""The documentation and the schema say what is so."""

import inspect
import json
import re
from pathlib import Path
from typing import get_args

import pytest
import tomli_w

import weightdecay as wd
from weightdecay.sklearn._network import ACTIVATIONS
from weightdecay.studies import _sources, load, schema
from weightdecay.studies._keys import keys, section_of
from weightdecay.study import LOSSES
from weightdecay.study._recipe import OPTIMIZERS
from weightdecay.tables import EMBEDDED, KINDS
from weightdecay.tables._embedded import TARGET

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "study-file.md").read_text(encoding="utf-8")
KEYS = dict(keys())


def names(annotation) -> set[str]:
    found = {value for value in get_args(annotation) if isinstance(value, str)}
    return found.union(*(names(part) for part in get_args(annotation)))


def test_the_schema_in_the_docs_is_that_of_the_code() -> None:
    written = (DOCS / "study-schema.json").read_text(encoding="utf-8")
    assert written == schema(), "write what weightdecay.studies.schema() returns"


def test_every_key_is_described() -> None:
    made = json.loads(schema())
    for part in (made, *made["$defs"].values()):
        assert part["description"]
        for name, key in part["properties"].items():
            assert key.get("description") or key["$ref"], name
            assert "null" not in json.dumps(key)


def test_the_examples_load(tmp_path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) == 2
    file = tmp_path / "study.toml"
    for example in examples:
        file.write_text(example, encoding="utf-8")
        load(file)
    for key in KEYS:
        assert re.search(rf"\b{key.rpartition('.')[2]} ?[]=]", examples[1] + "]"), key


def test_every_key_is_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` \| [^|]+ \| ([^|]+) \|", TEXT, re.MULTILINE))
    assert {name for name in rows if name in KEYS} == set(KEYS)
    for name, field in KEYS.items():
        default = field.get_default(call_default_factory=True)
        if field.is_required():
            assert rows[name].startswith("needed")
        elif section_of(field) is None and default is not None:
            value = list(default) if isinstance(default, tuple) else default
            written = "{}" if value == {} else tomli_w.dumps({"x": value})[4:].strip()
            assert rows[name] == f"`{written}`"
        else:
            assert "`" not in rows[name].replace("`hidden`", "").replace("`factory`", "")


def test_every_kind_is_in_the_table_of_kinds() -> None:
    table = TEXT.partition("## λ")[2].partition("## Every key")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(KINDS)


def test_names_are_those_of_the_rooms_that_know_them() -> None:
    assert names(KEYS["decay.kind"].annotation) == set(KINDS)
    assert names(KEYS["recipe.optimizer"].annotation) == set(OPTIMIZERS)
    assert names(KEYS["model.activation"].annotation) == set(ACTIVATIONS)
    assert names(KEYS["data.loss"].annotation) == set(LOSSES)
    assert tuple(EMBEDDED) == _sources.EMBEDDED
    assert _sources.TARGET == TARGET


@pytest.mark.parametrize("section", ["recipe", "recipe.stopping"])
def test_defaults_are_those_of_the_recipe(section) -> None:
    theirs = wd.Recipe() if section == "recipe" else wd.Stopping()
    for name, field in KEYS.items():
        above, _, last = name.rpartition(".")
        if above == section and not field.is_required():
            default = field.get_default(call_default_factory=True)
            assert default == getattr(theirs, last), name


def test_defaults_are_those_of_path() -> None:
    parameters = inspect.signature(wd.path).parameters
    for name, field in KEYS.items():
        above, _, last = name.rpartition(".")
        if above == "study" and not field.is_required():
            assert field.default == parameters[last].default
