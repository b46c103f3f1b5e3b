"""Looking words up."""

import pytest

from weightdecay.language import Words


def test_in_the_language_asked_for():
    assert Words("en")("verdict.label.helps") == "helps"
    assert Words("zh")("verdict.label.helps") == "有用"


def test_values_take_their_places():
    assert Words("en")("error.seed", value=-3) == "--seed: -3 is negative"
    assert Words("zh")("error.seed", value=-3) == "--seed：-3 是负数"


def test_values_are_shown_as_the_words_ask():
    shown = Words("en")("article.figure.meant_with", **{"lambda": 0.0123456, "count": 7})
    assert "λ = 0.012 " in shown
    assert Words("en")("error.lang", value="fr").startswith("--lang: 'fr'")


def test_values_with_braces_are_not_looked_into():
    assert Words("en")("error.prefix", message="{value}") == "weightdecay: error: {value}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_missing_value_is_an_error_not_a_gap(language):
    with pytest.raises(KeyError, match="value"):
        Words(language)("error.seed", message="x")


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError, match="no such words"):
        Words("en")("no such words")


def test_the_same_language_is_the_same_words():
    assert Words("zh") == Words("zh")
    assert Words("zh") != Words("en")
