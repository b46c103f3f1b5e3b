"""``weightdecay convert`` as a user meets it."""

import json
import subprocess
import sys

import pytest

from weightdecay.apply._conventions import CONVENTIONS
from weightdecay.cli import main

ERROR = {"en": "weightdecay: error:", "zh": "weightdecay：错误："}


@pytest.fixture
def command(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["convert", *arguments])
        shown = capsys.readouterr()
        return ended.value.code, shown.out, shown.err

    return run


def test_says_the_result_and_what_both_are(command):
    status, out, err = command("0.01", "--from", "keras", "--to", "torch")
    first, *rest = out.splitlines()
    assert (status, err) == (0, "")
    assert first == "0.01 of keras is 0.02 of torch"
    assert [line.split(":")[0].strip() for line in rest] == ["keras", "torch"]


def test_json_is_one_object_with_what_was_used(command):
    known = ("--rows", "50000", "--batch-size", "500", "--lr", "1e-3")
    _, out, err = command("20", "--from", "ema-epochs", "--to", "adamw", *known, "--json")
    assert err == ""
    assert json.loads(out) == {
        "value": 20.0,
        "from": "ema-epochs",
        "to": "adamw",
        "result": 0.5,
        "given": {"rows": 50000, "batch_size": 500, "lr": 0.001},
    }


def test_a_number_that_does_not_exist_is_null(command):
    _, out, _ = command("0", "--from", "torch", "--to", "logistic", "--rows", "9", "--json")
    assert json.loads(out)["result"] is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lists_the_conventions(command, language):
    _, out, _ = command("--list", "--lang", language)
    _, help_text, _ = command("--help", "--lang", language)
    names = [line.split()[0] for line in out.splitlines() if line[:1].isalpha()]
    assert set(CONVENTIONS) <= set(names)
    assert all(name in " ".join(help_text.split()) for name in CONVENTIONS)
    assert ("权重" in out) == (language == "zh")
    _, out, _ = command("--list", "--json", "--lang", language)
    listed = json.loads(out)["conventions"]
    assert [one["name"] for one in listed] == list(CONVENTIONS)
    assert all(one["means"] and one["source"] and one["weight_decay"] for one in listed)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "VALUE"),
        (["1"], "--from"),
        (["1", "--from", "torch"], "--to"),
        (["much", "--from", "torch", "--to", "keras"], "'much'"),
        (["nan", "--from", "torch", "--to", "keras"], "VALUE"),
        (["1", "--from", "tensorflow", "--to", "keras"], "--from"),
        (["1", "--from", "torch", "--to", "ridges"], "'ridge'"),
        (["1", "--from", "torch", "--to", "ridge"], "--rows"),
        (["1", "--from", "torch", "--to", "mlp"], "--batch-size"),
        (["1", "--from", "torch", "--to", "ridge", "--rows", "0"], "--rows"),
        (["1", "--from", "torch", "--to", "ridge", "--rows", "many"], "'many'"),
        (["1", "--from", "torch", "--to", "elastic-net"], "--l1-ratio"),
        (["1", "--from", "l1", "--to", "torch"], "--to"),
        (["1", "--from", "d2l", "--to", "adamw"], "--optimizer sgd"),
        (["1", "--from", "d2l", "--to", "adamw", "--optimizer", "adam"], "'adam'"),
        (["1", "--list"], "'1'"),
        (["1", "2", "--list"], "2"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_input_gets_one_line_and_status_2(command, arguments, named, language):
    status, out, err = command(*arguments, "--lang", language)
    (line,) = err.splitlines()
    assert (status, out) == (2, "")
    assert line.startswith(ERROR[language])
    assert named in line


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--list"], ["1", "--from", "keras", "--to", "d2l"]]
)
def test_needs_no_torch(arguments):
    program = (
        "import sys\nfrom weightdecay.cli import main\n"
        f"try: main(['convert', *{arguments}])\nexcept SystemExit as e: assert not e.code\n"
        "assert not {'torch', 'numba', 'numpy', 'matplotlib'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
