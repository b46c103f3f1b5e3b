"""The catalogues of words, one a language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from weightdecay.errors import InputError

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Words:
    """The catalogue of one language, ``en.toml`` or ``zh.toml``; both have the same keys.

    Examples
    --------
    >>> Words("en")("verdict.label.helps")
    'helps'
    """

    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            there = ", ".join(map(repr, LANGUAGES))
            raise InputError(f"language: {self.language!r} is none of {there}")

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words under `key`, with ``{name}`` replaced as by :meth:`str.format`."""
        words = catalogue(self.language)[key]
        return words.format(**values) if values else words


@cache
def catalogue(language: str) -> dict[str, str]:
    """All words of a language, by dotted key."""
    text = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(table: dict, prefix: str):  # type: ignore[no-untyped-def, type-arg]
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
