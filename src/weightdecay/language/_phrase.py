"""Words whose language is chosen where they are shown, not where they are found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weightdecay.language._words import Words


@dataclass(frozen=True)
class Phrase:
    """A key of the catalogue and what goes into its words; as a string it is English.

    An error may hold one as its message. A notebook shows it in English, as it shows every error;
    the command line tells it in the language asked for.

    Attributes
    ----------
    key : str
    values : mapping of str to object
        What the words have in braces; phrases, and errors that hold one, are told in their turn.

    Examples
    --------
    >>> error = ValueError(phrase("verdict.label.helps"))
    >>> print(error)
    helps
    >>> told(error, Words("zh"))
    '有用'
    """

    key: str
    # A mapping has no hash; a phrase has one, so that a type may carry it as an annotation.
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return told(self, Words("en"))


def phrase(key: str, /, **values: object) -> Phrase:
    return Phrase(key, values)


def told(said: Any, words: Words) -> str:
    """Return `said` in the language of `words`: a phrase, an error, or what has one language."""
    if isinstance(said, Phrase):
        return words(
            said.key, **{name: _inside(value, words) for name, value in said.values.items()}
        )
    if isinstance(said, BaseException) and said.args and isinstance(said.args[0], Phrase):
        return told(said.args[0], words)
    return str(said)


def _inside(value: object, words: Words) -> object:
    """Return a value as it is, so that words can format it, unless it has words of its own."""
    return told(value, words) if isinstance(value, Phrase | BaseException) else value
