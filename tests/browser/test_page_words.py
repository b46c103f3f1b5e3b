"""Every word that the page asks for is in both languages, and none stands there for nothing."""

import re

from weightdecay.language import catalogue
from weightdecay.report.page._html import SCRIPTS, STATIC, STYLES

SCRIPT = "\n".join(STATIC.joinpath(f"js/{name}.js").read_text("utf-8") for name in SCRIPTS)
WORDS = {
    language: {
        key.removeprefix("page."): text
        for key, text in catalogue(language).items()
        if key.startswith("page.")
    }
    for language in ("en", "zh")
}


def test_both_languages_have_the_same_words_with_the_same_gaps():
    def gaps(words):
        return {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in words.items()}

    assert gaps(WORDS["en"]) == gaps(WORDS["zh"])


def test_what_the_script_asks_for_is_there():
    asked = set(re.findall(r'say\(\s*"([a-z_.]+)"', SCRIPT))
    assert asked
    assert asked <= set(WORDS["en"])


def test_what_is_there_is_asked_for():
    families = set(re.findall(r"say\(\s*`([a-z_]+)\.\$\{", SCRIPT))
    quoted = set(re.findall(r'"([a-z_.]+)"', SCRIPT))
    for key in WORDS["en"]:
        assert key in quoted or key.split(".")[0] in families or key == "needs_script", key


def test_every_file_is_joined():
    for kind, names in (("js", SCRIPTS), ("css", (*STYLES, "document"))):
        folder = STATIC.joinpath(kind)
        files = {
            str(file.relative_to(folder).with_suffix("").as_posix())
            for file in folder.rglob(f"*.{kind}")
        }
        assert files == set(names)


def test_no_script_could_end_itself():
    assert "</script" not in SCRIPT
    assert "<!--" not in SCRIPT
    assert "innerHTML" not in SCRIPT
