"""Every word that is shown to people, in English and in Chinese."""

from weightdecay.language._listed import listed
from weightdecay.language._phrase import Phrase, phrase, told
from weightdecay.language._preferred import preferred
from weightdecay.language._shown import first_line, shown
from weightdecay.language._words import LANGUAGES, Words, catalogue

__all__ = [
    "LANGUAGES",
    "Phrase",
    "Words",
    "catalogue",
    "first_line",
    "listed",
    "phrase",
    "preferred",
    "shown",
    "told",
]
