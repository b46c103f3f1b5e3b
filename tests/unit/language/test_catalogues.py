"""English and Chinese say the same things."""

import re
from string import Formatter

import pytest

from weightdecay.language import LANGUAGES, Words, catalogue

KEYS = sorted(catalogue("en"))
every_language = pytest.mark.parametrize("language", LANGUAGES)


def placeholders(text):
    """What is put in, and in which form: name, conversion, format."""
    return {
        (name, conversion, form)
        for _, name, form, conversion in Formatter().parse(text)
        if name is not None
    }


def test_both_have_the_same_keys():
    assert sorted(catalogue("zh")) == KEYS


def test_both_have_the_same_placeholders():
    for key in KEYS:
        assert placeholders(catalogue("zh")[key]) == placeholders(catalogue("en")[key]), key


@every_language
def test_says_something(language):
    for key, text in catalogue(language).items():
        assert isinstance(text, str), key
        assert text.strip(), key


@every_language
def test_takes_its_values_and_leaves_no_brace(language):
    for key, text in catalogue(language).items():
        names = {name for name, _, _ in placeholders(text)}
        assert all(name.isidentifier() for name in names), key
        shown = Words(language)(key, **dict.fromkeys(names, 1.5))
        assert not set("{}") & set(shown), key


def test_nothing_is_left_in_the_other_language():
    for key in KEYS:
        english, chinese = catalogue("en")[key], catalogue("zh")[key]
        bare = re.sub(r"\{[^}]*\}|weight_decay|torch", "", english)
        assert not re.search(r"[\u4e00-\u9fff]", english), key
        if re.search(r"[A-Za-z]{2}", bare):
            assert re.search(r"[\u4e00-\u9fff]", chinese), key


@every_language
def test_every_verdict_has_its_word(language):
    words = Words(language)
    said = {words(f"verdict.label.{label}") for label in ("helps", "hurts")}
    said |= {words(f"verdict.label.{label}") for label in ("no_difference", "cannot_tell")}
    assert len(said) == 4
