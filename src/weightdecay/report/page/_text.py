"""Texts in both languages, and numbers as they stand in them."""

from collections.abc import Callable
from math import isfinite
from typing import Any

from weightdecay.language import Words
from weightdecay.report._minus import Number
from weightdecay.report.page._data import Text


def text(key: str, **values: Any) -> Text:
    """Return the words under `key` in both languages.

    Parameters
    ----------
    key : str
    **values
        What is put in. A :class:`Text` is put in in its own language.
    """
    return both(lambda words: words(key, **{name: _in(v, words) for name, v in values.items()}))


def over_networks(key: str = "over_networks", *, seeds: int, folds: int, **values: Any) -> Text:
    """Return words of the report about the networks of a study: with one fold, it is not named."""
    single = "_one_fold" if folds == 1 else ""
    return text(f"report.{key}{single}", seeds=seeds, folds=folds, count=seeds * folds, **values)


def both(say: Callable[[Words], str]) -> Text:
    """Return what `say` says in English and in Chinese."""
    return Text(en=say(Words("en")), zh=say(Words("zh")))


def same(said: object) -> Text:
    """Return what is the same in both languages: a number, a name of the user's."""
    return Text(en=str(said), zh=str(said))


def number(value: float | None, digits: int = 4) -> str:
    """Return `digits` digits that count; a dash for a number that does not exist."""
    if value is None or not isfinite(value):
        return "–"
    return f"{Number(value):.{digits}g}"


def percent(value: float | None) -> str:
    """Return a share with its sign, as a change is told; a dash for one that does not exist."""
    if value is None or not isfinite(value):
        return "–"
    return f"{value:+.1%}".replace("-", "−").replace("%", "\u00a0%")


def _in(value: Any, words: Words) -> Any:
    if isinstance(value, Text):
        return getattr(value, words.language)
    return Number(value) if isinstance(value, float) else value
