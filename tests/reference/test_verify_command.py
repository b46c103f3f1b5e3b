"""``weightdecay verify`` as a user meets it."""

import json
import subprocess
import sys

import pytest

from weightdecay import reference
from weightdecay.cli import main
from weightdecay.language import LANGUAGES, Words, catalogue
from weightdecay.reference import REFERENCES, Check, Outcome


@pytest.fixture
def command(capsys):
    """Run a command; return its exit status and what it printed on stdout and stderr."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def known(monkeypatch):
    """Three references that take no time; the second fails."""

    def outcome(name, figure):
        return Outcome(name, (Check("norm_with", figure, 0.035, 0.044),))

    made = {
        "ridge": lambda: Outcome("ridge", (Check("wide", 1e-9, 0.0, 1e-6),)),
        "d2l": lambda: outcome("d2l", 3.0),
        "risk": lambda: Outcome("risk", (Check("peak", 100, 100, 100),)),
    }
    monkeypatch.setattr(reference, "REFERENCES", made)
    monkeypatch.setattr("weightdecay.reference._verify.REFERENCES", made)


def test_real_references_pass_with_status_0(command):
    status, out, err = command("verify", "ridge", "nuclear", "--lang", "en")
    assert (status, err) == (0, "")
    assert "ridge: passed" in out
    assert "nuclear: passed" in out
    assert "at most 1e-06" in out
    assert "All 2 passed." in out


@pytest.mark.usefixtures("known")
def test_one_failure_is_status_1_and_is_named(command):
    status, out, _ = command("verify", "--lang", "en")
    assert status == 1
    assert "d2l: FAILED" in out
    assert "0.035 to 0.044" in out
    assert "exactly 100" in out
    assert "1 of 3 failed: d2l" in out


@pytest.mark.usefixtures("known")
def test_those_named_are_run_once_each(command):
    status, out, _ = command("verify", "risk", "ridge", "risk", "--json")
    assert status == 0
    assert [r["name"] for r in json.loads(out)["references"]] == ["risk", "ridge"]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("language", LANGUAGES)
def test_json_is_one_object_and_nothing_else(command, language):
    status, out, err = command("verify", "--json", "--lang", language)
    assert (status, err) == (1, "")
    summary = json.loads(out)
    assert summary["passed"] is False
    for said in summary["references"]:
        assert said["claim"] == Words(language)(f"reference.{said['name']}.claim")
        assert said["source"]
        assert said["seconds"] >= 0
    (check,) = summary["references"][1]["checks"]
    assert check == {
        "name": "norm_with",
        "measure": Words(language)("reference.d2l.norm_with"),
        "figure": 3.0,
        "low": 0.035,
        "high": 0.044,
        "passed": False,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_name_is_status_2_and_one_line_with_the_names(command, language):
    status, out, err = command("verify", "ridge", "rigde", "--lang", language)
    assert (status, out) == (2, "")
    (line,) = err.splitlines()
    assert "'rigde'" in line
    assert all(name in line for name in REFERENCES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_every_reference(command, language):
    status, out, _ = command("verify", "--help", "--lang", language)
    assert status == 0
    assert "--json" in out
    assert all(name in catalogue(language)["cli.verify"] for name in REFERENCES)


def test_help_answers_without_torch():
    program = (
        "import sys\nfrom weightdecay.cli import main\n"
        "try: main(['verify', '--help'])\nexcept SystemExit as e: assert not e.code\n"
        "assert not {'torch', 'numba', 'numpy', 'sklearn'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REFERENCES)
def test_claim_and_source_are_said(name, language):
    words = catalogue(language)
    assert {f"reference.{name}.claim", f"reference.{name}.source"} <= set(words)


def test_the_book_s_claim_comes_with_what_its_decay_erased():
    assert "random initialisation" in catalogue("en")["reference.d2l.claim"]
    assert "zero does as well without any decay" in catalogue("en")["reference.d2l.claim"]
    assert "随机初始值" in catalogue("zh")["reference.d2l.claim"]
