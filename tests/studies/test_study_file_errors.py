"""Mistakes that people make in a study file, and files that mean harm."""

import re
import time
from pathlib import Path

import pytest

from weightdecay import InputError, studies
from weightdecay.language import Words, catalogue, shown, told
from weightdecay.studies import load

from .conftest import line_of

RATES = "a finite number above 0, or a list of them, none twice"
KINDS = (
    '"l2", "adamw", "l1", "l1_subgradient", "elastic_net", "norm", "group_lasso", "lp", '
    '"cautious", "to_init" or "spectral", or a list of them, none twice'
)
SMALLEST = """\
[data]
source = "diabetes"
[model]
hidden = [16]
[recipe]
epochs = 40
batch_size = 32
[study]
weight_decay = [0.0, 0.01, 1.0]
seeds = 4
folds = 5
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "study.toml"


def line(file, content=SMALLEST, sets=()):
    """What is said of the file, without its name."""
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        load(file, sets)
    assert len(str(caught.value)) < 700
    return line_of(caught.value, str(file))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("recipe.lrr=1", "recipe.lrr: there is no such key; did you mean recipe.lr?"),
        ("recipe.Epoch=1", "recipe.Epoch: there is no such key; did you mean recipe.epochs?"),
        ("recipe.seeds=1", "recipe.seeds: there is no such key; did you mean study.seeds?"),
        ("study.lambda=1", "study.lambda: there is no such key; known are weight_decay, seeds"),
        ("reciep.lr=1", "reciep: there is no such key; did you mean recipe?"),
        (
            "recipe.stopping.patient=1",
            "recipe.stopping.patient: there is no such key; did you mean recipe.stopping.patience?",
        ),
        ("recipe.lr=fast", f'recipe.lr: it takes {RATES}, not "fast"'),
        ("recipe.lr='1'", f'recipe.lr: it takes {RATES}, not "1"'),
        ("recipe.lr=inf", f"recipe.lr: it takes {RATES}, not inf"),
        ("recipe.lr=[]", f"recipe.lr: it takes {RATES}, not a list of 0"),
        ("recipe.lr=[0.1, 0]", f"recipe.lr: it takes {RATES}, and item 2 is 0"),
        ("recipe.lr=[0.1, 0.1]", f"recipe.lr: it takes {RATES}, and 0.1 stands there twice"),
        ("recipe.clip_grad_norm=0", "recipe.clip_grad_norm: it takes a finite number above 0"),
        ("recipe.lr=2024-01-01", f"recipe.lr: it takes {RATES}, not 2024-01-01"),
        ("recipe.epochs=1.0", "recipe.epochs: it takes a whole number of 1 or more, not 1.0"),
        ("recipe.shuffle=1", "recipe.shuffle: it takes true or false, not 1"),
        ("recipe.lr.x=1", f"recipe.lr: it takes {RATES}, not a table"),
        (
            "study.weight_decay=[0, 1, -1]",
            'study.weight_decay: it takes "auto" or a list of finite numbers of 0 or more, none '
            "twice, and item 3 is -1",
        ),
        (
            "study.weight_decay=0.1",
            'study.weight_decay: it takes "auto" or a list of finite numbers of 0 or more, none '
            "twice, not 0.1",
        ),
        (
            "study.weight_decay=[0.1, 0.1]",
            'study.weight_decay: it takes "auto" or a list of finite numbers of 0 or more, none '
            "twice, and 0.1 stands there twice",
        ),
        ("study.weight_decay=[0]", "study.weight_decay: it holds 0 alone, which is always in"),
        ("study.seeds=[3, 1, 3]", "study.seeds: it takes a number of seeds from 1 to 100000, or a"),
        ("study.seeds=[3, 1, 3]", "none twice, and 3 stands there twice"),
        ("decay.kind=l3", f'decay.kind: it takes {KINDS}, not "l3"'),
        ("decay.kind=[]", f"decay.kind: it takes {KINDS}, not a list of 0"),
        ("decay.kind=['l2', 'l3']", f'decay.kind: it takes {KINDS}, and item 2 is "l3"'),
        ("decay.kind=['l2', 'l2']", f"decay.kind: it takes {KINDS}, and 'l2' stands there twice"),
        (
            "study.metric=3",
            'study.metric: it takes the name of a scorer of scikit-learn, as in "r2"',
        ),
        ("study.metric=acuracy", "scikit-learn has no scorer acuracy; near it are accuracy"),
        ("study.metric=xyzxyz", '"module:function", and scikit-learn has no scorer xyzxyz'),
        ("study.rule=2se", 'study.rule: it takes "min" or "1se", not "2se"'),
        ("data.source=a.csv", "data.target: it is missing; data.source is a file"),
        ("data.drop=['target']", "data.drop: it names the target"),
        ("data.group=target", "data.group: it names the target"),
        ("data.sample_weight=target", "data.sample_weight: it names the target"),
        ("data.loss=mse", "data.loss: a table's follows from data.task; leave it out"),
        ("model.factory=nets:make", "model.factory: it makes the network, and so would hidden"),
        ("model.factory=nets", 'model.factory: it takes "module:function", as in "nets:make"'),
        ("decay.factory=mine", 'decay.factory: it takes "module:function", as in "nets:make"'),
        ("recipe.scheduler=cosine", 'recipe.scheduler: it takes "module:function"'),
        ("recipe.schedule=batch", 'recipe.schedule: it takes "epoch" or "step", not "batch"'),
        ("recipe.schedule=epoch", "recipe.schedule: it says when recipe.scheduler takes its step"),
        ("recipe.options.lr=1", "recipe.options.lr: its place is recipe.lr"),
        (
            "recipe.options.weight_decay=1",
            "recipe.options.weight_decay: its place is study.weight_",
        ),
        ("recipe.options.beta=1", "recipe.options.beta: adam has no such option; did you mean bet"),
        ("recipe.options.foreach=true", "recipe.options.foreach: adam has no such option"),
        ("recipe.options.betas=[2, 2]", "recipe.options: adam does not take them: Invalid beta"),
        ("recipe.options.betas=[0.9]", "recipe.options: adam does not take them: "),
        ("recipe.options.eps=tiny", "recipe.options.eps: it takes true, false, a finite number"),
    ],
)
def test_a_mistake_is_named_with_the_way_out(file, wrong, said) -> None:
    assert said in line(file, sets=[wrong])


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ('source = "diabetes"', 'data.source: it is missing; write source = "diabetes"'),
        ("hidden = [16]", "model.hidden: it is missing; write hidden = [16], or factory"),
        ("epochs = 40", "recipe.epochs: it is missing; write epochs = 40"),
        (
            "weight_decay = [0.0, 0.01, 1.0]",
            "study.weight_decay: it is missing; write weight_decay = [0.0, 0.01, 1.0]",
        ),
        ("[model]\nhidden = [16]", "model: it is missing; write [model]"),
    ],
)
def test_what_is_missing_is_shown(file, left_out, said) -> None:
    assert line(file, SMALLEST.replace(left_out, "")) == said


def test_learning_rates_and_kinds_are_not_both_listed(file) -> None:
    said = line(file, sets=["decay.kind=['l2', 'l1']", "recipe.lr=[0.1, 0.01]"])
    assert said.startswith("decay.kind: it is a list, and so is recipe.lr; kinds are compared at")


@pytest.mark.parametrize("key", ["target", "group", "sample_weight"])
def test_a_key_of_a_table_is_too_much_for_a_function(file, key) -> None:
    said = line(file, sets=["data.source=rows:make", f"data.{key}=y"])
    assert said.startswith(f"data.{key}: it is for tables")


def test_an_activation_is_too_much_for_a_factory(file) -> None:
    content = SMALLEST.replace("hidden = [16]", 'factory = "nets:make"\nactivation = "relu"')
    assert line(file, content).startswith("model.activation: it goes with hidden")


@pytest.mark.parametrize("kind", ["'l2'", "['l2', 'adamw']"])
def test_a_kind_is_too_much_for_a_factory_of_decays(file, kind) -> None:
    said = line(file, sets=["decay.factory=decays:mine", f"decay.kind={kind}"])
    assert said == "decay.factory: it makes the decay, and so would kind; leave one out"


def test_an_unknown_key_goes_before_the_missing_one_that_it_was_meant_for(file) -> None:
    said = line(file, SMALLEST.replace("epochs", "epoch"))
    assert said == "recipe.epoch: there is no such key; did you mean recipe.epochs?"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("[data]\nsource = \n", "line 2, column 10: "),
        ("[data]\nsource == 1\n", "line 2, column 9: "),
        ("[data]\n[data]\n", "line 2, column 6: "),
        ("a = 1\na = 2\n", "line 2, column 6: "),
        ('\na = "never closed', "line 2, column 18: "),
        ("\n\na", "line 3, column 2: "),
    ],
)
def test_bad_toml_is_named_with_line_and_column(file, content, where) -> None:
    said = line(file, content)
    assert re.match(r"line \d+, column \d+: not TOML: ", said)
    assert said.startswith(where)


def test_a_byte_order_mark_and_windows_lines_are_no_mistakes(file) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + SMALLEST.replace("\n", "\r\n").encode())
    assert load(file).study.seeds == 4


def test_text_in_another_encoding_is_named_with_its_line(file) -> None:
    content = SMALLEST.encode() + "# é\n".encode("latin-1")
    assert line(file, content).startswith("line 12: it is not text in UTF-8")


def test_a_file_that_is_not_there_and_one_that_is_none(tmp_path) -> None:
    for place, said in (
        (tmp_path / "study.toml", "there is no such file"),
        (tmp_path, "it is a folder"),
        ("study\x00.toml", "it cannot be read"),
    ):
        with pytest.raises(InputError) as caught:
            load(place)
        assert line_of(caught.value, shown(place, 200)).startswith(said)


def test_a_large_file_is_not_read(file) -> None:
    assert line(file, SMALLEST + "#" * 1_000_000).startswith("it is larger than 1 MB")


@pytest.mark.parametrize(
    "content",
    [
        "a = " + "[" * 100_000,
        "a = " + "{b=" * 50_000,
        "a" + ".a" * 400_000 + " = 1",
        "[a" + ' . "a"' * 100_000 + "]",
        "x = {a" + ".a" * 100_000 + " = 1}",
        "a = " + "1" * 900_000,
        "a = 0x" + "f" * 900_000,
        "a" * 1_000_000,
        "'" * 1_000_000,
        "a = '" + "." * 900_000,
        "a\x00 = 1",
        "[recipe]\nlr = " + "9" * 400,
        '[recipe]\nlr = "' + "\\u001b[31m" * 1000 + '"',
        '["\\n\\u202e\\u001b"]',
        "\n".join(f"k{k} = 1" for k in range(50_000)),
    ],
    ids=lambda content: content[:12].encode("unicode_escape").decode(),
)
def test_a_hostile_file_is_refused_at_once(file, content) -> None:
    began = time.monotonic()
    line(file, content)
    assert time.monotonic() - began < 20  # tomllib alone takes minutes for some of them


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("", "--set : it takes KEY=VALUE"),
        ("recipe.lr", "--set recipe.lr: it takes KEY=VALUE"),
        ("=1", "--set =1: it takes KEY=VALUE"),
        ("recipe..lr=1", "--set recipe..lr=1: it takes KEY=VALUE"),
        ("data.source.x.y=1", "data.source.x.y: there is no such key"),
        ("data.source.x=1", "data.source.x: source has a value, and no keys below it"),
        ("a.a.a" + ".a" * 100_000 + "=1", "there is no such key"),
        ("\udcff=1", "\\udcff: there is no such key"),
        ("data.target=\udcff", "data.target: it takes the name of a column"),
        ("recipe.lr=" + "[" * 100_000, "recipe.lr: it takes a finite number above 0"),
        ("recipe.lr=" + "1" * 100_000, "recipe.lr: it takes a finite number above 0"),
        ("recipe.lr=1\nshuffle=2", "recipe.lr: it takes a finite number above 0"),
        ("recipe.lr=1\n[study]", "recipe.lr: it takes a finite number above 0"),
    ],
)
def test_a_bad_set_is_one_line(file, said, named) -> None:
    assert named in line(file, sets=[said])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            "recipe.lr=fast",
            '不能是 "fast"；应为：大于 0 的有限数，或由这样的值组成的列表，互不重复',
        ),
        ("recipe.lr=[0.1, 0]", "第 2 项不能是 0；应为：大于 0 的有限数，或由这样的值组成的列表"),
        ("recipe.lr=[]", "不能是 0 项的列表；应为："),
        ("recipe.lr=[0.1, 0.1]", "0.1 出现了两次；应为：大于 0 的有限数"),
        ("recipe.lrr=1", "没有这个键；是不是 recipe.lr？"),
        ("study.rule=2se", '不能是 "2se"；应为："min" 或 "1se"'),
    ],
)
def test_in_chinese_a_sentence_is_not_put_together_in_the_order_of_english(
    file, wrong, said
) -> None:
    file.write_text(SMALLEST)
    with pytest.raises(InputError) as caught:
        load(file, [wrong])
    key = wrong.partition("=")[0]
    assert told(caught.value, Words("zh")).startswith(f"{file}：{key}：{said}")


def test_every_phrase_is_in_the_catalogue_and_nothing_else_is() -> None:
    code = "".join(p.read_text("utf-8") for p in Path(studies.__file__).parent.glob("*.py"))
    used = {*re.findall(r'"(study\.\w+\.\w+)"', code)}
    used |= {f"study.takes.{key}" for key in re.findall(r'_takes\(\s*"(\w+)"', code)}
    assert used == {key for key in catalogue("en") if key.startswith("study.")}


def test_sets_take_the_place_of_what_the_file_says(file) -> None:
    file.write_text(SMALLEST)
    study = load(
        file,
        ["recipe.lr=0.01", "decay.kind=adamw", "recipe.stopping.patience=3", "recipe.lr = 1e-2"],
    )
    assert study.recipe.lr == 0.01
    assert study.decay.kind == "adamw"
    assert study.recipe.stopping is not None
    assert study.recipe.stopping.patience == 3
    assert load(file, ["data.target= a = b "]).data.target == "a = b"
    assert load(file, ["data.target='1'"]).data.target == "1"
