"""An effect that is certain, and smaller than anybody would care about, is told as such."""

import pytest

from weightdecay.language import LANGUAGES, Words
from weightdecay.report._path_page import _verdict
from weightdecay.report.page._text import text
from weightdecay.report.tables._fit_text import judgement
from weightdecay.select import Interval
from weightdecay.select._verdict import verdict_from

#: Of an error of 1, with a margin of 0.05: low and high, and whether that is slight.
INTERVALS = [
    (-0.04, -0.01, True),
    (0.01, 0.05, True),
    (-0.06, -0.01, False),
    (0.01, 0.06, False),
    (-0.02, 0.02, False),  # told already: no difference that matters
    (-0.1, 0.1, False),
]


def said(low: float, high: float):
    effect = Interval((low + high) / 2, low, high)
    about = {"baseline": 1.0, "relative_margin": 0.05, "needed": lambda size: None, "pairs": 9}
    return verdict_from(effect, **about, unit="row")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("low", "high", "slight"), INTERVALS)
def test_in_the_words_of_a_fit(low, high, slight, language):
    verdict = said(low, high)
    plain = {
        "label": verdict.label,
        "effect": verdict.effect.estimate,
        "interval": [low, high],
        "error_of_first": 1.0,
        "margin": verdict.margin,
        "unit": "row",
        "pairs": 9,
        "seeds": None,
        "failed": 0,
    }
    words = Words(language)
    sentence = judgement(plain, "", {"metric": "mse"}, words)
    tail = words("fit.slight", sentence="", margin="5\u00a0%")
    assert sentence.endswith(tail) == slight


@pytest.mark.parametrize(("low", "high", "slight"), INTERVALS)
def test_beside_the_verdict_of_a_path(low, high, slight):
    notes = _verdict(said(low, high), text("report.path.title"), 3).notes
    assert (text("report.path.slight", margin=0.05) in notes) == slight
