"""Without an interval the page says so, and shows no number that does not exist."""

import pytest

from weightdecay.report._path_page import _verdict
from weightdecay.report.page._pairs import over
from weightdecay.report.page._text import text
from weightdecay.select import judge

SIX = over("seed", 6, None)


@pytest.mark.parametrize(
    ("errors", "over", "notes"),
    [
        ([0.25], "told: one initialisation judged,", ()),
        ([0.25, 0.3], "told: 2 initialisations judged,", (text("report.path.needed", pairs=SIX),)),
    ],
    ids=["one", "two that agree"],
)
def test_that_there_is_no_interval_is_told(errors, over, notes):
    said = _verdict(judge(errors, errors, unit="seed"), text("report.path.loss"), 1)
    assert over in said.sentence.en
    assert "nan" not in said.sentence.en + said.sentence.zh
    assert (said.low, said.high) == (None, None)
    assert said.notes == notes
