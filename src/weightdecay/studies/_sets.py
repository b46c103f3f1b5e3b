"""``--set recipe.lr=0.01``: a value of the file given anew."""

import tomllib
from collections.abc import Mapping
from typing import Any

from weightdecay.errors import InputError
from weightdecay.language import phrase, shown

#: No key of a study file has more parts: recipe.options.momentum, recipe.stopping.tol.
DEEPEST = 3


def with_set(table: Mapping[str, Any], said: str) -> dict[str, Any]:
    """Return the file's `table` with one value changed or added.

    Parameters
    ----------
    table : mapping
    said : str
        ``KEY=VALUE``: the key with dots, the value as TOML writes it, or, if it is no TOML, as
        text.

    Raises
    ------
    InputError
        If it has not that form, or what the key goes through is no table.
    """
    key, equals, value = said.partition("=")
    names = [name.strip() for name in key.split(".")]
    if not equals or not all(names):
        raise InputError(phrase("study.error.set_form", said=shown(said)))
    # Bytes of a command line that are no text come as surrogates, which are no text either.
    if len(names) > DEEPEST or any("\ud800" <= c <= "\udfff" for c in key):
        raise InputError(phrase("study.error.set_key", key=shown(key)))
    return _changed(table, names, _value(value), key)


def _changed(table: Mapping[str, Any], names: list[str], value: Any, key: str) -> dict[str, Any]:
    first, *rest = names
    if not rest:
        return {**table, first: value}
    inner = table.get(first, {})
    if not isinstance(inner, Mapping):
        raise InputError(phrase("study.error.set_below", key=shown(key), part=shown(first)))
    return {**table, first: _changed(inner, rest, value, key)}


def _value(text: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text.strip()
    # A text with line breaks could hold more than its value.
    return parsed["value"] if list(parsed) == ["value"] else text.strip()
