"""A phrase is told where it is shown; everywhere else it is English."""

import pickle

from weightdecay.errors import InputError
from weightdecay.language import Words, listed, phrase, told

EN, ZH = Words("en"), Words("zh")


def test_is_english_as_a_string():
    assert str(phrase("verdict.label.helps")) == EN("verdict.label.helps")


def test_is_told_in_the_language_asked_for():
    assert told(phrase("error.seeds", value=0), ZH) == ZH("error.seeds", value=0)


def test_values_keep_their_format():
    assert told(phrase("error.lang", value="fr"), EN) == EN("error.lang", value="fr")
    assert "'fr'" in told(phrase("error.lang", value="fr"), EN)


def test_an_error_is_told_in_the_language_asked_for():
    error = InputError(phrase("error.seeds", value=0))
    assert str(error) == EN("error.seeds", value=0)
    assert told(error, ZH) == ZH("error.seeds", value=0)


def test_phrases_and_errors_inside_are_told_too():
    inner = InputError(phrase("error.seeds", value=0))
    said = phrase("error.usage", message=inner)
    assert told(said, ZH) == ZH("error.usage", message=ZH("error.seeds", value=0))
    assert str(said) == EN("error.usage", message=EN("error.seeds", value=0))


def test_text_and_errors_of_others_are_left_alone():
    assert told("plain", ZH) == "plain"
    assert told(KeyError("a"), ZH) == "'a'"


def test_equal_phrases_have_the_same_hash():
    one, other = (phrase("error.seeds", value=0) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != phrase("error.seeds", value=1)


def test_a_value_may_have_any_name():
    said = phrase("study.error.unknown_near", key="recipe.lrr", near="recipe.lr")
    assert str(said) == "recipe.lrr: there is no such key; did you mean recipe.lr?"


def test_braces_in_a_value_are_text():
    assert "{value}" in told(phrase("error.usage", message="{value}"), ZH)


def test_an_error_survives_pickling():
    error = pickle.loads(pickle.dumps(InputError(phrase("error.seeds", value=0))))
    assert told(error, ZH) == ZH("error.seeds", value=0)


def test_several_are_joined_as_the_language_joins_them():
    parts = [phrase(f"runs.part.{name}") for name in ("data", "folds", "seeds")]
    said = listed(parts, "runs.part.and")
    assert told(said, EN) == "data, folds, seeds"
    assert told(said, ZH) == "数据、折、种子"
    assert listed(parts[:1], "runs.part.and") == parts[0]
