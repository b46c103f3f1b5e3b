"""``weightdecay convert``."""

from typing import Any

from weightdecay.cli._printing import strict_json, terminal
from weightdecay.cli._speech import flag
from weightdecay.errors import InputError
from weightdecay.language import Words


def convert_value(
    value: str | None,
    from_: str | None,
    to: str | None,
    given: dict[str, Any],
    optimizer: str | None,
    as_json: bool,
    words: Words,
) -> None:
    """Convert one coefficient."""
    from weightdecay.apply._conventions_text import text
    from weightdecay.apply._convert import Refused, convert, needed

    if value is None or from_ is None or to is None:
        asked = {"VALUE": value, "--from": from_, "--to": to}
        missing = next(name for name, text in asked.items() if text is None)
        raise InputError(words("error.missing", name=missing))
    try:
        number = float(value)
    except ValueError:
        raise InputError(words("error.value", name="VALUE", value=value)) from None
    try:
        result = convert(number, from_, to, optimizer=optimizer, **given)
    except Refused as refused:
        places = {"value": "VALUE", "from_": "--from"}
        place = places.get(refused.argument) or flag(refused.argument)
        raise InputError(refused.text(words, place, "--optimizer sgd")) from None
    given = {name: given[name] for name in needed(from_, to) if name in given}
    if as_json:
        called = {"value": number, "from": from_, "to": to, "result": result, "given": given}
        print(strict_json(called))
        return
    for line in text(number, result, from_, to, given, words):
        print(line)


def list_conventions(value: str | None, as_json: bool, words: Words) -> None:
    """List the conventions."""
    from weightdecay.apply._conventions_text import listing, summary

    if value is not None:
        raise InputError(words("error.extra", name=value))
    if as_json:
        print(strict_json(summary(words)))
        return
    console = terminal()
    for part in listing(words):
        console.print(part, markup=False, highlight=False)
