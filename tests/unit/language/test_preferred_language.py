"""Which language a user's locale asks for."""

import locale

import pytest

from weightdecay.language import LANGUAGES, preferred

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def said(monkeypatch):
    """Set what the environment says, and what the system says where it is silent."""

    def say(system=None, **environment):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(locale, "getlocale", lambda *_: (system, None))
        return preferred()

    return say


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("zh_CN.UTF-8", "zh"),
        ("zh_TW", "zh"),
        ("zh", "zh"),
        ("ZH_hk.utf8", "zh"),
        ("en_US.UTF-8", "en"),
        ("de_DE.UTF-8", "en"),
        ("ja_JP.UTF-8", "en"),
        ("C", "en"),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
    ],
)
def test_each_variable_alone(said, variable, value, language):
    assert said(**{variable: value}) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LC_ALL": "en_GB", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "zh_CN", "LC_MESSAGES": "en_GB", "LANG": "en_GB"}, "zh"),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_GB"}, "zh"),
        ({"LC_MESSAGES": "en_GB", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "en_GB"}, "en"),
    ],
)
def test_the_more_particular_variable_goes_first_and_an_empty_one_says_nothing(
    said, environment, language
):
    assert said(**environment) == language


@pytest.mark.parametrize(
    ("system", "language"),
    [("zh_CN", "zh"), ("Chinese (Simplified)_China", "zh"), ("en_US", "en"), (None, "en")],
)
def test_without_variables_the_system_decides(said, system, language):
    assert said(system) == language


def test_variables_go_before_the_system(said):
    assert said("zh_CN", LANG="en_US.UTF-8") == "en"


def test_there_is_a_catalogue_for_it(said):
    assert {said(LANG="zh_CN"), said(LANG="fr_FR")} <= set(LANGUAGES)
