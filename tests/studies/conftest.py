"""What is said of a study is said in both languages."""

import re
from string import Formatter

from weightdecay import InputError
from weightdecay.language import Words, catalogue, told

ROOMS = ("study.", "table.error.")


def literals(language):
    """The stretches of text between the placeholders of what can be said of a study."""
    for key, text in catalogue(language).items():
        if key.startswith(ROOMS):
            yield from (literal.strip(" ,;:()\"'") for literal, *_ in Formatter().parse(text))


#: Two words in a row, and no code that both languages show.
ENGLISH = re.compile(
    "|".join(
        re.escape(literal)
        for literal in sorted(set(literals("en")))
        if re.search(r"[a-z]{2} [a-z]", literal)
        and not any(literal in chinese for chinese in literals("zh"))
    )
)


def line_of(error: InputError, place: str = "") -> str:
    """Return the one line of `error` in English, without `place`; in Chinese it is one as well."""
    english, chinese = str(error), told(error, Words("zh"))
    assert english.isprintable()
    assert english.startswith(f"{place}: " if place else "")
    english = english.removeprefix(f"{place}: ")
    assert chinese.isprintable()
    assert chinese.startswith(f"{place}：" if place else "")
    chinese = chinese.removeprefix(f"{place}：")
    assert re.search(r"[\u4e00-\u9fff]", chinese), chinese
    assert not ENGLISH.search(chinese), chinese
    if key := re.match(r"[\w.]+(?=: )", english):
        assert chinese.startswith(f"{key[0]}："), chinese
    return english
