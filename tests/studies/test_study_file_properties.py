"""Any valid file comes back as it was; anything else is one line that names the key."""

import datetime
import math
from copy import deepcopy
from pathlib import Path

import pytest
import tomli_w
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import get_scorer_names

from weightdecay import InputError
from weightdecay.language import shown
from weightdecay.studies import load, resolved
from weightdecay.studies._keys import keys
from weightdecay.studies._sources import EMBEDDED, TARGET, kind_of

from .conftest import line_of

MOST = 2**31 - 1
#: The same examples each time; torch may be imported during the first.
fixed = settings(deadline=None, derandomize=True, max_examples=60)


def whole(value, low, high):
    return type(value) is int and low <= value <= high


def number(value, low=-math.inf, high=math.inf, open_low=False, open_high=False):
    if type(value) not in (int, float) or not abs(value) < 2**1000 or not math.isfinite(value):
        return False
    above = value > low if open_low else value >= low
    return above and (value < high if open_high else value <= high)


def text(value):
    return type(value) is str and 1 <= len(value) <= 4096


def listed(value, item, least=0, most=100_000):
    return type(value) is list and least <= len(value) <= most and all(map(item, value))


def distinct(value):
    return len(set(value)) == len(value)


def one_of(*names):
    return lambda value: type(value) is str and value in names


def count(value):
    return whole(value, 1, MOST)


def above_0(value):
    return number(value, 0, open_low=True)


def from_0(value):
    return number(value, 0)


a_kind = one_of(
    *("l2", "adamw", "l1", "l1_subgradient", "elastic_net", "norm"),
    *("group_lasso", "lp", "cautious", "to_init", "spectral"),
)

#: What each key takes, said a second time.
TAKEN = {
    "folder": text,
    "data.source": text,
    "data.target": text,
    "data.task": one_of("regression", "classification"),
    "data.drop": lambda v: listed(v, text) and distinct(v),
    "data.group": text,
    "data.sample_weight": text,
    "data.loss": one_of("mse", "huber", "cross_entropy", "binary_cross_entropy"),
    "model.hidden": lambda v: listed(v, lambda n: whole(n, 1, 65_536), most=64),
    "model.activation": one_of("identity", "logistic", "tanh", "relu"),
    "model.factory": lambda v: text(v) and kind_of(v) == "function",
    "recipe.epochs": count,
    "recipe.batch_size": count,
    "recipe.lr": lambda v: above_0(v) or (listed(v, above_0, 1, 1_000) and distinct(v)),
    "recipe.optimizer": one_of(
        *("sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "radam")
    ),
    "recipe.shuffle": lambda v: type(v) is bool,
    "recipe.options": lambda v: type(v) is dict,
    "recipe.clip_grad_norm": above_0,
    "recipe.scheduler": lambda v: text(v) and kind_of(v) == "function",
    "recipe.schedule": one_of("epoch", "step"),
    "recipe.stopping": lambda v: type(v) is dict,
    "recipe.stopping.patience": count,
    "recipe.stopping.tol": from_0,
    "recipe.stopping.validation_fraction": lambda v: number(v, 0, 1, open_high=True),
    "decay.kind": lambda v: a_kind(v) or (listed(v, a_kind, 1) and distinct(v)),
    "decay.factory": lambda v: text(v) and kind_of(v) == "function",
    "study.weight_decay": lambda v: v == "auto" or (listed(v, from_0, 1, 10_000) and max(v) > 0),
    "study.seeds": lambda v: (
        whole(v, 1, 100_000) or (listed(v, lambda n: whole(n, 0, 2**63 - 1), 1) and distinct(v))
    ),
    "study.folds": lambda v: (
        whole(v, 2, MOST) or (type(v) is float and number(v, 0, 1, open_low=True, open_high=True))
    ),
    "study.inner_folds": lambda v: whole(v, 2, MOST),
    "study.rule": one_of("min", "1se"),
    "study.metric": lambda v: text(v) and (v in get_scorer_names() or kind_of(v) == "function"),
    "study.random_state": lambda v: whole(v, 0, 2**32 - 1),
    "study.engine": one_of("auto", "lanes", "vmap", "loop"),
    "study.device": one_of("cpu", "cuda", "cuda:0", "mps"),
}
SECTIONS = ("data", "model", "recipe", "decay", "study")
NEEDED = (
    *("data", "model", "recipe", "study", "data.source", "model.hidden"),
    *("recipe.epochs", "recipe.batch_size", "study.weight_decay", "study.seeds", "study.folds"),
)

# TOML is Unicode text: no surrogates.
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
functions = st.builds("{}:{}".format, names, names)
counts = st.integers(1, MOST)
positive = st.floats(0, exclude_min=True, allow_nan=False, allow_infinity=False)
nonnegative = st.floats(0, allow_nan=False, allow_infinity=False)


def both_listed(document):
    kind, lr = document.get("decay", {}).get("kind"), document["recipe"].get("lr")
    return type(kind) is list and type(lr) is list


@st.composite
def datas(draw):
    kind = draw(st.sampled_from(["embedded", "file", "function"]))
    if kind == "function":
        losses = st.sampled_from(["mse", "huber", "cross_entropy", "binary_cross_entropy"])
        return {
            "source": draw(functions),
            **draw(st.fixed_dictionaries({}, optional={"loss": losses})),
        }
    if kind == "embedded":
        source, target = draw(st.sampled_from(EMBEDDED)), TARGET
    else:
        source, target = draw(words.filter(lambda name: kind_of(name) == "file")), draw(words)
    others = words.filter(lambda name: name != target)
    more = {
        "task": st.sampled_from(["regression", "classification"]),
        "drop": st.lists(others, unique=True, max_size=3),
        "group": others,
        "sample_weight": others,
    }
    return {
        "source": source,
        **({"target": target} if kind == "file" else {}),
        **draw(st.fixed_dictionaries({}, optional=more)),
    }


models = st.one_of(
    st.fixed_dictionaries(
        {"hidden": st.lists(st.integers(1, 65_536), max_size=4)},
        optional={"activation": st.sampled_from(["identity", "logistic", "tanh", "relu"])},
    ),
    st.fixed_dictionaries({"factory": functions}),
)
optimizers = st.sampled_from(
    [
        ("sgd", {"momentum": 0.9, "nesterov": True}),
        ("sgd", {"momentum": 1}),
        ("adam", {"betas": [0.8, 0.9], "eps": 1e-7}),
        ("adamw", {"amsgrad": True}),
        ("rmsprop", {"alpha": 0.5, "centered": True}),
        ("radam", {}),
    ]
)


@st.composite
def recipes(draw):
    optimizer, options = draw(optimizers)
    stopping = {
        "patience": counts,
        "tol": nonnegative,
        "validation_fraction": st.floats(0, 1, exclude_max=True),
    }
    more = {
        "lr": positive
        | st.integers(1, 10)
        | st.lists(positive, min_size=1, max_size=3, unique=True),
        "shuffle": st.booleans(),
        "clip_grad_norm": positive,
        "stopping": st.fixed_dictionaries({}, optional=stopping),
    }
    with_options = {"options": options} if options else {}
    schedules = st.fixed_dictionaries(
        {"scheduler": functions}, optional={"schedule": st.sampled_from(["epoch", "step"])}
    )
    return {
        "epochs": draw(counts),
        "batch_size": draw(counts),
        "optimizer": optimizer,
        **with_options,
        **draw(st.fixed_dictionaries({}, optional=more)),
        **draw(st.just({}) | schedules),
    }


searches = st.fixed_dictionaries(
    {
        "weight_decay": st.just("auto")
        | st.lists(nonnegative, min_size=1, max_size=5).filter(lambda path: max(path) > 0),
        "seeds": st.integers(1, 100_000)
        | st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=4, unique=True),
        "folds": st.integers(2, MOST) | st.floats(0, 1, exclude_min=True, exclude_max=True),
    },
    optional={
        "inner_folds": st.integers(2, MOST),
        "rule": st.sampled_from(["min", "1se"]),
        "metric": st.sampled_from(["r2", "accuracy", "neg_mean_absolute_error"]) | functions,
        "random_state": st.integers(0, 2**32 - 1),
        "engine": st.sampled_from(["auto", "lanes", "vmap", "loop"]),
        "device": st.sampled_from(["cpu", "cuda", "cuda:3"]),
    },
)
kind = st.sampled_from(["l2", "adamw", "l1", "lp", "cautious", "spectral"])
kinds = kind | st.lists(kind, min_size=1, max_size=3, unique=True)
decays = st.fixed_dictionaries({}, optional={"kind": kinds}) | st.fixed_dictionaries(
    {"factory": functions}
)
documents = st.fixed_dictionaries(
    {"data": datas(), "model": models, "recipe": recipes(), "study": searches},
    optional={"folder": words, "decay": decays},
).filter(lambda made: not both_listed(made))

scalars = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.integers(-3, 6),
    st.floats(),
    words,
    st.sampled_from(["", "auto", "l2", "x" * 5000, "a:b", "a\x00b", "\n", "{}", "%s", "1", "é"]),
    st.datetimes(),
    st.just(datetime.date(2024, 1, 1)),
    st.just(datetime.time(1, 2)),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("studies") / "study.toml"


def loaded(file: Path, document, sets=()):
    file.write_bytes(tomli_w.dumps(document).encode())
    return load(file, sets)


def mistake(file: Path, document, sets=()) -> str:
    """The one line that is said of a file."""
    with pytest.raises(InputError) as caught:
        loaded(file, document, sets)
    return line_of(caught.value, str(file))


def put(document, key, value):
    document = deepcopy(document)
    *above, last = key.split(".")
    inner = document
    for name in above:
        inner = inner.setdefault(name, {})
    inner[last] = value
    return document


def without(document, key):
    document = deepcopy(document)
    *above, last = key.split(".")
    inner = document
    for name in above:
        inner = inner[name]
    del inner[last]
    return document


def test_every_key_is_tried() -> None:
    assert {key for key, _ in keys()} == {*TAKEN, *SECTIONS}


@fixed
@given(document=documents)
def test_a_study_written_out_loads_to_itself_from_any_folder(file, document):
    study = loaded(file, document)
    other = file.with_name("elsewhere") / "study.toml"
    other.parent.mkdir(exist_ok=True)
    other.write_bytes(resolved(study).encode())
    again = load(other)
    assert again == study
    assert resolved(again) == resolved(study)


@fixed
@given(document=documents)
def test_a_study_says_what_its_file_says(file, document):
    found = loaded(file, document).model_dump()
    for section in ("model", "recipe", "study"):
        for name, value in document[section].items():
            mine = found[section][name]
            if isinstance(value, dict):
                assert {n: mine[n] for n in value} == {
                    n: tuple(v) if isinstance(v, list) else v for n, v in value.items()
                }
            else:
                assert mine == (tuple(value) if isinstance(value, list) else value)


@fixed
@given(document=documents, key=st.sampled_from(sorted(TAKEN)), value=values)
def test_a_value_of_another_kind_is_named_with_its_key(file, document, key, value):
    assume(not TAKEN[key](value))
    assume(not (key == "study.device" and type(value) is str))  # torch knows its devices
    assert mistake(file, put(document, key, value)).startswith(f"{key}: it ")


@fixed
@given(document=documents, key=st.sampled_from(SECTIONS), value=values)
def test_a_section_that_is_none_is_named(file, document, key, value):
    assume(type(value) is not dict)
    assert mistake(file, {**document, key: value}).startswith(f"{key}: it takes a table")


@fixed
@given(
    document=documents,
    section=st.sampled_from(["", *(f"{name}." for name in SECTIONS), "recipe.stopping."]),
    name=words,
    value=values,
)
def test_an_unknown_key_is_named(file, document, section, name, value):
    known = {key.removeprefix(section).partition(".")[0] for key, _ in keys()}
    assume(name not in known and "." not in name)
    changed = put(document, section + name, value)
    line = mistake(file, changed)
    assert line.startswith(f"{shown(section + name, 120)}: there is no such key; ")


@fixed
@given(document=documents, name=words, value=scalars)
def test_an_unknown_option_is_named(file, document, name, value):
    assume("." not in name)
    known = ("momentum", "dampening", "nesterov", "betas", "eps", "amsgrad", "alpha", "centered")
    assume(name not in (*known, "lr", "weight_decay"))
    line = mistake(file, put(document, f"recipe.options.{name}", value))
    assert line.startswith("recipe.options.")


@fixed
@given(document=documents, key=st.sampled_from(NEEDED))
def test_a_missing_key_is_named(file, document, key):
    assume(key != "model.hidden" or "hidden" in document["model"])
    line = mistake(file, without(document, key))
    assert line.startswith(f"{key}: it is missing; write ")


@fixed
@given(document=documents, key=st.sampled_from(sorted(TAKEN)), value=values)
def test_a_value_that_is_set_is_as_one_in_the_file(file, document, key, value):
    changed = put(document, key, value)
    try:
        there = loaded(file, changed)
    except InputError as error:
        there = str(error)
    inline = inline_value(value)
    try:
        here = loaded(file, document, [f"{key}={inline}"])
    except InputError as error:
        here = str(error)
    assert here == there


def inline_value(value):
    """TOML on one line."""
    if isinstance(value, dict):
        pairs = (
            f"{tomli_w.dumps({k: 0}).rpartition(' = ')[0]} = {inline_value(v)}"
            for k, v in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline_value, value)) + "]"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n")


@fixed
@given(
    content=st.binary(max_size=60)
    | st.text(max_size=60).map(lambda s: s.encode("utf-8", "replace"))
)
def test_any_bytes_are_a_study_or_one_line(file, content):
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load(file)
    line_of(caught.value, str(file))


@fixed
@given(document=documents, edits=st.data())
def test_a_damaged_file_is_a_study_or_one_line(file, document, edits):
    content = bytearray(tomli_w.dumps(document).encode())
    begin = edits.draw(st.integers(0, len(content)))
    end = edits.draw(st.integers(begin, min(len(content), begin + 20)))
    content[begin:end] = edits.draw(
        st.binary(max_size=5) | st.sampled_from([b"=", b"[", b'"', b"."])
    )
    file.write_bytes(bytes(content))
    try:
        load(file)
    except InputError as error:
        line_of(error, str(file))


@fixed
@given(
    document=documents,
    said=st.lists(
        st.text(max_size=20)
        | st.builds("{}={}".format, st.sampled_from(sorted(TAKEN)), st.text(max_size=20)),
        max_size=3,
    ),
)
def test_any_text_that_is_set_gives_a_study_or_one_line(file, document, said):
    try:
        loaded(file, document, said)
    except InputError as error:
        line_of(error, str(file))
