"""An option whose value may be left out, which the parser itself does not know."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

#: "auto" or HOST:PORT, which no study file is called.
ADDRESS = re.compile(r"auto|[^\s/]+:\d+")


def with_optional_value(kind: type[Any], option: str, value: re.Pattern[str]) -> type[Any]:
    """`kind` of command whose `option` takes the word after it only if it looks like a `value`.

    Without one its value is empty; so the option may stand anywhere.
    """

    class Command(kind):  # type: ignore[misc]
        def parse_args(self, context: Any, args: list[str]) -> Any:
            return super().parse_args(context, list(_joined(args, option, value)))

    return Command


def _joined(args: Sequence[str], option: str, value: re.Pattern[str]) -> Iterator[str]:
    """The words of a command line, the option and its value being one of them."""
    words = iter(args)
    for word in words:
        if word == "--":
            yield word
            yield from words
        elif word != option:
            yield word
        elif (following := next(words, None)) is None:
            yield f"{option}="
        elif value.fullmatch(following):
            yield f"{option}={following}"
        else:
            yield f"{option}="
            yield from _joined([following, *words], option, value)
