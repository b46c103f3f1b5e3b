"""The smallest page."""

import pytest

from weightdecay.report.page import Page


def text(said):
    return {"en": said, "zh": said}


@pytest.fixture
def least():
    """A page without any panel."""
    return Page.model_validate(
        {
            "title": text("title"),
            "subtitle": text("subtitle"),
            "setup": [],
            "command": "weightdecay demo",
            "versions": {"python": "3"},
        }
    )
