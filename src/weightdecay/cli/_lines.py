"""Lines of Chinese break between characters, where rich breaks them at spaces alone.

What rich takes for one word, a sentence of Chinese, is cut to the width of a column, or folded
in the midst of a name.
"""

import re

import rich._wrap

#: Characters after which, and before which, a line may break.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
#: None of these ends a line, none of those begins one.
_OPENING = "（《「『“‘"
_CLOSING = "，。；：、？！）》」』”’…"

#: What English has none of.
_CHINESE = _HAN + "，。；：、？！（）《》「」『』"

WORD = re.compile(
    rf"\s*(?:[^\s{_CHINESE}]+(?=\s|$)"
    rf"|[{_OPENING}]*(?:[{_HAN}]|[^\s{_HAN}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*"
    rf"|[{_OPENING}{_CLOSING}]+)\s*"
)


def break_between_characters() -> None:
    """Let rich break so, in this process; lines without Chinese stay what they are."""
    rich._wrap.re_word = WORD
